import { readFileSync, renameSync } from "node:fs";
import { basename } from "node:path";
import { compileSchema, writeFileAtomic } from "openclaw/plugin-sdk";
import type { TSchema } from "openclaw/plugin-sdk";

/** What a file held: entries that can be used, and those that are kept as they are. */
export interface Contents<T> {
  readonly entries: Map<string, T>;
  readonly strange: Map<string, unknown>;
  /** What somebody has to know. */
  readonly problem: string | undefined;
}

/**
 * Read an object of records. A file that is no such object is put aside, never overwritten and never taken for an
 * empty one without a word; an entry that does not fit is passed over and kept.
 */
export function readEntries<T>(path: string, schema: TSchema): Contents<T> {
  const empty = { entries: new Map<string, T>(), strange: new Map<string, unknown>(), problem: undefined };
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return empty;
    throw error;
  }
  const value = parsed(text);
  if (value === undefined) return { ...empty, problem: putAside(path) };
  const check = compileSchema(schema);
  for (const [key, entry] of Object.entries(value)) {
    if (check(entry)) empty.entries.set(key, entry as T);
    else empty.strange.set(key, entry);
  }
  const names = [...empty.strange.keys()].map((key) => key.slice(0, 80)).join(", ");
  return names === "" ? empty : { ...empty, problem: `${basename(path)}: passing over what is no record: ${names}` };
}

/** Replace the file by these records, those that were passed over included. */
export async function writeEntries(
  path: string,
  entries: ReadonlyMap<string, unknown>,
  strange: ReadonlyMap<string, unknown>,
): Promise<void> {
  const value = Object.fromEntries([...strange, ...entries]);
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

function parsed(text: string): object | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // The caller puts the file aside and says so.
    return undefined;
  }
}

function putAside(path: string): string {
  const aside = `${path}.corrupt-${new Date().toISOString().replaceAll(":", "-")}`;
  renameSync(path, aside);
  return `${basename(path)} is damaged and was moved to ${basename(aside)}; its devices have to be paired again`;
}
