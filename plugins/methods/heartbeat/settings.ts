import { HEARTBEAT_PROMPT, LONGEST_TIMER_MS } from "openclaw/plugin-sdk";
import type { Settings } from "openclaw/plugin-sdk";
import type { ActiveHours } from "./active-hours.ts";

interface HeartbeatSection {
  readonly every?: string | number;
  readonly prompt?: string;
  readonly target?: string;
  readonly to?: string;
  readonly accountId?: string;
  readonly session?: string;
  readonly model?: string;
  readonly includeReasoning?: boolean;
  readonly ackMaxChars?: number;
  readonly activeHours?: ActiveHours;
}

/** How one agent is to look around from time to time (cron.md §6). */
export interface HeartbeatSettings extends Omit<HeartbeatSection, "every"> {
  readonly every: string;
  /** 0 when it does not. */
  readonly everyMs: number;
  readonly prompt: string;
  readonly target: string;
  readonly ackMaxChars: number;
}

const EVERY = "30m";
const ACK_MAX_CHARS = 300;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SHORTEST_MS = 1_000;

/** The settings of one agent: its own before those of all. */
export function heartbeatOf(agentId: string, isDefault: boolean, settings: Settings): HeartbeatSettings {
  const listed = settings.get<readonly { id: string; heartbeat?: HeartbeatSection }[]>("agents.list") ?? [];
  const own = listed.find(({ id }) => id === agentId)?.heartbeat;
  const isNamed = listed.some(({ heartbeat }) => heartbeat !== undefined);
  const section = { ...settings.get<HeartbeatSection>("agents.defaults.heartbeat"), ...own };
  const beats = isNamed ? own !== undefined : isDefault;
  const { every = EVERY, prompt = HEARTBEAT_PROMPT, target = "last", ackMaxChars = ACK_MAX_CHARS } = section;
  const everyMs = beats ? intervalMs(every) : 0;
  return {
    ...section,
    every: everyMs === 0 ? "0m" : typeof every === "number" ? `${every}m` : every,
    everyMs,
    prompt: prompt.trim() === "" ? HEARTBEAT_PROMPT : prompt,
    target,
    ackMaxChars,
  };
}

/** A number without a unit counts minutes; 0 is never. What cannot be read is the usual interval. */
export function intervalMs(every: string | number): number {
  const [, count, unit = "m"] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?\s*$/i.exec(String(every)) ?? [];
  if (count === undefined) return intervalMs(EVERY);
  const ms = Math.round(Number(count) * (UNITS[unit.toLowerCase()] as number));
  return ms === 0 ? 0 : Math.min(LONGEST_TIMER_MS, Math.max(SHORTEST_MS, ms));
}

/** What of heartbeats is shown on a channel. */
export interface Visibility {
  /** That nothing needs attention. */
  readonly showOk: boolean;
  /** What does. */
  readonly showAlerts: boolean;
  readonly useIndicator: boolean;
}

const VISIBLE: Visibility = { showOk: false, showAlerts: true, useIndicator: true };

export function visibilityOf(channel: string, accountId: string | undefined, settings: Settings): Visibility {
  const at = (path: string) => settings.get<Partial<Visibility>>(path) ?? {};
  return {
    ...VISIBLE,
    ...at("channels.defaults.heartbeat"),
    ...at(`channels.${channel}.heartbeat`),
    ...(accountId !== undefined && at(`channels.${channel}.accounts.${accountId}.heartbeat`)),
  };
}
