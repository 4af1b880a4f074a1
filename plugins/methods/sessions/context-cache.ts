import type { TranscriptContext } from "openclaw/plugin-sdk";
import { messageOf, parseEntry } from "./entry.ts";

/** What was read of a file of this size, when so many messages were asked for. */
interface Known {
  readonly size: number;
  readonly limit: number;
  readonly context: TranscriptContext;
  /** Bytes of each of its entries in the file. */
  readonly sizes: readonly number[];
}

/** Bytes of lines whose messages stay in memory, of all transcripts. Those used last stay. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * The messages that the next turn of a session asks for: those of the last one, and what it has added to them. Holds only
 * as long as the file has the size that they were found in. What is handed out must not be changed.
 */
export class ContextCache {
  /** Least recently used first. */
  readonly #known = new Map<string, Known>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get(path: string, size: number, limit: number): TranscriptContext | undefined {
    const known = this.#known.get(path);
    if (known?.size !== size || known.limit !== limit) return undefined;
    this.#known.delete(path);
    this.#known.set(path, known);
    return known.context;
  }

  put(path: string, known: Known): void {
    this.drop(path);
    // One that has no room must not push out all others.
    if (bytesOf(known) > this.#maxBytes) return;
    this.#known.set(path, known);
    this.#bytes += bytesOf(known);
    for (const other of this.#known.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.drop(other);
    }
  }

  /** A line was added to the file. */
  extend(
    path: string,
    { from, to, line }: { readonly from: number; readonly to: number; readonly line: string },
  ): void {
    const known = this.#known.get(path);
    if (!known) return;
    const bytes = Buffer.from(line);
    // Somebody else has written too when it grew by more.
    const isOurs = known.size === from && to === from + bytes.length + 1;
    // As it would be read.
    const entry = parseEntry(bytes);
    const message = entry && messageOf(entry);
    const isFull = known.context.entries.length >= known.limit;
    // A summary may be too far back to be found any more.
    if (!isOurs || !message || typeof entry.id !== "string" || (isFull && known.context.summary !== undefined))
      return this.drop(path);
    const first = isFull ? 1 : 0;
    const entries = [...known.context.entries.slice(first), { id: entry.id, message }];
    const sizes = [...known.sizes.slice(first), bytes.length];
    this.put(path, { size: to, limit: known.limit, context: { ...known.context, entries }, sizes });
  }

  /** The file is another one now. */
  drop(path: string): void {
    const known = this.#known.get(path);
    if (!known) return;
    this.#known.delete(path);
    this.#bytes -= bytesOf(known);
  }
}

function bytesOf({ sizes }: Known): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
