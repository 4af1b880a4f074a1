import type { DatabaseSync, StatementSync } from "node:sqlite";
import { loadSqlite } from "openclaw/plugin-sdk";
import { isCollectionName } from "./layout.ts";

/** What could be taken over from a damaged file. */
export interface Salvage {
  readonly records: number;
  /** Collections of which at least one page could not be read; what stood there is lost. */
  readonly damaged: readonly string[];
}

interface Found {
  readonly place: number;
  readonly id: unknown;
  readonly value: unknown;
}

/** Places that are tried one by one between two readable parts of a collection. */
const MOST_TRIES = 200_000;

/** Copies every record that can still be read out of a damaged file, which stays as it is. Never throws for the damage. */
export function salvage(damagedFile: string, into: DatabaseSync): Salvage {
  const { DatabaseSync } = loadSqlite();
  const damaged: string[] = [];
  let records = 0;
  let from: DatabaseSync | undefined;
  try {
    from = new DatabaseSync(damagedFile, { readOnly: true });
    for (const name of collectionsOf(from)) {
      const { taken, isWhole } = takeOver(from, name, into);
      records += taken;
      if (!isWhole) damaged.push(name);
    }
  } catch {
    // Not even the list of collections can be read: there is nothing to take over.
  } finally {
    from?.close();
  }
  return { records, damaged };
}

function collectionsOf(database: DatabaseSync): string[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  return rows.map(({ name }) => name).filter(isCollectionName);
}

function takeOver(from: DatabaseSync, name: string, into: DatabaseSync): { taken: number; isWhole: boolean } {
  into.exec(`CREATE TABLE IF NOT EXISTS "${name}" (id TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)`);
  const insert = into.prepare(`INSERT OR IGNORE INTO "${name}" (id, value) VALUES (?, ?)`);
  let taken = 0;
  const take = ({ id, value }: Found) => {
    if (typeof id !== "string" || typeof value !== "string") return;
    taken += Number(insert.run(id, value).changes);
  };
  into.exec("BEGIN IMMEDIATE");
  try {
    const isWhole = readAll(from, name, take);
    into.exec("COMMIT");
    return { taken, isWhole };
  } catch (error) {
    if (into.isTransaction) into.exec("ROLLBACK");
    throw error;
  }
}

/** Every readable record: from the front, from the back, and one by one in between. True when nothing was in the way. */
function readAll(from: DatabaseSync, name: string, take: (record: Found) => void): boolean {
  const columns = `rowid AS place, id, value FROM "${name}"`;
  const forward = readUntilDamage(from, `SELECT ${columns} ORDER BY rowid`, take);
  if (forward.isWhole) return true;
  const backward = readUntilDamage(from, `SELECT ${columns} ORDER BY rowid DESC`, take);
  const first = (forward.last ?? 0) + 1;
  const last = Math.min((backward.last ?? first) - 1, first + MOST_TRIES);
  const single = prepared(from, `SELECT ${columns} WHERE rowid = ?`);
  for (let place = first; single && place <= last; place++) {
    const record = attempt(() => single.get(place) as unknown as Found | undefined);
    if (record) take(record);
  }
  return false;
}

function readUntilDamage(
  from: DatabaseSync,
  sql: string,
  take: (record: Found) => void,
): { isWhole: boolean; last: number | undefined } {
  const rows = prepared(from, sql)?.iterate();
  let last: number | undefined;
  while (rows) {
    const next = attempt(() => rows.next());
    if (!next) break;
    if (next.done) return { isWhole: true, last };
    // The columns are what the statement names.
    const record = next.value as unknown as Found;
    last = record.place;
    take(record);
  }
  return { isWhole: false, last };
}

function prepared(from: DatabaseSync, sql: string): StatementSync | undefined {
  return attempt(() => from.prepare(sql));
}

/** Nothing where the damage is. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // What cannot be read is what is lost; the caller counts it.
    return undefined;
  }
}
