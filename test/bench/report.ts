/** One line of the table: what we need, what the floor needs, their ratio and the goal. */
export interface Figure {
  readonly name: string;
  readonly ours: number;
  readonly floor?: number;
  readonly unit: string;
  /** At most this, as a ratio to the floor or in the unit itself; or at least this, in the unit. */
  readonly goal: { readonly ratio?: number; readonly value?: number; readonly least?: number };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export function print(figures: readonly Figure[]): void {
  const rows = figures.map(({ name, ours, floor, unit, goal }) => {
    const ratio = floor === undefined ? undefined : ours / floor;
    const atMost = goal.ratio === undefined ? ours <= (goal.value ?? Infinity) : (ratio ?? Infinity) <= goal.ratio;
    const met = goal.least === undefined ? atMost : ours >= goal.least;
    const wanted =
      goal.least !== undefined
        ? `>= ${goal.least} ${unit}`
        : goal.ratio === undefined
          ? `${goal.value} ${unit}`
          : `${goal.ratio} x`;
    return [
      name,
      shown(ours),
      floor === undefined ? "" : shown(floor),
      unit,
      ratio === undefined ? "" : ratio.toFixed(2),
      wanted,
      met ? "met" : "MISSED",
    ];
  });
  const header = ["figure", "ours", "floor", "unit", "ratio", "goal", ""];
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [header, ...rows])
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    );
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);
}
