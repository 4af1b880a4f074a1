import type { BigIntStats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface LogFile {
  readonly path: string;
  readonly id: string;
}

const NUMBERED = /^(.*?)(?:\.(\d+))?(?:\.log)?$/;

/** Stays with a file when it is renamed; a number alone is soon given to another one. */
export function idOf({ ino, birthtimeNs }: BigIntStats): string {
  return `${ino}-${birthtimeNs}`;
}

/** The file with `id` and those begun after it, oldest first. Empty when it is not there any more. */
export async function filesSince(path: string, id: string): Promise<LogFile[]> {
  const current = await lookAt(path);
  if (current?.id === id) return [current];
  const files = await settledFiles(path);
  const first = files.findIndex((file) => file.id === id);
  return first < 0 ? [] : files.slice(first);
}

/** A rotation in the middle of a look can hide a file from it; two looks that agree have met none. */
async function settledFiles(path: string): Promise<LogFile[]> {
  const names = (files: readonly LogFile[]) => files.map((file) => `${file.path} ${file.id}`).join("\n");
  let [before, now] = [await logFiles(path), await logFiles(path)];
  while (names(before) !== names(now)) [before, now] = [now, await logFiles(path)];
  return now;
}

/** The file that is written to now, of those that rotation makes of `path`; any day stands for every day. */
export async function newestLog(path: string): Promise<string | undefined> {
  return (await logFiles(path)).at(-1)?.path;
}

async function logFiles(path: string): Promise<LogFile[]> {
  const family = familyOf(path);
  const names = await readdir(dirname(path)).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => family.test(name)).map((name) => lookAt(join(dirname(path), name))),
  );
  return found.filter((file) => file !== undefined).toSorted(byAge);
}

async function lookAt(path: string): Promise<LogFile | undefined> {
  // Removed or renamed a moment ago: the next look finds what is there then.
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return info?.isFile() ? { path, id: idOf(info) } : undefined;
}

/** Rotation renames `x.log` to `x.1.log` and that to `x.2.log`; each day has a name of its own (state.md §8). */
function familyOf(path: string): RegExp {
  const stem = basename(path, ".log").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const anyDay = stem.replace(/\d{4}-\d{2}-\d{2}|YYYY-MM-DD/, "\\d{4}-\\d{2}-\\d{2}");
  return new RegExp(`^${anyDay}(\\.\\d+)?(\\.log)?$`);
}

/** A later day is later; within a day the higher number is the older file, and the one without any the newest. */
function byAge(a: LogFile, b: LogFile): number {
  const [, stemA = "", numberA = 0] = NUMBERED.exec(a.path) ?? [];
  const [, stemB = "", numberB = 0] = NUMBERED.exec(b.path) ?? [];
  return stemA === stemB ? Number(numberB) - Number(numberA) : stemA < stemB ? -1 : 1;
}
