const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MAX_DAYS = 365;

/** Whole days of this machine's calendar, first and last included. */
export interface DayRange {
  /** As `2026-11-20`. */
  readonly first: string;
  readonly last: string;
  readonly days: number;
  /** When the first day began. */
  readonly startMs: number;
}

export interface RangeParams {
  readonly days?: number | string;
  readonly startDate?: string;
  readonly endDate?: string;
}

/** The days asked for, 30 up to today by default. What makes no sense counts as not given, and nobody gets more than a year. */
export function dayRange({ days, startDate, endDate }: RangeParams, now: number): DayRange {
  const last = parsed(endDate) ?? noonOf(now);
  const asked = Math.trunc(Number(days ?? DEFAULT_DAYS));
  const wanted = Number.isFinite(asked) && asked >= 1 ? asked : DEFAULT_DAYS;
  const first = parsed(startDate) ?? last - (wanted - 1) * DAY_MS;
  const length = Math.min(MAX_DAYS, Math.max(1, Math.round((last - first) / DAY_MS) + 1));
  const begin = new Date(last - (length - 1) * DAY_MS);
  begin.setHours(0, 0, 0, 0);
  return { first: dayOf(begin.getTime()), last: dayOf(last), days: length, startMs: begin.getTime() };
}

export function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Noon, because a day may be an hour longer or shorter than others. */
function noonOf(ms: number): number {
  return new Date(ms).setHours(12, 0, 0, 0);
}

function parsed(text: string | undefined): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? "") ?? [];
  if (year === undefined) return undefined;
  const date = new Date(Number(year), Number(month) - 1, Number(day), 12);
  return dayOf(date.getTime()) === text ? date.getTime() : undefined;
}
