/** Does things one after the other for each key, and those of different keys beside each other. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();
  #size = 0;

  /** Tasks that have not ended. */
  get size(): number {
    return this.#size;
  }

  /** `task` must deal with its own failure: what it rejects with goes nowhere. */
  add(key: string, task: () => Promise<void>): void {
    this.#size++;
    const tail = (this.#tails.get(key) ?? Promise.resolve())
      .then(task)
      .catch(() => undefined)
      .finally(() => {
        this.#size--;
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
  }

  /** Resolves when everything that was added until now has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}
