import { closeSync, fsync, openSync } from "node:fs";
import { promisify } from "node:util";
import { isMissing } from "./transcript-failure.ts";

const synced = promisify(fsync);
/** Node has four threads for all files: whoever reads one meanwhile must find one free. */
const AT_ONCE = 2;

/** How it is opened: a directory only to read, while Windows flushes no file that cannot be written. */
export type Flags = "r+" | "r";

/**
 * Brings what was written to the disk while nobody waits for it: a file that is asked for again before its turn is
 * flushed once, and only a few are at the same time.
 */
export class Flusher {
  readonly #failed: (path: string, error: unknown) => void;
  readonly #waiting = new Map<string, Flags>();
  readonly #running = new Set<Promise<void>>();

  constructor(failed: (path: string, error: unknown) => void) {
    this.#failed = failed;
  }

  /** The file as it is now or later. */
  add(path: string, flags: Flags): void {
    this.#waiting.set(path, flags);
    this.#next();
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #next(): void {
    for (const [path, flags] of this.#waiting) {
      if (this.#running.size >= AT_ONCE) return;
      this.#waiting.delete(path);
      const flushed = flush(path, flags)
        .catch((error: unknown) => this.#failed(path, error))
        .finally(() => {
          this.#running.delete(flushed);
          this.#next();
        });
      this.#running.add(flushed);
    }
  }
}

/**
 * Resolves when the file survives the loss of power; one that is gone needs nothing. Only the sync itself is waited for:
 * what opens a file that was just written is found in memory.
 */
export async function flush(path: string, flags: Flags): Promise<void> {
  let file: number;
  try {
    file = openSync(path, flags);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  try {
    await synced(file);
  } finally {
    closeSync(file);
  }
}
