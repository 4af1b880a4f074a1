import type { DatabaseSync } from "node:sqlite";
import { GatewayError } from "openclaw/plugin-sdk";
import type { IndexValue } from "openclaw/plugin-sdk";

/** A record as it stands in the file. */
export interface Row {
  readonly id: string;
  readonly value: string;
}

const NAME = /^(?!sqlite_)[a-z][a-z0-9_.-]{0,63}$/;
const FIELD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** Keeps the names of fields apart from `id` and `value`. */
const PREFIX = "by_";
/** Rows that are read at once while an index is built. */
const BATCH = 500;

export function isCollectionName(name: string): boolean {
  return NAME.test(name);
}

/** Names become part of statements, so they must be harmless. */
export function assertCollectionName(name: string): void {
  if (isCollectionName(name)) return;
  throw new GatewayError(
    "INVALID_REQUEST",
    `collection name "${name}" cannot be used; use up to 64 of a-z 0-9 _ . - starting with a letter`,
  );
}

/** The quoted column that holds an indexed field. */
export function columnOf(field: string): string {
  return `"${PREFIX}${field}"`;
}

/**
 * Makes the table of a collection, and exactly these indexed fields in it. A field that is new is computed from the
 * records there are; one that nobody declares any more goes, because nobody keeps it right. Needs a transaction.
 */
export function layOut(
  database: DatabaseSync,
  name: string,
  fields: ReadonlySet<string>,
  compute: (field: string, row: Row) => IndexValue,
): void {
  for (const field of fields) assertFieldName(name, field);
  database.exec(`CREATE TABLE IF NOT EXISTS "${name}" (id TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)`);
  const present = fieldsOf(database, name);
  for (const field of present) if (!fields.has(field)) dropField(database, name, field);
  for (const field of fields) if (!present.has(field)) addField(database, name, field, (row) => compute(field, row));
}

function assertFieldName(collection: string, field: string): void {
  if (FIELD.test(field)) return;
  throw new GatewayError(
    "INVALID_REQUEST",
    `index "${field}" of collection "${collection}" cannot be used; use letters, digits and _ in its name`,
  );
}

function fieldsOf(database: DatabaseSync, name: string): Set<string> {
  const columns = database.prepare(`PRAGMA table_info("${name}")`).all() as { name: string }[];
  return new Set(columns.filter((one) => one.name.startsWith(PREFIX)).map((one) => one.name.slice(PREFIX.length)));
}

function dropField(database: DatabaseSync, name: string, field: string): void {
  database.exec(`DROP INDEX IF EXISTS ${indexOf(name, field)}; ALTER TABLE "${name}" DROP COLUMN ${columnOf(field)}`);
}

function addField(database: DatabaseSync, name: string, field: string, compute: (row: Row) => IndexValue): void {
  const column = columnOf(field);
  database.exec(`ALTER TABLE "${name}" ADD COLUMN ${column}`);
  const next = database.prepare(
    `SELECT rowid AS place, id, value FROM "${name}" WHERE rowid > ? ORDER BY rowid LIMIT ${BATCH}`,
  );
  const set = database.prepare(`UPDATE "${name}" SET ${column} = ? WHERE rowid = ?`);
  let rows: (Row & { place: number })[] = [];
  do {
    // The columns are what the statement names.
    rows = next.all(rows.at(-1)?.place ?? 0) as unknown as typeof rows;
    for (const row of rows) set.run(compute(row), row.place);
  } while (rows.length === BATCH);
  database.exec(`CREATE INDEX ${indexOf(name, field)} ON "${name}" (${column}, id)`);
}

function indexOf(name: string, field: string): string {
  return `"${name}:${field}"`;
}
