import { closeSync, existsSync, openSync, readdirSync, readSync, renameSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { compareText, ensureDirectory, tightenMode, loadSqlite } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import { failure, isDamage } from "./failure.ts";
import { FORMATS, formatOf, formatText, migrate, setFormat } from "./format.ts";
import type { Format, Formats } from "./format.ts";
import { salvage } from "./salvage.ts";

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** Why nothing may be written: the file belongs to another program or a newer version. */
  readonly refusal: string | undefined;
  /** What was lost with a damaged file that this one has taken the place of. */
  readonly loss: string | undefined;
}

export interface OpenOptions {
  readonly file: string;
  readonly log: Logger;
  readonly formats?: Formats;
}

/** Says that a file is ours, in its header (`PRAGMA application_id`): "oclw". */
const APPLICATION_ID = 0x6f_63_6c_77;
/** Reads and writes are synchronous: somebody else's lock stops the gateway this long at most. */
const BUSY_MS = 1_000;
/** The log is cut to this after it has grown beyond it. */
const LOG_BYTES = 64 * 1024 * 1024;
/** SQLite keeps these beside the file and finds them by its name. */
const SIDE_FILES = ["", "-wal", "-shm"] as const;
const PRIVATE_FILE = 0o600;
/** What every SQLite file begins with. */
const MAGIC = Buffer.from("SQLite format 3\0");

/**
 * Opens the file, or makes it. A damaged file is moved aside whole, and what can be read of it is taken over into the
 * new one; a file of another program or a newer version is opened to read and stays as it is.
 */
export function openDatabase(options: OpenOptions): OpenedDatabase {
  const { file } = options;
  try {
    const fault = faultOf(file);
    if (fault !== undefined) return replaceDatabase(options, fault);
    try {
      return { ...open(options), loss: undefined };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return replaceDatabase(options, (error as Error).message);
    }
  } catch (error) {
    throw failure("open", file, error);
  }
}

/** Moves a damaged file, which nobody has open, out of the way and puts a new one in its place. */
export function replaceDatabase(options: OpenOptions, reason: string): OpenedDatabase {
  const { file, log } = options;
  const aside = moveAside(file);
  const opened = open(options);
  // SQLite clears away the log of a file without a header.
  const { records, damaged } = faultOf(aside) ? { records: 0, damaged: [] } : salvage(aside, opened.database);
  const taken =
    records === 0
      ? "the store starts empty"
      : `${records} records were taken over` +
        (damaged.length > 0 ? `, those that stood in its damaged parts are lost (${damaged.join(", ")})` : "");
  const loss = `${file} is damaged (${reason.replaceAll(/\s+/g, " ")}); it was moved to ${basename(aside)}, and ${taken}`;
  log.error(loss);
  return { ...opened, loss };
}

function open({ file, log, formats = FORMATS }: OpenOptions): Omit<OpenedDatabase, "loss"> {
  makePrivate(file, log);
  // The last one to close the file takes the log away.
  const endedCleanly = sizeOf(`${file}-wal`) === 0;
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    const refusal = refusalOf(database, file, formats.current);
    if (refusal !== undefined) {
      log.error(refusal);
      database.exec("PRAGMA query_only = ON");
      return { database, refusal };
    }
    if (!endedCleanly) check(database);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF");
    database.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`);
    if (applicationOf(database) === APPLICATION_ID) migrate(database, file, formats, log);
    else sign(database, formats.current);
    return { database, refusal };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * The first record in an empty log makes SQLite wait for the disk, which takes some 5 ms: with this one nobody waits for
 * what it is about. Writes what is there already.
 */
export function beginLog(database: DatabaseSync, file: string): void {
  if (sizeOf(`${file}-wal`) > 0) return;
  database.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${APPLICATION_ID}; COMMIT`);
}

/** Opens a file to look at it, whether a gateway has it open or not. Undefined when there is none. */
export function openToRead(file: string): DatabaseSync | undefined {
  if (!existsSync(file)) return undefined;
  const { DatabaseSync } = loadSqlite();
  return new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
}

/** Files that were moved aside because they were damaged, oldest first. */
export function damagedFiles(file: string): string[] {
  const names = existsSync(dirname(file)) ? readdirSync(dirname(file)) : [];
  const isOne = (name: string) => name.startsWith(`${basename(file)}.corrupt-`) && !/-(wal|shm)$/.test(name);
  return names.filter(isOne).toSorted(compareText);
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

function refusalOf(database: DatabaseSync, file: string, current: Format): string | undefined {
  const owner = applicationOf(database);
  const found = formatOf(database);
  const remedy = "nothing is written to it; move it away, or set another state directory";
  if (owner === APPLICATION_ID) {
    if (found.major <= current.major) return undefined;
    const known = formatText(current);
    return `${file} has format ${formatText(found)}, this version knows ${known}; nothing is written to it; update openclaw`;
  }
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as { tables: number };
  if (owner === 0 && found.major === 0 && found.minor === 0 && tables === 0) return undefined;
  return `${file} belongs to another program; ${remedy}`;
}

/** Throws what SQLite throws for a damaged file, also for damage that only a full look finds. */
function check(database: DatabaseSync): void {
  const [row] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
  if (row?.quick_check === "ok") return;
  throw Object.assign(new Error(row?.quick_check ?? "it cannot be checked"), { errcode: 11 });
}

function sign(database: DatabaseSync, format: Format): void {
  database.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${APPLICATION_ID}`);
  setFormat(database, format);
  database.exec("COMMIT");
}

function applicationOf(database: DatabaseSync): number {
  const row = database.prepare("PRAGMA application_id").get() as { application_id: number };
  return row.application_id;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Keeps what is there under a name of its own, so that a person can look at it. Never overwrites. */
function moveAside(file: string): string {
  const stamp = new Date().toISOString().replaceAll(":", "-");
  let target = `${file}.corrupt-${stamp}`;
  for (let count = 1; SIDE_FILES.some((end) => existsSync(`${target}${end}`)); count++) {
    target = `${file}.corrupt-${stamp}-${count}`;
  }
  for (const end of SIDE_FILES) if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, `${target}${end}`);
  return target;
}
