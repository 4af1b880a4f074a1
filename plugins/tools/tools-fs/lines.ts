import type { FileHandle } from "node:fs/promises";

const CHUNK = 64 * 1024;

export interface LineWindow {
  readonly text: string;
  /** First and last line of it, from 1. `last` is 0 when there is no line at `first`. */
  readonly first: number;
  readonly last: number;
  readonly hasMore: boolean;
  /** A line was longer than all that is read at once; its rest was left out. */
  readonly cut: boolean;
}

export interface LineLimits {
  /** From 1. */
  readonly offset: number;
  readonly lines: number;
  readonly bytes: number;
  readonly signal: AbortSignal;
}

/** Some lines of a text file, read in pieces: the file may be larger than memory. */
export async function readLines(file: FileHandle, { offset, lines, bytes, signal }: LineLimits): Promise<LineWindow> {
  const decoder = new TextDecoder();
  const kept: string[] = [];
  let size = 0;
  let number = 1;
  let line = "";
  let cut = false;
  let isFull = false;

  /** False when the window is full before this line. */
  const take = (): boolean => {
    if (number < offset) return true;
    if (kept.length >= lines || (size + line.length > bytes && kept.length > 0)) return false;
    if (line.length > bytes) {
      line = line.slice(0, bytes);
      cut = true;
    }
    kept.push(line);
    size += Buffer.byteLength(line) + 1;
    return true;
  };

  const buffer = Buffer.alloc(CHUNK);
  for (let position = 0; !isFull;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, CHUNK, position);
    const isEnd = bytesRead === 0;
    position += bytesRead;
    const parts = decoder.decode(buffer.subarray(0, bytesRead), { stream: !isEnd }).split("\n");
    for (const [index, part] of parts.entries()) {
      // A line without an end must not fill the memory.
      if (number >= offset && line.length <= bytes) line += part;
      if (index === parts.length - 1) break;
      if (!take()) {
        isFull = true;
        break;
      }
      number++;
      line = "";
    }
    if (isEnd) {
      if (!isFull && line !== "" && !take()) isFull = true;
      break;
    }
  }
  const last = kept.length === 0 ? 0 : offset + kept.length - 1;
  return { text: kept.join("\n"), first: offset, last, hasMore: isFull, cut };
}
