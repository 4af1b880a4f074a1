/** One change at a time per file: two sessions may edit the same one. */
export class FileTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = Promise.allSettled(paths.map((path) => this.#last.get(path)));
    const mine = before.then(work);
    for (const path of paths) this.#last.set(path, mine);
    try {
      return await mine;
    } finally {
      for (const path of paths) if (this.#last.get(path) === mine) this.#last.delete(path);
    }
  }
}
