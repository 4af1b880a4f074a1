import type { Job, MissedPolicy } from "../job/job.ts";
import type { Calendar } from "./calendar.ts";

/** A job that is later than this was missed: the machine slept, the clock was set, or the gateway was not there. */
export const LATE_MS = 60_000;

export interface MissedRules {
  readonly policy: MissedPolicy;
  /** With `all`: so many times at most. */
  readonly max: number;
  /** A job whose last missed time lies longer ago is not run any more. One that runs once always is. */
  readonly maxLateMs: number;
}

export type Lateness =
  | { readonly kind: "on-time"; readonly dueMs: number }
  /** Run for the time `dueMs`; `next` is when it is due again, which may be past as well. */
  | { readonly kind: "catch-up"; readonly dueMs: number; readonly nextMs: number | undefined; readonly missed: string }
  | { readonly kind: "skip"; readonly nextMs: number | undefined; readonly missed: string };

/** What becomes of a job whose time has come, by how late it is and by its own policy (cron.md §3, reliability.md R-45). */
export function latenessOf(job: Job, dueMs: number, now: number, rules: MissedRules, calendar: Calendar): Lateness {
  if (now - dueMs <= LATE_MS) return { kind: "on-time", dueMs };
  const { schedule } = job;
  const policy = job.missed ?? rules.policy;
  const nextMs = calendar.next(schedule, now);
  const missed = `missed ${new Date(dueMs).toISOString()}`;
  if (policy === "skip") return { kind: "skip", nextMs, missed };
  if (schedule.kind === "at") return { kind: "catch-up", dueMs, nextMs: undefined, missed };
  const max = policy === "all" ? (job.missedMax ?? rules.max) : 1;
  // The time that is due counts itself, even where an error had moved it.
  const times = calendar.last(schedule, dueMs - 1, now, max);
  const latest = times.at(-1) ?? dueMs;
  if (now - latest > rules.maxLateMs) return { kind: "skip", nextMs, missed };
  if (policy === "once" || times.length <= 1) return { kind: "catch-up", dueMs: latest, nextMs, missed };
  return { kind: "catch-up", dueMs: times[0] as number, nextMs: times[1], missed };
}
