/** `web.reconnect`: how long is waited before the next attempt (channels.md §3.4). */
export interface ReconnectPolicy {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor: number;
  readonly jitter: number;
  /** Attempts in a row before the account is shown as failing; 0 = without end. */
  readonly maxAttempts: number;
}

const DEFAULTS: ReconnectPolicy = { initialMs: 2_000, maxMs: 30_000, factor: 1.8, jitter: 0.25, maxAttempts: 12 };
/** A connection that lasted so long was a good one: the next failure is a first one. */
export const HEALTHY_MS = 60_000;

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

/** Pause before attempt `attempt`, counted from 1. */
export function reconnectDelayMs(policy: ReconnectPolicy, attempt: number, random = Math.random()): number {
  const grown = policy.initialMs * policy.factor ** Math.min(Math.max(0, attempt - 1), 64);
  return Math.round(Math.min(policy.maxMs, grown * (1 + policy.jitter * random)));
}
