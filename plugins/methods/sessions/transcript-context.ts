import { closeSync, openSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { TranscriptContext, TranscriptMessage } from "openclaw/plugin-sdk";
import { continuationOf, messageOf, parseEntry } from "./entry.ts";
import type { Continuation, Entry } from "./entry.ts";
import { linesFromEndSync } from "./lines.ts";
import { isMissing } from "./transcript-failure.ts";

/** An older part goes on from one before it, so many times at most. */
const MAX_PARTS = 1_000;

export interface ReadContext {
  readonly context: TranscriptContext;
  /** Bytes of each entry in the file. */
  readonly sizes: readonly number[];
}

/**
 * What a model has to know of a transcript: the summary of what was compacted, and the messages since (agent.md §10.5).
 * Costs what is read, not what is stored. The caller has just read or written the file, so that the disk is not waited for.
 */
export function transcriptContext(path: string, limit: number): ReadContext {
  const entries: { readonly id: string; readonly message: TranscriptMessage }[] = [];
  const sizes: number[] = [];
  let summary: string | undefined;
  let firstKept: unknown;
  for (const { entry, size } of entriesFromEnd(path)) {
    if (summary === undefined && entry.type === "compaction") {
      const { summary: text, firstKeptEntryId } = entry as Entry & Readonly<Record<string, unknown>>;
      if (typeof text === "string") {
        summary = text;
        firstKept = firstKeptEntryId;
        // Nothing before the summary was kept.
        if (typeof firstKept !== "string") break;
      }
    }
    const message = messageOf(entry);
    if (message && typeof entry.id === "string") {
      entries.push({ id: entry.id, message });
      sizes.push(size);
    }
    if (entries.length >= limit || (firstKept !== undefined && entry.id === firstKept)) break;
  }
  const context = { entries: entries.reverse(), ...(summary !== undefined && { summary }) };
  return { context, sizes: sizes.reverse() };
}

interface SizedEntry {
  readonly entry: Entry;
  readonly size: number;
}

/** Entries on the path from the last one to the first, older parts included. */
function* entriesFromEnd(path: string): Generator<SizedEntry> {
  let part: { readonly path: string; readonly last: string | undefined } | undefined = { path, last: undefined };
  for (let parts = 0; part && parts < MAX_PARTS; parts++) {
    const older: Continuation | undefined = yield* entriesOf(part.path, part.last);
    part = older && { path: join(dirname(path), older.file), last: older.entry };
  }
}

function* entriesOf(
  path: string,
  last: string | undefined,
): Generator<SizedEntry, Continuation | undefined, undefined> {
  const file = openIfThere(path);
  if (file === undefined) return undefined;
  try {
    let wanted: unknown = last;
    let header: Entry | undefined;
    for (const { bytes } of linesFromEndSync(file)) {
      if (bytes.length === 0) continue;
      const entry = parseEntry(bytes);
      if (!entry) continue;
      if (entry.type === "session") {
        header = entry;
        // What stands before the first entry is the first line.
        if (wanted === null) break;
        continue;
      }
      if (wanted !== undefined && entry.id !== wanted) continue;
      wanted = entry.parentId ?? null;
      yield { entry, size: bytes.length };
    }
    return header && continuationOf(header, basename(path));
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
