import type { FileHandle } from "node:fs/promises";
import type { TranscriptMessage } from "openclaw/plugin-sdk";
import { messageOf, parseEntry } from "./entry.ts";
import { linesFromEnd } from "./lines.ts";

export interface NewestMessages {
  /** Oldest first. */
  readonly messages: TranscriptMessage[];
  /** Something that was read is not as it should be; a repair would find it too. */
  readonly isDamaged: boolean;
}

/**
 * The newest messages on the path from the last entry to the first. Reads from the end, so that the cost is that of
 * what is asked for and not of what is stored.
 */
export async function newestMessages(file: FileHandle, limit: number): Promise<NewestMessages> {
  const newest: TranscriptMessage[] = [];
  let isDamaged = false;
  /** Id of the next entry on the path: any for the last one, none after the first one. */
  let wanted: unknown;
  for await (const { bytes, isComplete } of linesFromEnd(file)) {
    if (newest.length >= limit || wanted === null) break;
    if (bytes.length === 0) continue;
    const entry = parseEntry(bytes);
    isDamaged ||= !isComplete || !entry || (entry.type !== "session" && typeof entry.id !== "string");
    if (!entry || entry.type === "session" || (wanted !== undefined && entry.id !== wanted)) continue;
    wanted = entry.parentId ?? null;
    const message = messageOf(entry);
    if (message) newest.push(message);
  }
  // The path broke off before its first entry.
  const isCut = typeof wanted === "string" && newest.length < limit;
  return { messages: newest.reverse(), isDamaged: isDamaged || isCut };
}
