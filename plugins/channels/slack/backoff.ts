const FIRST_MS = 2_000;
const LAST_MS = 30_000;
const FACTOR = 1.8;
const JITTER = 0.25;
/** So long without a failure makes the next one a first one; not the first byte, or a flapping peer is hammered. */
const HEALTHY_MS = 60_000;

/** Pauses between attempts to reach a network (channels.md §1.10). */
export class Backoff {
  #failures = 0;
  #wellSince: number | undefined;

  get failures(): number {
    return this.#failures;
  }

  /** It works, at least at this moment. */
  succeeded(now: number = performance.now()): void {
    this.#wellSince ??= now;
  }

  /** Milliseconds to wait after one more failure. */
  failed(now: number = performance.now(), random: number = Math.random()): number {
    if (this.#wellSince !== undefined && now - this.#wellSince >= HEALTHY_MS) this.#failures = 0;
    this.#wellSince = undefined;
    const base = FIRST_MS * FACTOR ** Math.min(this.#failures++, 20);
    return Math.min(LAST_MS, base * (1 + JITTER * random));
  }
}
