import { FAILURE_RULES } from "openclaw/plugin-sdk";
import type { FailureReason, ModelFailure } from "openclaw/plugin-sdk";

/** How a credential has done (state.md §5). Times are milliseconds since 1970. */
export interface UsageStats {
  readonly lastUsed?: number;
  readonly cooldownUntil?: number;
  readonly disabledUntil?: number;
  readonly disabledReason?: string;
  readonly errorCount?: number;
  readonly lastFailureAt?: number;
  /** Why it rests. */
  readonly cooldownReason?: FailureReason;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LADDER = [1, 5, 25, 60];
/** Failures in a row that a server may have before its credential is kept out of use. */
const FREE_FAILURES = 2;
const DEFAULTS = { billingBackoffHours: 5, billingMaxHours: 24, failureWindowHours: 24 };

/** What becomes of the figures after a success. */
export function afterSuccess(now: number): UsageStats {
  return { lastUsed: now, errorCount: 0 };
}

/** What becomes of the figures after a failure (agent.md §7.4). `knobs` is `auth.cooldowns`. */
export function afterFailure(
  stats: UsageStats,
  failure: ModelFailure,
  provider: string,
  knobs: Readonly<Record<string, unknown>>,
  now: number,
): UsageStats {
  const { cooldown } = FAILURE_RULES[failure.reason];
  if (cooldown === "none") return stats;
  const windowMs = hours(knobs, "failureWindowHours") * HOUR;
  const recent = stats.lastFailureAt !== undefined && now - stats.lastFailureAt < windowMs;
  const errorCount = (recent ? (stats.errorCount ?? 0) : 0) + 1;
  const failed = { ...stats, lastUsed: now, lastFailureAt: now, errorCount };
  if (cooldown === "billing") {
    const byProvider = knobs["billingBackoffHoursByProvider"] as Readonly<Record<string, number>> | undefined;
    const base = byProvider?.[provider] ?? hours(knobs, "billingBackoffHours");
    const offHours = Math.min(base * 2 ** (errorCount - 1), hours(knobs, "billingMaxHours"));
    return { ...failed, disabledUntil: now + offHours * HOUR, disabledReason: "billing" };
  }
  const step = cooldown === "third" ? errorCount - FREE_FAILURES : errorCount;
  if (step < 1) return failed;
  const minutes = LADDER[Math.min(step, LADDER.length) - 1] ?? 0;
  const cooldownReason = failure.reason;
  return { ...failed, cooldownReason, cooldownUntil: now + Math.max(minutes * MINUTE, failure.retryAfterMs ?? 0) };
}

/** Until when the credential rests; 0 when it does not. */
export function restsUntil({ cooldownUntil = 0, disabledUntil = 0 }: UsageStats, now: number): number {
  const until = Math.max(cooldownUntil, disabledUntil);
  return until > now ? until : 0;
}

function hours(knobs: Readonly<Record<string, unknown>>, name: keyof typeof DEFAULTS): number {
  const given = knobs[name];
  return typeof given === "number" ? given : DEFAULTS[name];
}
