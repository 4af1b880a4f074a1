import { readlink, realpath, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

/**
 * Is what was opened at the real path `path` still there? A folder on the way may have become a link between the look at
 * the path and the opening (security.md S-28). On Linux the system says where an open file is; elsewhere the path is
 * looked at once more.
 */
export async function isOpenedAt(file: FileHandle, path: string): Promise<boolean> {
  if (process.platform === "linux") {
    const at = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
    // One that was replaced by a newer one meanwhile was there.
    if (at !== undefined) return at === path || at === `${path} (deleted)`;
  }
  const [opened, real, there] = await Promise.all([
    file.stat(),
    realpath(path).catch(() => undefined),
    stat(path).catch(() => undefined),
  ]);
  return real === path && there?.ino === opened.ino && there.dev === opened.dev;
}
