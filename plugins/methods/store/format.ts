import { join, basename, dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { GatewayError } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import { backUp } from "./backup.ts";

/**
 * Layout of the file. A newer minor one only adds, so this version reads and writes it; a newer major one is read and
 * never written (reliability.md R-51).
 */
export interface Format {
  readonly major: number;
  readonly minor: number;
}

/** Brings a file from one major format to the next. Runs in a transaction with all the others. */
export type Migration = (database: DatabaseSync) => void;

export interface Formats {
  readonly current: Format;
  /** By the major format they start from. */
  readonly migrations: ReadonlyMap<number, Migration>;
}

export const FORMATS: Formats = { current: { major: 1, minor: 0 }, migrations: new Map() };

const MINOR_SHIFT = 0x1_00_00;

/** The format in the file's header (`PRAGMA user_version`). */
export function formatOf(database: DatabaseSync): Format {
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  return { major: version % MINOR_SHIFT, minor: Math.floor(version / MINOR_SHIFT) };
}

export function setFormat(database: DatabaseSync, { major, minor }: Format): void {
  database.exec(`PRAGMA user_version = ${minor * MINOR_SHIFT + major}`);
}

export function formatText({ major, minor }: Format): string {
  return minor === 0 ? String(major) : `${major}.${minor}`;
}

/**
 * Brings an older file to the current format, after a copy was put into `backups/`. All steps or none: when it
 * throws, the file is as it was.
 */
export function migrate(database: DatabaseSync, file: string, { current, migrations }: Formats, log: Logger): void {
  const found = formatOf(database);
  if (found.major === current.major) return;
  const steps: Migration[] = [];
  for (let major = found.major; major < current.major; major++) {
    const step = migrations.get(major);
    if (!step) throw new GatewayError("UNAVAILABLE", `${file} has format ${major}, which cannot be brought up to date`);
    steps.push(step);
  }
  const stamp = new Date().toISOString().replaceAll(":", "-");
  const copy = join(dirname(file), "backups", `migrate-store-${found.major}-${stamp}`, basename(file));
  backUp(database, copy);
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const step of steps) step(database);
    setFormat(database, current);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
  log.info(`${file} was brought from format ${formatText(found)} to ${formatText(current)}; a copy is ${copy}`);
}
