import type { Cron } from "croner";
import { GatewayError } from "openclaw/plugin-sdk";
import { isoMs, SHORTEST_MS } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";

const MAX_PATTERNS = 2_000;
const MAX_EXPRESSION = 200;
const EARLIEST_MS = 60_000;
const LATEST_YEARS = 10;
const YEAR_MS = 365.25 * 86_400_000;

/** Says when a schedule comes next. The library is there only once somebody has loaded it. */
export interface Calendar {
  /** The first time strictly after `afterMs`; nothing when there is none any more. */
  next(schedule: Schedule, afterMs: number): number | undefined;
  /** The last `count` times up to and including `untilMs`, oldest first; only those after `sinceMs`. */
  last(schedule: Schedule, sinceMs: number, untilMs: number, count: number): number[];
  /** Refuses with `INVALID_REQUEST` what can never come, with the field that is wrong. */
  assertPossible(schedule: Schedule, nowMs: number): void;
}

/** Loads croner: only for cron expressions, so that a gateway without one never pays for it. */
export async function loadCalendar(): Promise<Calendar> {
  const croner = await import("croner");
  return createCalendar(croner.Cron);
}

/** Without expressions there is nothing to load. */
export const PLAIN_CALENDAR: Calendar = createCalendar(undefined);

function createCalendar(library: typeof Cron | undefined): Calendar {
  const patterns = new Map<string, Cron>();
  /** Asking the system about one takes longer than all the rest. */
  const zones = new Set<string>();

  function pattern({ expr, tz }: Extract<Schedule, { kind: "cron" }>): Cron {
    if (!library) throw new Error("the calendar of cron expressions is not loaded");
    const key = JSON.stringify([expr, tz]);
    let known = patterns.get(key);
    if (!known) {
      known = new library(expr, { paused: true, ...(tz !== undefined && { timezone: tz }) });
      if (patterns.size >= MAX_PATTERNS) patterns.clear();
      patterns.set(key, known);
    }
    return known;
  }

  const calendar: Calendar = {
    next(schedule, afterMs) {
      if (schedule.kind === "at") {
        const at = isoMs(schedule.at);
        return at !== undefined && at > afterMs ? at : undefined;
      }
      if (schedule.kind === "cron") return pattern(schedule).nextRun(new Date(afterMs))?.getTime();
      const { anchorMs = 0 } = schedule;
      const everyMs = Math.max(SHORTEST_MS, schedule.everyMs);
      return anchorMs > afterMs ? anchorMs : anchorMs + (Math.floor((afterMs - anchorMs) / everyMs) + 1) * everyMs;
    },

    last(schedule, sinceMs, untilMs, count) {
      if (schedule.kind === "cron") {
        // Its own reference is not among what came before it.
        const runs = pattern(schedule).previousRuns(count, new Date(untilMs + 1_000));
        return runs
          .map((date) => date.getTime())
          .filter((at) => at > sinceMs && at <= untilMs)
          .toSorted((a, b) => a - b);
      }
      if (schedule.kind === "at") {
        const at = calendar.next(schedule, sinceMs);
        return at !== undefined && at <= untilMs ? [at] : [];
      }
      const everyMs = Math.max(SHORTEST_MS, schedule.everyMs);
      const after = (calendar.next(schedule, untilMs) as number) - everyMs;
      const times = Array.from({ length: count }, (_, index) => after - index * everyMs);
      return times.filter((at) => at > sinceMs && at >= (schedule.anchorMs ?? 0)).toReversed();
    },

    assertPossible(schedule, nowMs) {
      if (schedule.kind === "at") assertTime(schedule.at, nowMs);
      if (schedule.kind !== "cron") return;
      assertZone(schedule.tz, zones);
      if (schedule.expr.length > MAX_EXPRESSION)
        throw refused("schedule.expr", `is longer than ${MAX_EXPRESSION} characters`);
      let next: number | undefined;
      try {
        next = calendar.next(schedule, nowMs);
      } catch (error) {
        throw refused("schedule.expr", (error as Error).message);
      }
      if (next === undefined) throw refused("schedule.expr", `"${schedule.expr}" never comes`);
    },
  };
  return calendar;
}

function assertTime(text: string, nowMs: number): void {
  const at = isoMs(text);
  if (at === undefined) throw invalid(`Invalid schedule.at: expected ISO-8601 timestamp (got ${text})`, "schedule.at");
  const now = new Date(nowMs).toISOString();
  const iso = new Date(at).toISOString();
  if (at < nowMs - EARLIEST_MS) {
    const minutes = Math.floor((nowMs - at) / 60_000);
    throw invalid(`schedule.at is in the past: ${iso} (${minutes} minutes ago). Current time: ${now}`, "schedule.at");
  }
  const years = (at - nowMs) / YEAR_MS;
  if (years > LATEST_YEARS) {
    const far = `${iso} (${Math.floor(years)} years ahead)`;
    throw invalid(
      `schedule.at is too far in the future: ${far}. Maximum allowed: ${LATEST_YEARS} years`,
      "schedule.at",
    );
  }
}

function assertZone(tz: string | undefined, known: Set<string>): void {
  if (tz === undefined || known.has(tz)) return;
  try {
    new Intl.DateTimeFormat("en", { timeZone: tz }).resolvedOptions();
    if (known.size < MAX_PATTERNS) known.add(tz);
  } catch {
    // It says so in other words, without the field.
    throw refused("schedule.tz", `"${tz}" is no time zone; use a name such as Europe/Berlin`);
  }
}

function refused(path: string, what: string): GatewayError {
  return invalid(`${path}: ${what}`, path);
}

function invalid(message: string, path: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message, { details: { path } });
}
