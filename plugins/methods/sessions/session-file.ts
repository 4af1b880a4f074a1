import { randomUUID } from "node:crypto";
import type { SessionEntry } from "openclaw/plugin-sdk";

/** Rows of a `sessions.json`, as far as they can be read, and what was wrong with it. */
export interface SessionFile {
  readonly rows: ReadonlyMap<string, SessionEntry>;
  readonly faults: readonly string[];
}

/** Older names of fields (sessions.md §2). */
const RENAMED: readonly (readonly [from: string, to: string])[] = [
  ["provider", "channel"],
  ["lastProvider", "lastChannel"],
  ["room", "groupChannel"],
];

/** Reads the index that established programs keep. One broken byte costs at most the row that it is in. */
export function readSessionFile(text: string): SessionFile {
  const plain = text.replace(/^\uFEFF/, "");
  if (plain.trim() === "") return { rows: new Map(), faults: text === "" ? [] : ["it is empty"] };
  const whole = parse(plain) ?? parse(relaxed(plain));
  if (whole !== undefined) return rowsOf(whole);
  const { rows, faults } = salvage(plain);
  return { rows, faults: ["it is not JSON", ...faults] };
}

function rowsOf(value: unknown): SessionFile {
  if (!isRecord(value)) return { rows: new Map(), faults: ["it holds no object"] };
  const rows = new Map<string, SessionEntry>();
  const faults: string[] = [];
  for (const [key, entry] of Object.entries(value)) {
    if (isRecord(entry)) rows.set(key, entryOf(entry));
    else faults.push(`${JSON.stringify(key)} holds no object`);
  }
  return { rows, faults };
}

/** A row as it is kept here: older names replaced, what nobody knows preserved. */
function entryOf(given: Readonly<Record<string, unknown>>): SessionEntry {
  const entry: Record<string, unknown> = { ...given };
  for (const [from, to] of RENAMED) {
    if (entry[from] !== undefined) entry[to] ??= entry[from];
    delete entry[from];
  }
  if (entry["chatType"] === "dm") entry["chatType"] = "direct";
  if (typeof entry["sessionId"] !== "string" || entry["sessionId"] === "") entry["sessionId"] = randomUUID();
  const { updatedAt } = entry;
  const isTime = typeof updatedAt === "number" && Number.isFinite(updatedAt) && updatedAt >= 0;
  if (!isTime) entry["updatedAt"] = 0;
  // The two fields that every entry has are there now.
  return entry as unknown as SessionEntry;
}

/** Row by row: where a row begins is known by the key in front of it. */
function salvage(text: string): SessionFile {
  const rows = new Map<string, SessionEntry>();
  const faults: string[] = [];
  const starts = [...text.matchAll(ROW_START)];
  for (const [at, start] of starts.entries()) {
    const key = parse(start[1] as string);
    const body = text.slice(start.index + start[0].length - 1, starts[at + 1]?.index ?? text.length);
    const entry = objectAt(body);
    if (typeof key === "string" && entry) rows.set(key, entryOf(entry));
    else faults.push(`${start[1]} could not be read${entry ? "" : ", and has no session id"}`);
  }
  return { rows, faults };
}

/** Keys of sessions contain a colon; the few that do not are listed. */
const ROW_START = /("(?:[^"\\\n]*:[^"\\\n]*|main|global|unknown)")\s*:\s*\{/g;

/** The object at the start of a text, or what can be told of it when it is broken. */
function objectAt(text: string): Readonly<Record<string, unknown>> | undefined {
  for (
    let end = text.lastIndexOf("}"), tries = 0;
    end > 0 && tries < 3;
    end = text.lastIndexOf("}", end - 1), tries++
  ) {
    const value = parse(text.slice(0, end + 1));
    if (isRecord(value)) return value;
  }
  const sessionId = /"sessionId"\s*:\s*"([A-Za-z0-9._-]{1,128})"/.exec(text)?.[1];
  if (sessionId === undefined) return undefined;
  const known: Record<string, unknown> = { sessionId };
  for (const [, name, value] of text.matchAll(/"(\w+)"\s*:\s*("[^"\\\n]*"|\d+|true|false)/g)) {
    known[name as string] ??= parse(value as string);
  }
  return known;
}

/** Comments and commas before a closing bracket are taken too, outside of texts. */
function relaxed(text: string): string {
  return text.replaceAll(
    /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*[}\]])/g,
    (_, quoted: string | undefined) => quoted ?? "",
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller tries something else.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
