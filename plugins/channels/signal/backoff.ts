const FIRST_MS = 1_000;
const LAST_MS = 10_000;
const FACTOR = 2;
const JITTER = 0.2;
const HEALTHY_MS = 60_000;

/** Pauses before the stream of events is opened again (channels.md §1.10). */
export class Backoff {
  #failures = 0;
  #openSince: number | undefined;

  opened(now: number = performance.now()): void {
    this.#openSince = now;
  }

  /** Milliseconds to wait after one more end. A minute of health makes it a first one. */
  ended(now: number = performance.now(), random: number = Math.random()): number {
    if (this.#openSince !== undefined && now - this.#openSince >= HEALTHY_MS) this.#failures = 0;
    this.#openSince = undefined;
    const base = FIRST_MS * FACTOR ** Math.min(this.#failures++, 10);
    return Math.min(LAST_MS, base * (1 + JITTER * random));
  }

  get failures(): number {
    return this.#failures;
  }
}
