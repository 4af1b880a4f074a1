import { AsyncLocalStorage } from "node:async_hooks";

/** Work in rows: one piece at a time per key, in the order it came; different keys do not wait for each other. */
export class Lanes {
  /** The end of each row that has not come to its end. */
  readonly #ends = new Map<string, Promise<void>>();
  /** The key whose work is running here. */
  readonly #current = new AsyncLocalStorage<string>();

  /** How many keys have work running or waiting. */
  get size(): number {
    return this.#ends.size;
  }

  isBusy(key: string): boolean {
    return this.#ends.has(key);
  }

  /** Whether the caller is part of the work of this key. */
  isInside(key: string): boolean {
    return this.#current.getStore() === key;
  }

  /**
   * Runs `work` when the work before it has ended, well or badly. Work that waits for other work of its own key
   * waits for ever.
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#ends.get(key) ?? Promise.resolve();
    const result = before.then(() => this.#current.run(key, work));
    const end = result.then(ignore, ignore).then(() => {
      if (this.#ends.get(key) === end) this.#ends.delete(key);
    });
    this.#ends.set(key, end);
    return result;
  }
}

function ignore(): void {
  // Whoever asked for the work has its outcome; the next in the row only needs to know that it is over.
}
