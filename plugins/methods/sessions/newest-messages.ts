import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { TranscriptMessage } from "openclaw/plugin-sdk";
import { continuationOf, messageOf, parseEntry } from "./entry.ts";
import type { Continuation } from "./entry.ts";
import { linesFromEnd, linesFromStart } from "./lines.ts";
import { isMissing } from "./transcript-failure.ts";

export interface NewestMessages {
  /** Oldest first. */
  readonly messages: TranscriptMessage[];
  /** Something that was read is not as it should be; a repair would find it too. */
  readonly isDamaged: boolean;
}

/**
 * The newest messages on the path from the last entry to the first, older parts of the transcript included. Reads from
 * the end, so that the cost is that of what is asked for and not of what is stored. Without a file there are none.
 */
export async function newestMessages(path: string, limit: number): Promise<NewestMessages> {
  const found = await newestOf(path, limit, undefined);
  if (!found) return { messages: [], isDamaged: false };
  const newest = found.messages;
  let older = found.continues;
  while (older && newest.length < limit) {
    // An older part that is gone or broken takes only itself along.
    const part = await newestOf(join(dirname(path), older.file), limit - newest.length, older.entry).catch(nothing);
    newest.push(...(part?.messages ?? []));
    // A part goes on from one with an earlier name, so this comes to an end.
    older = part?.continues && part.continues.file < older.file ? part.continues : undefined;
  }
  return { messages: newest.reverse(), isDamaged: found.isDamaged };
}

interface Found {
  /** Newest first. */
  readonly messages: TranscriptMessage[];
  readonly isDamaged: boolean;
  readonly continues: Continuation | undefined;
}

/** The newest messages of one file up to the entry `last`, by default its last one. */
async function newestOf(path: string, limit: number, last: string | undefined): Promise<Found | undefined> {
  const file = await openIfThere(path);
  try {
    return file && (await readNewest(file, basename(path), limit, last));
  } finally {
    await file?.close();
  }
}

/** The newest messages of an open file, newest first. */
export async function readNewest(
  file: FileHandle,
  name: string,
  limit: number,
  last: string | undefined,
): Promise<Found> {
  const messages: TranscriptMessage[] = [];
  let isDamaged = false;
  /** Id of the next entry on the path: any for the last one, none after the first one. */
  let wanted: unknown = last;
  for await (const { bytes, isComplete } of linesFromEnd(file)) {
    if (messages.length >= limit || wanted === null) break;
    if (bytes.length === 0) continue;
    const entry = parseEntry(bytes);
    isDamaged ||= !isComplete || !entry || (entry.type !== "session" && typeof entry.id !== "string");
    if (!entry || entry.type === "session" || (wanted !== undefined && entry.id !== wanted)) continue;
    wanted = entry.parentId ?? null;
    const message = messageOf(entry);
    if (message) messages.push(message);
  }
  // The path broke off before its first entry.
  const isCut = typeof wanted === "string" && messages.length < limit;
  const isWhole = wanted === null && messages.length < limit;
  const continues = isWhole ? await continuationIn(file, name) : undefined;
  return { messages, isDamaged: isDamaged || isCut, continues };
}

async function continuationIn(file: FileHandle, name: string): Promise<Continuation | undefined> {
  for await (const { bytes } of linesFromStart(file)) {
    const entry = parseEntry(bytes);
    return entry?.type === "session" ? continuationOf(entry, name) : undefined;
  }
  return undefined;
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function nothing(): undefined {
  return undefined;
}
