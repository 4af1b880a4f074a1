/** Does things one after the other for each key, and those of different keys beside each other. Not bounded: see `size`. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();
  #size = 0;

  /** Tasks that have not ended. */
  get size(): number {
    return this.#size;
  }

  /** Ends as the task does; the next one of the key comes whatever that was. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    this.#size++;
    const result = (this.#tails.get(key) ?? Promise.resolve()).then(task);
    const tail: Promise<void> = result.then(
      () => this.#ended(key, tail),
      () => this.#ended(key, tail),
    );
    this.#tails.set(key, tail);
    return result;
  }

  /** Resolves when everything that was added until now has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#tails.values());
  }

  #ended(key: string, tail: Promise<void>): void {
    this.#size--;
    if (this.#tails.get(key) === tail) this.#tails.delete(key);
  }
}
