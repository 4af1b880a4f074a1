/** How pauses between attempts grow: `min(maxMs, initialMs · factor^(n−1) · (1 + jitter · random))`. */
export interface BackoffPolicy {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** So much of a pause comes on top by chance: many who failed together do not come back together. */
  readonly jitter: number;
}

/** What suits most networks (channels.md §1.10). */
export const BACKOFF: BackoffPolicy = { initialMs: 2_000, maxMs: 30_000, factor: 1.8, jitter: 0.25 };
/** A connection that was well for so long makes the next failure a first one; not one that has just opened, or a
 * flapping peer is hammered. */
export const HEALTHY_MS = 60_000;
const MOST_STEPS = 64;

/** Pause before the next attempt, after the `failures`-th failure in a row. */
export function backoffMs(
  { initialMs, maxMs, factor, jitter }: BackoffPolicy,
  failures: number,
  random: number = Math.random(),
): number {
  const grown = initialMs * factor ** Math.min(Math.max(0, failures - 1), MOST_STEPS);
  return Math.min(maxMs, grown * (1 + jitter * random));
}

/** Pauses between attempts to reach a network. Monotonic time. */
export class Backoff {
  readonly #policy: BackoffPolicy;
  #failures = 0;
  #wellSince: number | undefined;

  /** What `policy` does not say is as in {@link BACKOFF}. */
  constructor(policy: Partial<BackoffPolicy> = {}) {
    this.#policy = { ...BACKOFF, ...policy };
  }

  /** In a row. */
  get failures(): number {
    return this.#failures;
  }

  /** It works, at least at this moment. May be said again and again. */
  succeeded(now: number = performance.now()): void {
    this.#wellSince ??= now;
    if (now - this.#wellSince >= HEALTHY_MS) this.#failures = 0;
  }

  /** Milliseconds to wait after one more failure. */
  failed(now: number = performance.now(), random: number = Math.random()): number {
    if (this.#wellSince !== undefined && now - this.#wellSince >= HEALTHY_MS) this.#failures = 0;
    this.#wellSince = undefined;
    return backoffMs(this.#policy, ++this.#failures, random);
  }
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const wake = () => resolve();
  signal.addEventListener("abort", wake, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", wake);
  });
}
