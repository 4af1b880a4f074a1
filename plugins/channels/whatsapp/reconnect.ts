import { BACKOFF } from "openclaw/plugin-sdk";
import type { BackoffPolicy } from "openclaw/plugin-sdk";

/** `web.reconnect`: how long is waited before the next attempt (channels.md §3.4). */
export interface ReconnectPolicy extends BackoffPolicy {
  /** Attempts in a row before the account is shown as failing; 0 = without end. */
  readonly maxAttempts: number;
}

const DEFAULTS: ReconnectPolicy = { ...BACKOFF, maxAttempts: 12 };

/** What the configuration says, within bounds that do not hammer the network. */
export function reconnectPolicy(written: unknown): ReconnectPolicy {
  const keys = (typeof written === "object" && written !== null ? written : {}) as Readonly<Record<string, unknown>>;
  const value = (key: keyof ReconnectPolicy, least: number, most: number) => {
    const given = keys[key];
    const number = typeof given === "number" && Number.isFinite(given) ? given : DEFAULTS[key];
    return Math.min(most, Math.max(least, number));
  };
  const initialMs = value("initialMs", 250, 3_600_000);
  return {
    initialMs,
    maxMs: Math.max(initialMs, value("maxMs", 250, 3_600_000)),
    factor: value("factor", 1.1, 10),
    jitter: value("jitter", 0, 1),
    maxAttempts: Math.floor(value("maxAttempts", 0, 1_000_000)),
  };
}
