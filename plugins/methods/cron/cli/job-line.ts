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

export const COLUMNS: readonly string[] = ["id", "name", "schedule", "next", "last", "does", "to"];

export function rowOf(job: ListedJob): Record<string, string> {
  const { id, name, enabled, scheduleText, payload, deliverTo, state } = job;
  const next = state.runningAtMs !== undefined ? "running" : timeOf(state.nextRunAtMs);
  return {
    id,
    name: terminalText(name),
    schedule: terminalText(scheduleText),
    next: enabled ? next : "off",
    last: state.lastStatus ?? "-",
    does: payload.kind,
    to: deliverTo === undefined ? "-" : terminalText(deliverTo),
  };
}

export function lineOf({ id, name, enabled, state }: ListedJob): string {
  return `${terminalText(name)} (${id}): ${enabled ? `next ${timeOf(state.nextRunAtMs)}` : "off"}`;
}

export function timeOf(ms: number | undefined): string {
  return ms === undefined ? "-" : new Date(ms).toISOString().replace(".000Z", "Z");
}
