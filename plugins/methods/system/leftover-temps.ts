import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { removeStaleTemps } from "openclaw/plugin-sdk";

/** A writer that is at work has touched its file more lately (reliability.md R-14). */
const OLD_MS = 3_600_000;
const DEPTH = 4;
/** What people and programs of theirs keep there is not ours to tidy. */
const OTHERS = /^(workspace(-.*)?|extensions|skills|media|node_modules|\..*)$/;

/** Removes what writes that were cut off have left in the state directory. Resolves with the paths. */
export async function removeLeftoverTemps(stateDir: string): Promise<string[]> {
  const removed: string[] = [];
  const visit = async (directory: string, depth: number): Promise<void> => {
    for (const name of await removeStaleTemps(directory, OLD_MS)) removed.push(join(directory, name));
    if (depth === 0) return;
    for (const entry of await readdir(directory, { withFileTypes: true }))
      if (entry.isDirectory() && !OTHERS.test(entry.name)) await visit(join(directory, entry.name), depth - 1);
  };
  await visit(stateDir, DEPTH);
  return removed;
}
