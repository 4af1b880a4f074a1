import { constants } from "node:fs";
import { open } from "node:fs/promises";

/**
 * The beginning of a text file, at most `mostBytes` of it; links are followed. Nothing for what is not there and for what
 * is no regular file: a pipe would be waited for by one of the few threads that read files, a device read for ever.
 */
export async function readTextFile(path: string, mostBytes: number): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
  if (!file) return undefined;
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return undefined;
    const buffer = Buffer.alloc(Math.min(facts.size, mostBytes));
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.toString("utf8", 0, length);
  } catch {
    // A folder, or a disk that does not give it back.
    return undefined;
  } finally {
    await file.close();
  }
}
