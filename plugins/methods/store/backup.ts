import { closeSync, existsSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { ensureDirectory, GatewayError } from "openclaw/plugin-sdk";

const PRIVATE_FILE = 0o600;

/** Writes what the database holds at this moment into a new file, which is there whole or not at all. */
export function backUp(database: DatabaseSync, target: string): void {
  if (existsSync(target)) {
    throw new GatewayError("INVALID_REQUEST", `${target} exists; name a file that does not`);
  }
  ensureDirectory(dirname(target));
  const temp = `${target}.${process.pid}.tmp`;
  try {
    // SQLite fills a file that is empty and keeps its mode.
    closeSync(openSync(temp, "wx", PRIVATE_FILE));
    database.prepare("VACUUM INTO ?").run(temp);
    renameSync(temp, target);
  } catch (error) {
    rmSync(temp, { force: true });
    throw error;
  }
}
