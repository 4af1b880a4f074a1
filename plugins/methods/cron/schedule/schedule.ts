/** When a job runs (cron.md §2). */
export type Schedule =
  | { readonly kind: "at"; readonly at: string }
  | { readonly kind: "every"; readonly everyMs: number; readonly anchorMs?: number }
  | { readonly kind: "cron"; readonly expr: string; readonly tz?: string };

/** Shorter intervals become this one. */
export const SHORTEST_MS = 1_000;

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];
const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/i;
const ZONE_PREFIX = /^(?:CRON_)?TZ=(\S+)\s+/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** `20m`, `2h`, `1.5d` in milliseconds; nothing for any other text. */
export function durationMs(text: string): number | undefined {
  const [, count, unit = ""] = DURATION.exec(text.trim()) ?? [];
  if (count === undefined) return undefined;
  const factor = UNITS.find(([name]) => name === unit.toLowerCase())?.[1] ?? 1;
  return Math.round(Number(count) * factor);
}

/** Epoch milliseconds of an ISO 8601 time; without a zone it is UTC. Nothing for a day that no calendar has. */
export function isoMs(text: string): number | undefined {
  const trimmed = text.trim();
  const [, year, month, day, zone] = ISO.exec(trimmed) ?? [];
  if (year === undefined) return undefined;
  // 30 February would quietly become a day of March.
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return undefined;
  const whole = trimmed.length === 10 ? `${trimmed}T00:00:00Z` : `${trimmed.replace(" ", "T")}${zone ? "" : "Z"}`;
  const at = Date.parse(whole);
  return Number.isNaN(at) ? undefined : at;
}

/** The schedule that one line of text stands for: an interval, a time, or a cron expression with its zone before it. */
export function scheduleOf(text: string): Schedule {
  const trimmed = text.trim();
  const everyMs = durationMs(trimmed.replace(/^@?every\s+/i, ""));
  if (everyMs !== undefined) return { kind: "every", everyMs };
  const at = isoMs(trimmed);
  if (at !== undefined) return { kind: "at", at: new Date(at).toISOString() };
  const tz = ZONE_PREFIX.exec(trimmed)?.[1];
  return { kind: "cron", expr: trimmed.replace(ZONE_PREFIX, ""), ...(tz !== undefined && { tz }) };
}

/** The one line that {@link scheduleOf} reads back. */
export function scheduleText(schedule: Schedule): string {
  if (schedule.kind === "at") return schedule.at;
  if (schedule.kind === "cron") return schedule.tz === undefined ? schedule.expr : `TZ=${schedule.tz} ${schedule.expr}`;
  const { everyMs } = schedule;
  const [unit, factor] = UNITS.find(([, size]) => everyMs % size === 0) ?? ["ms", 1];
  return `every ${everyMs / factor}${unit}`;
}
