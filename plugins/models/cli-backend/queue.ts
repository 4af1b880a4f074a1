/** Lets one run of a backend pass after the other. */
export class Queue {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves when it is `id`'s turn, with the function that lets the next one in. Rejects when the signal aborts first. */
  async enter(id: string, signal: AbortSignal): Promise<() => void> {
    const before = this.#last.get(id) ?? Promise.resolve();
    let leave = () => {};
    const mine = new Promise<void>((resolve) => (leave = resolve));
    const chain = before.then(() => mine);
    this.#last.set(id, chain);
    void chain.then(() => {
      if (this.#last.get(id) === chain) this.#last.delete(id);
    });
    try {
      await untilAborted(before, signal);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }
}

async function untilAborted(waited: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    // A signal's reason is an error unless somebody chose otherwise.
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([waited, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
