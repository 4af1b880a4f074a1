import { constants } from "node:fs";
import { lstat, open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ensureDirectory, GatewayError, isOpenedAt, writeFileAtomic } from "openclaw/plugin-sdk";

/** Larger files are not edited in memory. */
export const MAX_TEXT_BYTES = 5 * 1024 * 1024;
const NEW_FILE_MODE = 0o600;

/** Open a regular file by its real path, to read. A pipe or device would be waited for, or read for ever. */
export async function openFile(path: string, name: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    // The last part is no link any more; one that appeared meanwhile is not followed.
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new GatewayError("INVALID_REQUEST", `cannot read ${name}: ${openReason(error)}`, { cause: error });
  }
  const facts = await file.stat();
  const isThere = await isOpenedAt(file, path);
  if (facts.isFile() && isThere) return file;
  await file.close();
  if (!isThere) throw moved(name);
  const kind = facts.isDirectory() ? "a folder" : "no regular file";
  throw new GatewayError("INVALID_REQUEST", `cannot read ${name}: it is ${kind}`);
}

/** The whole text of a file. Refuses what is too large or no text. */
export async function readText(path: string, name: string): Promise<string> {
  const file = await openFile(path, name);
  try {
    const { size } = await file.stat();
    if (size > MAX_TEXT_BYTES) throw new GatewayError("INVALID_REQUEST", `${name} is too large to edit: ${size} bytes`);
    const bytes = await file.readFile();
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new GatewayError("INVALID_REQUEST", `${name} is no UTF-8 text and cannot be edited`, { cause });
    }
  } finally {
    await file.close();
  }
}

/** Replace a file by its real path, or make it with its folders. It keeps the mode it has. */
export async function writeText(path: string, name: string, text: string): Promise<void> {
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES)
    throw new GatewayError("INVALID_REQUEST", `content for ${name} is larger than ${MAX_TEXT_BYTES} bytes`);
  const facts = await lstat(path).catch(() => undefined);
  if (facts && !facts.isFile()) {
    const kind = facts.isDirectory() ? "a folder" : "no regular file";
    throw new GatewayError("INVALID_REQUEST", `cannot write ${name}: it is ${kind}`);
  }
  try {
    ensureDirectory(dirname(path));
    await inFolder(path, name, (held) =>
      writeFileAtomic(held, text, {
        mode: facts ? facts.mode & 0o7777 : NEW_FILE_MODE,
        fsync: false,
        throughLinks: false,
      }),
    );
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    throw new GatewayError("INVALID_REQUEST", `cannot write ${name}: ${openReason(error)}`, { cause: error });
  }
}

/** Remove a file by its real path. */
export function removeFile(path: string, name: string): Promise<void> {
  return inFolder(path, name, (held) => rm(held, { force: true }));
}

/**
 * Do something to a file in its folder, which is held: where the system lets us name an open folder, it is that one that
 * is changed, whatever its path means by then.
 */
async function inFolder(path: string, name: string, work: (held: string) => Promise<void>): Promise<void> {
  const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0 } = constants;
  // A folder cannot be opened on Windows.
  if (process.platform === "win32") return work(path);
  const folder = await open(dirname(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    if (!(await isOpenedAt(folder, dirname(path)))) throw moved(name);
    await work(process.platform === "linux" ? join(`/proc/self/fd/${folder.fd}`, basename(path)) : path);
  } finally {
    await folder.close();
  }
}

function moved(name: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `${name} leads somewhere else by now; try again`);
}

function openReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "no permission";
  if (code === "ENOSPC") return "the disk is full";
  if (code === "ELOOP") return "it has become a link";
  if (code === "ENOTDIR" || code === "EEXIST") return "a part of the path is no folder";
  return code ?? message;
}
