export interface Rate {
  readonly count: number;
  readonly perMs: number;
  /** How many may come at once; by default as many as in the whole time. */
  readonly burst?: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MAX_BUCKETS = 10_000;

/** Token buckets by name. Bounded: what was not asked for the longest time is forgotten, which is full again at most. */
export class Buckets {
  /** The one asked last at the end. */
  readonly #buckets = new Map<string, Bucket>();

  /** Milliseconds from `now` until there is a token; 0 means there is one. A clock that goes back only takes no time. */
  waitFor(name: string, { count, perMs, burst = count }: Rate, now: number): number {
    const { tokens, at } = this.#buckets.get(name) ?? { tokens: burst, at: now };
    const bucket = { tokens: Math.min(burst, tokens + (Math.max(0, now - at) * count) / perMs), at: now };
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= MAX_BUCKETS) break;
      this.#buckets.delete(oldest);
    }
    return bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) * perMs) / count;
  }

  /** Takes a token that {@link waitFor} found. */
  take(name: string): void {
    const bucket = this.#buckets.get(name);
    if (bucket) bucket.tokens--;
  }
}
