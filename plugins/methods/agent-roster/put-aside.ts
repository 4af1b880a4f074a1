import { existsSync } from "node:fs";
import { realpath, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { relative, resolve, sep } from "node:path";

export interface Unwanted {
  readonly path: string;
  /** Places that must stay as they are: nothing that holds one of them, or lies in it as a workspace, is moved. */
  readonly keep: readonly string[];
}

export interface PutAside {
  /** Where the folders are now. */
  readonly archived: readonly string[];
  /** Folders that stayed, because others need them or they could not be moved. */
  readonly kept: readonly string[];
}

/** Renames folders to `<name>.deleted.<time>` beside where they were. Nothing is unlinked. */
export async function putAside(
  unwanted: readonly Unwanted[],
  failed: (path: string, error: unknown) => void,
): Promise<PutAside> {
  const stamp = new Date().toISOString().replaceAll(":", "-");
  const archived: string[] = [];
  const kept: string[] = [];
  for (const { path, keep } of unwanted) {
    if (!existsSync(path)) continue;
    if (await isNeeded(path, [...keep, homedir(), process.cwd()])) {
      kept.push(path);
      continue;
    }
    const target = `${path}.deleted.${stamp}`;
    try {
      await rename(path, target);
      archived.push(target);
    } catch (error) {
      failed(path, error);
      kept.push(path);
    }
  }
  return { archived, kept };
}

async function isNeeded(path: string, places: readonly string[]): Promise<boolean> {
  const real = await realpath(path);
  for (const place of places) {
    const other = await realpath(place).catch(() => resolve(place));
    if (holds(real, other)) return true;
  }
  return false;
}

function holds(folder: string, place: string): boolean {
  const way = relative(folder, place);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`));
}
