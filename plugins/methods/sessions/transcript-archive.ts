import { constants } from "node:fs";
import { copyFile, link, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PART } from "./entry.ts";
import { isMissing } from "./transcript-failure.ts";

/** Part of an archived transcript's name that says when: an ISO time that every file system takes. */
export function timeStamp(now: number = Date.now()): string {
  return new Date(now).toISOString().replaceAll(":", "-");
}

/**
 * Renames a transcript and its older parts, so that only people find them (sessions.md §5). Resolves with where they
 * are now; nothing when there was none.
 */
export async function archiveTranscript(path: string, why: "deleted"): Promise<string[]> {
  const archived: string[] = [];
  for (const name of [basename(path), ...(await partsOf(path))]) {
    const target = `${join(dirname(path), name)}.${why}.${timeStamp()}`;
    try {
      await rename(join(dirname(path), name), target);
      archived.push(target);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return archived;
}

/** A second name for the file as it is now: what is written to the first name afterwards has to be a new file. */
export async function keepAs(path: string, target: string): Promise<void> {
  try {
    await link(path, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    // Not every file system has links.
    await copyFile(path, target, constants.COPYFILE_EXCL).catch(async (cause: unknown) => {
      await rm(target, { force: true });
      throw cause;
    });
  }
}

/** Names of the older parts of a transcript that grew too long, oldest first. */
export async function partsOf(path: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const base = basename(path, ".jsonl");
  return names.filter((name) => PART.test(name) && name.replace(PART, "") === base).toSorted();
}
