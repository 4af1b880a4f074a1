import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** Writes the file anew without the room that nothing uses. Returns the bytes won; none when there were few. */
export function compact(database: DatabaseSync, file: string): number {
  const size = () =>
    ["", "-wal"].reduce((sum, end) => sum + (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0), 0);
  const before = size();
  database.exec("PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  return Math.max(0, before - size());
}
