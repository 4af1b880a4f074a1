/** The last so many values by key. What was used longest ago goes first. */
export class Recent<T> {
  readonly #limit: number;
  readonly #ttlMs: number;
  readonly #values = new Map<string, { readonly value: T; readonly at: number }>();

  constructor(limit: number, ttlMs = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
    this.#ttlMs = ttlMs;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): T | undefined {
    const held = this.#values.get(key);
    if (!held) return undefined;
    this.#values.delete(key);
    if (performance.now() - held.at > this.#ttlMs) return undefined;
    this.#values.set(key, held);
    return held.value;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: T): void {
    this.#values.delete(key);
    this.#values.set(key, { value, at: performance.now() });
    if (this.#values.size <= this.#limit) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      break;
    }
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
  }
}

/** A {@link Recent} in the form in which the library wants its caches, so that none of them grows without end. */
export function libraryCache(limit: number, ttlMs?: number) {
  const values = new Recent<unknown>(limit, ttlMs);
  return {
    get: <T>(key: string): T | undefined => values.get(key) as T | undefined,
    set: <T>(key: string, value: T): void => values.set(key, value),
    del: (key: string): void => values.delete(key),
    flushAll: (): void => values.clear(),
  };
}
