import { fstatSync, readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";

const CHUNK_BYTES = 65_536;
const LINE_FEED = 10;

export interface Line {
  readonly bytes: Buffer;
  /** False for the last line of a file that ends in the middle of it. */
  readonly isComplete: boolean;
}

/** The lines of a file from the first to the last. Only line feeds end a line: others may stand inside of JSON text. */
export async function* linesFromStart(file: FileHandle): AsyncGenerator<Line> {
  let begun: Buffer[] = [];
  for (let position = 0; ;) {
    const chunk = await readChunk(file, position, CHUNK_BYTES);
    if (chunk.length === 0) break;
    position += chunk.length;
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      yield { bytes: joined([...begun, chunk.subarray(start, end)]), isComplete: true };
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  }
  if (begun.length > 0) yield { bytes: joined(begun), isComplete: false };
}

/** The lines of a file from the last to the first. Reads no more of it than the lines that are asked for. */
export async function* linesFromEnd(file: FileHandle): AsyncGenerator<Line> {
  const { size } = await file.stat();
  const lines = new Backwards();
  for (let position = size; position > 0;) {
    const length = Math.min(CHUNK_BYTES, position);
    position -= length;
    yield* lines.before(await readChunk(file, position, length));
  }
  yield* lines.first();
}

/** As {@link linesFromEnd}, of an open file that is in memory still, because it was just read or written. */
export function* linesFromEndSync(file: number): Generator<Line> {
  const { size } = fstatSync(file);
  const lines = new Backwards();
  for (let position = size; position > 0;) {
    const length = Math.min(CHUNK_BYTES, position);
    position -= length;
    const buffer = Buffer.allocUnsafe(length);
    yield* lines.before(buffer.subarray(0, readSync(file, buffer, 0, length, position)));
  }
  yield* lines.first();
}

/** Puts lines together from pieces that come from the end of a file to its beginning. */
class Backwards {
  /** The end of a line whose beginning has not been read. */
  #rest: Buffer[] = [];
  #isComplete = false;

  /** The lines that begin in the piece before the last one. */
  *before(chunk: Buffer): Generator<Line> {
    let end = chunk.length;
    for (
      let feed = chunk.lastIndexOf(LINE_FEED);
      feed >= 0;
      feed = feed === 0 ? -1 : chunk.lastIndexOf(LINE_FEED, feed - 1)
    ) {
      const bytes = joined([chunk.subarray(feed + 1, end), ...this.#rest]);
      // What follows the last line feed of the file is a line only if there is something.
      if (this.#isComplete || bytes.length > 0) yield { bytes, isComplete: this.#isComplete };
      this.#isComplete = true;
      this.#rest = [];
      end = feed;
    }
    if (end > 0) this.#rest = [chunk.subarray(0, end), ...this.#rest];
  }

  /** The first line of the file, when there is nothing before it any more. */
  *first(): Generator<Line> {
    if (this.#rest.length > 0) yield { bytes: joined(this.#rest), isComplete: this.#isComplete };
  }
}

async function readChunk(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function joined(parts: readonly Buffer[]): Buffer {
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}
