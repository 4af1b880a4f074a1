import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface LogFile {
  readonly path: string;
  readonly id: string;
  readonly writtenAt: bigint;
}

/** The file with `id` and those begun after it, oldest first. Empty when it is not there any more. */
export async function filesSince(path: string, id: string): Promise<LogFile[]> {
  const files = await logFiles(path);
  const first = files.findIndex((file) => file.id === id);
  return first < 0 ? [] : files.slice(first);
}

/** The file that was written to last, of those that rotation makes of `path`; any day stands for every day. */
export async function newestLog(path: string): Promise<string | undefined> {
  return (await logFiles(path)).at(-1)?.path;
}

async function logFiles(path: string): Promise<LogFile[]> {
  const family = familyOf(path);
  const names = await readdir(dirname(path)).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => family.test(name))
      .map(async (name) => {
        const file = join(dirname(path), name);
        // Removed, or renamed, since it was listed: then the next look finds it.
        const info = await stat(file, { bigint: true }).catch(() => undefined);
        return info?.isFile() ? { path: file, id: String(info.ino), writtenAt: info.mtimeNs } : undefined;
      }),
  );
  return found.filter((file) => file !== undefined).toSorted(byAge);
}

/** Rotation renames `x.log` to `x.1.log` and that to `x.2.log`; each day has a name of its own (state.md §8). */
function familyOf(path: string): RegExp {
  const stem = basename(path, ".log").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const anyDay = stem.replace(/\d{4}-\d{2}-\d{2}|YYYY-MM-DD/, "\\d{4}-\\d{2}-\\d{2}");
  return new RegExp(`^${anyDay}(\\.\\d+)?(\\.log)?$`);
}

/** The clock of a file system is coarse: of two files of one moment the higher number is the older. */
function byAge(a: LogFile, b: LogFile): number {
  if (a.writtenAt !== b.writtenAt) return a.writtenAt < b.writtenAt ? -1 : 1;
  const number = ({ path }: LogFile) => Number(/\.(\d+)(\.log)?$/.exec(path)?.[1] ?? 0);
  return number(b) - number(a);
}
