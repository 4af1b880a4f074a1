import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { lstat, open, readdir, readlink, realpath, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isErrno } from "./errno.ts";
import { faultPoint } from "./fault-point.ts";
import { renameOver } from "./rename-over.ts";

export interface WriteOptions {
  /** What the file ends up with, whatever the umask is. */
  readonly mode?: number;
  /** Off only for what may be lost with the power. */
  readonly fsync?: boolean;
  /** Off to replace a link instead of what it leads to. */
  readonly throughLinks?: boolean;
}

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const MAX_LINKS = 40;
const TEMP_NAME = /\.\d+\.[0-9a-f]+\.tmp$/;

/**
 * Replaces the whole file: readers see the old content or the new one, and so does the next start after a crash. A link
 * is written through to its target; missing directories are created. When it throws, the old file is as it was.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { mode = PRIVATE_FILE, fsync = true, throughLinks = true }: WriteOptions = {},
): Promise<void> {
  const target = throughLinks ? await followLinks(path) : path;
  const directory = dirname(target);
  ensureDirectory(directory);
  const temp = tempPath(target);
  try {
    const file = await open(temp, "wx", mode);
    try {
      await file.chmod(mode);
      giveToOwnerOf(directory, file.fd);
      await file.writeFile(data);
      if (fsync) await file.sync();
    } finally {
      await file.close();
    }
    faultPoint("file.rename");
    await renameOver(temp, target);
    faultPoint("file.renamed");
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
  if (fsync) await syncDirectory(directory);
}

/** Creates the directory and its missing parents for their owner alone. What exists keeps its mode. */
export function ensureDirectory(path: string): void {
  if (isDirectory(path)) return;
  const parent = dirname(resolve(path));
  ensureDirectory(parent);
  try {
    fs.mkdirSync(path, PRIVATE_DIRECTORY);
  } catch (error) {
    // another process may have been faster
    if (isErrno(error, "EEXIST") && isDirectory(path)) return;
    throw error;
  }
  // a umask can have made it narrower, never wider
  fs.chmodSync(path, PRIVATE_DIRECTORY);
  giveToOwnerOf(parent, path);
}

/** Takes away the permissions that `mode` does not have. True if there were any; false for a file that is not there. */
export function tightenMode(path: string, mode: number): boolean {
  const current = fs.statSync(path, { throwIfNoEntry: false })?.mode;
  // modes mean nothing on Windows
  if (current === undefined || process.platform === "win32" || (current & 0o777 & ~mode) === 0) return false;
  fs.chmodSync(path, current & (0o7000 | mode));
  return true;
}

/**
 * Adds one line, given without its line break, in one write. A missing file is created with the mode, a link is refused.
 * When it throws, the file ends with a whole line still.
 */
export function appendLine(path: string, line: string, options?: { readonly mode?: number }): void {
  appendLines(path, [line], options);
}

/** As {@link appendLine}, several of them in one write. */
export function appendLines(
  path: string,
  lines: readonly string[],
  { mode = PRIVATE_FILE }: { readonly mode?: number } = {},
): void {
  if (lines.some((line) => /[\n\r]/.test(line)))
    throw new Error(`cannot append to ${basename(path)}: the line holds a line break`);
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  faultPoint("line.append");
  const file = openToAppend(path, mode);
  try {
    const written = fs.writeSync(file, bytes);
    if (written < bytes.length) {
      // the next line would be glued to the torn one
      fs.ftruncateSync(file, fs.fstatSync(file).size - written);
      throw new Error(`cannot append to ${basename(path)}: no room for ${bytes.length} bytes`);
    }
  } finally {
    fs.closeSync(file);
  }
  faultPoint("line.appended");
}

/** Removes what interrupted writes left in a directory longer ago than `olderThanMs`. Resolves with the names. */
export async function removeStaleTemps(directory: string, olderThanMs: number): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await namesIn(directory)) {
    if (!TEMP_NAME.test(name)) continue;
    const path = join(directory, name);
    try {
      const info = await lstat(path);
      if (!info.isFile() || Date.now() - info.mtimeMs < olderThanMs) continue;
      await rm(path);
      removed.push(name);
    } catch (error) {
      // its writer has just finished
      if (!isErrno(error, "ENOENT")) throw error;
    }
  }
  return removed;
}

/** A name beside `path` for something short-lived; `id` is hexadecimal. `removeStaleTemps` knows it if it is left behind. */
export function tempPath(path: string, pid = process.pid, id = randomBytes(6).toString("hex")): string {
  return `${path}.${pid}.${id}.tmp`;
}

/** Files that root makes in a user's directory belong to that user, who could not read them otherwise. */
export function giveToOwnerOf(directory: string, file: string | number): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = fs.statSync(directory);
  if (uid === 0) return;
  if (typeof file === "number") fs.fchownSync(file, uid, gid);
  else fs.lchownSync(file, uid, gid);
}

function openToAppend(path: string, mode: number): number {
  const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = fs.constants;
  const flags = O_WRONLY | O_APPEND | O_NOFOLLOW;
  try {
    return fs.openSync(path, flags);
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
  ensureDirectory(dirname(path));
  let file: number;
  try {
    file = fs.openSync(path, flags | O_CREAT | O_EXCL, mode);
  } catch (error) {
    // another process may have been faster
    if (isErrno(error, "EEXIST")) return fs.openSync(path, flags);
    throw error;
  }
  fs.fchmodSync(file, mode);
  giveToOwnerOf(dirname(path), file);
  return file;
}

/** Where a write to `path` ends up. The last target need not exist. */
async function followLinks(path: string): Promise<string> {
  let target = resolve(path);
  for (let count = 0; count < MAX_LINKS; count++) {
    const link = await linkAt(target);
    if (link === undefined) return target;
    target = resolve(await realpath(dirname(target)), link);
  }
  throw new Error(`cannot write ${path}: too many links`);
}

/** Where a link leads. Undefined for what is none: looked at first, because most are none and an error costs more. */
async function linkAt(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch (error) {
    // nothing there yet, or a link no more
    if (isErrno(error, "EINVAL", "ENOENT", "UNKNOWN")) return undefined;
    throw error;
  }
}

async function syncDirectory(path: string): Promise<void> {
  // a directory cannot be opened on Windows
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } catch (error) {
    // some network and FUSE file systems cannot, and have no more to offer
    if (!isErrno(error, "EINVAL", "ENOTSUP", "ENOSYS")) throw error;
  } finally {
    await directory.close();
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}

function isDirectory(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
