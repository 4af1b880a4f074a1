import type { Session } from "openclaw/plugin-sdk";

/** Rows in memory; those read last stay. */
const MAX_ROWS = 100;

/**
 * Rows of the store as they were read, until they are written again: a turn asks for its session's several times. Only
 * what was committed is in it. What is handed out must not be changed.
 */
export class RowCache {
  /** Least recently read first. */
  readonly #rows = new Map<string, Session>();
  /** Counts the writes: what was read before one must not be kept after it. */
  #writes = 0;
  readonly #writing = new Set<string>();

  async get(key: string, read: () => Promise<Session | undefined>): Promise<Session | undefined> {
    const known = this.#rows.get(key);
    if (known) {
      this.#rows.delete(key);
      this.#rows.set(key, known);
      return known;
    }
    const before = this.#writes;
    const row = await read();
    if (row && before === this.#writes && !this.#writing.has(key)) this.#keep(key, row);
    return row;
  }

  /** Until the write has ended, the store says what the rows are. */
  async change(keys: readonly string[], write: () => Promise<void>): Promise<void> {
    for (const key of keys) {
      this.#writing.add(key);
      this.#rows.delete(key);
    }
    try {
      await write();
    } finally {
      this.#writes++;
      for (const key of keys) this.#writing.delete(key);
    }
  }

  #keep(key: string, row: Session): void {
    this.#rows.set(key, row);
    if (this.#rows.size > MAX_ROWS) this.#rows.delete(this.#rows.keys().next().value as string);
  }
}
