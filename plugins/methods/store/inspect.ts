import { existsSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { damagedFiles, openToRead } from "./database.ts";
import { formatOf, formatText } from "./format.ts";
import { isCollectionName } from "./layout.ts";

/** What a look at the whole file found. */
export interface Inspection {
  readonly ok: boolean;
  readonly file: string;
  readonly exists: boolean;
  readonly format: string | undefined;
  readonly bytes: number;
  readonly logBytes: number;
  readonly freeBytes: number | undefined;
  /** Number of records by collection, of those that can be read. */
  readonly collections: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
  /** Damaged files that were moved aside. */
  readonly setAside: readonly string[];
}

const MOST_PROBLEMS = 100;

/** Reads every page and every record's place. Changes nothing, so a gateway may have the file open. */
export async function inspect(file: string): Promise<Inspection> {
  const base = {
    file,
    exists: existsSync(file),
    bytes: sizeOf(file),
    logBytes: sizeOf(`${file}-wal`),
    freeBytes: await roomFor(file),
    setAside: damagedFiles(file),
  };
  let database: DatabaseSync | undefined;
  try {
    database = openToRead(file);
    if (!database) return { ok: true, ...base, format: undefined, collections: {}, problems: [] };
    const problems = problemsOf(database);
    const format = formatText(formatOf(database));
    return { ok: problems.length === 0, ...base, format, collections: counted(database, problems), problems };
  } catch (error) {
    return { ok: false, ...base, format: undefined, collections: {}, problems: [(error as Error).message] };
  } finally {
    database?.close();
  }
}

function problemsOf(database: DatabaseSync): string[] {
  const rows = database.prepare(`PRAGMA integrity_check(${MOST_PROBLEMS})`).all() as { integrity_check: string }[];
  return rows.map(({ integrity_check: line }) => line.replaceAll(/\s+/g, " ")).filter((line) => line !== "ok");
}

/** Adds what goes wrong to `problems`. */
function counted(database: DatabaseSync, problems: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  for (const { name } of tables as { name: string }[]) {
    if (!isCollectionName(name)) continue;
    try {
      const row = database.prepare(`SELECT count(*) AS count FROM "${name}"`).get() as { count: number };
      counts[name] = row.count;
    } catch (error) {
      problems.push(`collection ${name}: ${(error as Error).message}`);
    }
  }
  return counts;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function roomFor(file: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(dirname(file));
    return bavail * bsize;
  } catch {
    // Not every file system tells.
    return undefined;
  }
}
