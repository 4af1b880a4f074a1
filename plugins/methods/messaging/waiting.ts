/** Promises for the end of records, by id. */
export class Waiting<T> {
  readonly #resolvers = new Map<string, Set<(value: T) => void>>();

  /**
   * The end of `id`: what `read` finds when that is an end already, else what `end` is told later. Asked
   * in this order so that an end in between is not missed. Nothing is kept for who does not wait any more.
   */
  async endOf(
    id: string,
    read: () => Promise<{ readonly value: T; readonly isEnd: boolean }>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const resolvers = this.#resolvers.get(id) ?? new Set();
    this.#resolvers.set(id, resolvers.add(resolve));
    const give = () => reject(signal?.reason as Error);
    signal?.addEventListener("abort", give, { once: true });
    try {
      const { value, isEnd } = await read();
      if (isEnd) return value;
      signal?.throwIfAborted();
      return await promise;
    } finally {
      // Nobody looks at the promise any more: it must not be rejected then.
      signal?.removeEventListener("abort", give);
      resolvers.delete(resolve);
      if (resolvers.size === 0) this.#resolvers.delete(id);
    }
  }

  end(id: string, value: T): void {
    for (const resolve of this.#resolvers.get(id) ?? []) resolve(value);
  }
}
