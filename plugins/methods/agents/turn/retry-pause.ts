import type { ModelFailure, Settings } from "openclaw/plugin-sdk";

/** agent.md §7.4. */
const ATTEMPTS = 3;
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
const JITTER = 0.1;
/** A provider may ask for more time than our own pauses, but not for more than this. */
const LONGEST_ASKED_MS = 60_000;

interface RetrySetting {
  readonly attempts?: number;
  readonly minDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly jitter?: number;
}

/** How often one candidate is asked, by `agents.defaults.retry`. */
export function attemptsOf(settings: Settings): number {
  return setting(settings).attempts ?? ATTEMPTS;
}

/** The pause before the attempt after `failed` of them: what the provider asks for, else longer each time. */
export function retryPause(settings: Settings, failed: number, { retryAfterMs }: ModelFailure): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, LONGEST_ASKED_MS);
  const { minDelayMs = FIRST_MS, maxDelayMs = LONGEST_MS, jitter = JITTER } = setting(settings);
  const base = Math.min(minDelayMs * 2 ** (failed - 1), maxDelayMs);
  return Math.round(base * (1 + jitter * (2 * Math.random() - 1)));
}

function setting(settings: Settings): RetrySetting {
  return settings.get<RetrySetting>("agents.defaults.retry") ?? {};
}
