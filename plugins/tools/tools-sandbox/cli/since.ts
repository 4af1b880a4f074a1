const STEPS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
] as const;

/** How long ago, in one unit. */
export function since(ms: number, now: number): string {
  const step = STEPS.find(([size]) => now - ms >= size);
  return step === undefined ? "just now" : `${Math.floor((now - ms) / step[0])} ${step[1]} ago`;
}
