const AT_ONCE = 2;

/** So many attachments are understood at once; others wait their turn. */
export class Places {
  readonly #limit: () => number | undefined;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(limit: () => number | undefined) {
    this.#limit = limit;
  }

  /** Resolves with what gives the place back. */
  async take(signal: AbortSignal): Promise<() => void> {
    while (this.#taken >= (this.#limit() ?? AT_ONCE)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
      await promise;
      signal.throwIfAborted();
    }
    this.#taken++;
    return () => {
      this.#taken--;
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
  }
}
