import { terminalText } from "openclaw/plugin-sdk";

/** A job as `cron.list` tells it, as far as people are shown it. */
export interface ListedJob {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly scheduleText: string;
  readonly sessionTarget: string;
  readonly payload: { readonly kind: string };
  readonly deliverTo?: string;
  readonly agentId?: string;
  readonly state: {
    readonly nextRunAtMs?: number;
    readonly runningAtMs?: number;
    readonly lastStatus?: string;
    readonly lastError?: string;
  };
}

const UUID = /^[\da-f]{8}-[\da-f-]{27}$/;

export const COLUMNS: readonly string[] = ["id", "name", "schedule", "next", "last", "does", "to"];

/** Ids no longer than it takes to tell them apart: every command takes the beginning of one. */
export function rowsOf(jobs: readonly ListedJob[], now: number): Record<string, string>[] {
  const lengths = Array.from({ length: 29 }, (_, more) => 8 + more);
  const enough = lengths.find((length) => new Set(jobs.map(({ id }) => id.slice(0, length))).size === jobs.length);
  return jobs.map((job) => rowOf(job, UUID.test(job.id) ? (enough ?? job.id.length) : job.id.length, now));
}

function rowOf(job: ListedJob, length: number, now: number): Record<string, string> {
  const { id, name, enabled, scheduleText, payload, deliverTo, state } = job;
  const next = state.runningAtMs !== undefined ? "running" : fromNow(state.nextRunAtMs, now);
  return {
    id: id.slice(0, length),
    name: terminalText(name),
    schedule: terminalText(scheduleText).replace(/\.\d+Z$/, "Z"),
    next: enabled ? next : "off",
    last: state.lastStatus ?? "-",
    does: payload.kind,
    to: deliverTo === undefined ? "-" : terminalText(deliverTo),
  };
}

export function lineOf({ id, name, enabled, state }: ListedJob): string {
  return `${terminalText(name)} (${id}): ${enabled ? `next ${timeOf(state.nextRunAtMs)}` : "off"}`;
}

/** `in 20m`, `in 5h 7m`, `in 3d 2h`: the two units that say most. */
function fromNow(ms: number | undefined, now: number): string {
  if (ms === undefined) return "-";
  const seconds = Math.round((ms - now) / 1_000);
  if (seconds <= 0) return "now";
  if (seconds < 60) return `in ${seconds}s`;
  const minutes = Math.round(seconds / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  const [big, small] =
    days > 0 ? [`${days}d`, hours > 0 && `${hours}h`] : [hours > 0 && `${hours}h`, rest > 0 && `${rest}m`];
  return ["in", big, small].filter(Boolean).join(" ");
}

export function timeOf(ms: number | undefined): string {
  return ms === undefined ? "-" : new Date(ms).toISOString().replace(".000Z", "Z");
}
