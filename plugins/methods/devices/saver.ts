/** Writes one thing at a time; whoever asks while a write runs shares the one after it. */
export class Saver {
  readonly #write: () => Promise<void>;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(write: () => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when what is there now has been written. */
  save(): Promise<void> {
    return (this.#next ??= this.#after(this.#running));
  }

  /** Resolves with the write that runs, if one does. */
  get idle(): Promise<void> {
    return this.#next ?? this.#running;
  }

  async #after(before: Promise<void>): Promise<void> {
    await before.catch(() => undefined);
    this.#running = this.#next as Promise<void>;
    this.#next = undefined;
    await this.#write();
  }
}
