import { closeSync, existsSync, openSync, readSync, renameSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { ensureDirectory, tightenMode } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import { failure, isDamage } from "./failure.ts";
import { loadSqlite } from "./sqlite.ts";

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** Why nothing may be written: the file belongs to another program or a newer version. */
  readonly refusal: string | undefined;
}

/** Says that a file is ours, in its header (`PRAGMA application_id`): "oclw". */
const APPLICATION_ID = 0x6f_63_6c_77;
/** Layout of the file. A file with a higher one is only read. */
const FORMAT = 1;
/** Reads and writes are synchronous: somebody else's lock stops the gateway this long at most. */
const BUSY_MS = 1_000;
/** SQLite keeps these beside the file and finds them by its name. */
const SIDE_FILES = ["", "-wal", "-shm"] as const;
const PRIVATE_FILE = 0o600;
/** What every SQLite file begins with. */
const MAGIC = Buffer.from("SQLite format 3\0");

/**
 * Opens the file, or makes it. A damaged file is moved aside whole and a new one takes its place; a file of
 * another program or a newer version is opened to read and stays as it is.
 */
export function openDatabase(file: string, log: Logger): OpenedDatabase {
  try {
    const fault = faultOf(file);
    if (fault !== undefined) moveAside(file, fault, log);
    try {
      return open(file, log);
    } catch (error) {
      if (!isDamage(error)) throw error;
      moveAside(file, (error as Error).message.replaceAll(/\s+/g, " "), log);
      return open(file, log);
    }
  } catch (error) {
    throw failure("open", file, error);
  }
}

function open(file: string, log: Logger): OpenedDatabase {
  makePrivate(file, log);
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    const refusal = refusalOf(database, file);
    if (refusal !== undefined) {
      log.error(refusal);
      database.exec("PRAGMA query_only = ON");
      return { database, refusal };
    }
    check(database);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF");
    if (pragma(database, "application_id") !== APPLICATION_ID) sign(database);
    return { database, refusal };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * What is wrong at first sight. SQLite would take such a file for a new one or throw its log away, so it must not
 * see it. A file that was just being made when the process ended has no content either, and nothing to lose.
 */
function faultOf(file: string): string | undefined {
  if (!existsSync(file)) return existsSync(`${file}-wal`) ? "it is gone and its log is not" : undefined;
  const start = Buffer.alloc(MAGIC.length);
  const descriptor = openSync(file, "r");
  try {
    if (readSync(descriptor, start) === 0) return "it has no content";
    return start.equals(MAGIC) ? undefined : "it is not a database";
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the file for its owner alone. SQLite gives the files beside it the same mode. */
function makePrivate(file: string, log: Logger): void {
  ensureDirectory(dirname(file));
  if (!existsSync(file)) return closeSync(openSync(file, "wx", PRIVATE_FILE));
  for (const end of SIDE_FILES) {
    if (tightenMode(`${file}${end}`, PRIVATE_FILE)) log.warn(`${basename(file)}${end} was open to others; now 0600`);
  }
}

function refusalOf(database: DatabaseSync, file: string): string | undefined {
  const owner = pragma(database, "application_id");
  const format = pragma(database, "user_version");
  const remedy = "nothing is written to it; move it away, or set another state directory";
  if (owner === APPLICATION_ID) {
    if (format <= FORMAT) return undefined;
    return `${file} has format ${format}, this version knows ${FORMAT}; nothing is written to it; update openclaw`;
  }
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as { tables: number };
  if (owner === 0 && format === 0 && tables === 0) return undefined;
  return `${file} belongs to another program; ${remedy}`;
}

/** Throws what SQLite throws for a damaged file, also for damage that only a full look finds. */
function check(database: DatabaseSync): void {
  const [row] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
  if (row?.quick_check === "ok") return;
  throw Object.assign(new Error(row?.quick_check ?? "it cannot be checked"), { errcode: 11 });
}

function sign(database: DatabaseSync): void {
  database.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; COMMIT`);
}

function pragma(database: DatabaseSync, name: "application_id" | "user_version"): number {
  const row = database.prepare(`PRAGMA ${name}`).get() as Record<string, number>;
  return row[name] as number;
}

/** Keeps what is there under a name of its own, so that a person can look at it. Never overwrites. */
function moveAside(file: string, reason: string, log: Logger): void {
  const stamp = new Date().toISOString().replaceAll(":", "-");
  let target = `${file}.corrupt-${stamp}`;
  for (let count = 1; SIDE_FILES.some((end) => existsSync(`${target}${end}`)); count++) {
    target = `${file}.corrupt-${stamp}-${count}`;
  }
  for (const end of SIDE_FILES) if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, `${target}${end}`);
  log.error(`${file} is damaged (${reason}); it was moved to ${basename(target)}, and the store starts empty`);
}
