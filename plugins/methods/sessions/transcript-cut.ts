import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { messageOf, parseEntry } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { linesFromStart } from "./lines.ts";

/** The newest entries of a transcript as the whole content of a file. */
export interface Cut {
  readonly content: string;
  /** The first line and the entries that are not kept, as the content of another file. */
  readonly older: string;
  /** Entries that are kept, and those that are not. */
  readonly kept: number;
  readonly dropped: number;
  /** The entry before the first one that is kept. */
  readonly before: string | null;
}

export interface CutOptions {
  /** So many of the newest entries; more where a tool result would lose its call. */
  readonly count: number;
  /** Fewer where they would be larger than this. */
  readonly maxBytes?: number;
  /** What the first line says besides what it said. */
  readonly header: (cut: Omit<Cut, "content" | "older">) => object;
}

/** The first line of `path` and the newest of its entries. The first one that is kept follows nothing any more. */
export async function cutTranscript(
  path: string,
  { count, maxBytes = Number.POSITIVE_INFINITY, header }: CutOptions,
): Promise<Cut> {
  const { first, entries, sizes } = await read(path);
  let start = entries.length;
  for (let bytes = 0; start > Math.max(0, entries.length - count); start--) {
    bytes += sizes[start - 1] as number;
    if (bytes > maxBytes && start < entries.length) break;
  }
  while (start > 0 && start < entries.length && isToolResult(entries[start] as Entry)) start--;
  const kept = entries.slice(start);
  const before = start === 0 ? null : ((entries[start - 1]?.id as string | undefined) ?? null);
  const ids = new Set<unknown>();
  const lines = kept.map((entry, at) => {
    const isLost = entry.parentId !== null && !ids.has(entry.parentId);
    const parentId = isLost ? (at === 0 ? null : kept[at - 1]?.id) : entry.parentId;
    ids.add(entry.id);
    return { ...entry, parentId };
  });
  const facts = { kept: kept.length, dropped: start, before };
  const head = first ? [{ ...first, ...header(facts) }] : [];
  const content = linesOf([...head, ...lines]);
  return { ...facts, content, older: linesOf([...(first ? [first] : []), ...entries.slice(0, start)]) };
}

function linesOf(entries: readonly object[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

async function read(path: string): Promise<{ first: Entry | undefined; entries: Entry[]; sizes: number[] }> {
  let first: Entry | undefined;
  const entries: Entry[] = [];
  const sizes: number[] = [];
  const file: FileHandle = await open(path, "r");
  try {
    for await (const { bytes } of linesFromStart(file)) {
      const entry = bytes.length === 0 ? undefined : parseEntry(bytes);
      if (entry?.type === "session") first ??= entry;
      else if (entry) {
        entries.push(entry);
        sizes.push(bytes.length);
      }
    }
  } finally {
    await file.close();
  }
  return { first, entries, sizes };
}

function isToolResult(entry: Entry): boolean {
  return messageOf(entry)?.role === "toolResult";
}
