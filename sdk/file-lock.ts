import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isErrno } from "./errno.ts";
import { ensureDirectory, giveToOwnerOf, tempPath } from "./files.ts";
import { isProcessAlive, startTimeOf } from "./process-life.ts";

export interface LockOptions {
  /** How long a living owner is waited for; 0 asks once. */
  readonly waitMs?: number;
  /** Written into the lock file for people and tools to read. */
  readonly info?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

export interface FileLock {
  /** Lets the next one in. Harmless when called again, or when the lock is somebody else's by now. */
  release(): void;
}

/** Somebody else holds the lock. */
export class LockedError extends Error {
  readonly path: string;
  /** Unknown while the owner is still writing the file. */
  readonly pid: number | undefined;

  constructor(path: string, pid: number | undefined) {
    super(`locked by pid ${pid ?? "unknown"} (${basename(path)})`);
    this.name = "LockedError";
    this.path = path;
    this.pid = pid;
  }
}

/** What a lock file says. `id` names one act of locking and never comes again. */
interface Owner {
  readonly id: string;
  readonly pid: number | undefined;
  readonly isAlive: boolean;
}

const DEFAULT_WAIT_MS = 5000;

/** A lock file without readable content is being written, unless it is older than this. */
const UNREADABLE_MS = 5000;

/**
 * Takes the lock at `path`, which is a file of its own and never the file it protects. The lock of a dead process is
 * taken over at once. Throws `LockedError` after `waitMs`.
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<FileLock> {
  const { waitMs = DEFAULT_WAIT_MS, info = {}, signal } = options;
  const id = randomBytes(16).toString("hex");
  const { pid } = process;
  const own = { pid, startTime: startTimeOf(pid), id, createdAt: new Date().toISOString() };
  const content = `${JSON.stringify({ ...own, ...info, ...own })}\n`;
  const deadline = performance.now() + waitMs;
  ensureDirectory(dirname(path));
  while (!tryLock(path, content)) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw new LockedError(path, ownerOf(path)?.pid);
    // uneven, so that those who wait do not all come at once
    await delay(Math.min(leftMs, 15 + Math.random() * 30), undefined, signal && { signal });
  }
  return {
    release() {
      if (ownerOf(path)?.id === id) fs.rmSync(path, { force: true });
    },
  };
}

function tryLock(path: string, content: string): boolean {
  try {
    const owner = ownerOf(path);
    return owner ? !owner.isAlive && takeOver(path, path, owner, content) : create(path, content);
  } catch (error) {
    // on Windows a file that others read or delete right now cannot be touched
    if (process.platform === "win32" && isErrno(error, "EPERM", "EBUSY", "EACCES")) return false;
    throw error;
  }
}

/**
 * Replaces the lock of a dead owner, and only that. Whoever wants to must first hold a claim, which is a lock of its own
 * named after the dead lock's id. Ids never come again, so a lock that still has this id under the claim cannot change
 * any more, however late its reader comes. The claim of a taker that died is taken over in the same way.
 */
function takeOver(path: string, base: string, dead: Owner, content: string): boolean {
  const claim = tempPath(base, dead.pid ?? 0, dead.id);
  const rival = ownerOf(claim);
  const isClaimed = rival ? !rival.isAlive && takeOver(claim, base, rival, content) : create(claim, content);
  if (!isClaimed) return false;
  const temp = tempPath(base);
  try {
    if (ownerOf(path)?.id !== dead.id) return false;
    writeNew(temp, content);
    fs.renameSync(temp, path);
    return true;
  } finally {
    fs.rmSync(temp, { force: true });
    fs.rmSync(claim, { force: true });
  }
}

/** False if the file exists. Whoever sees the new file sees its content, too. */
function create(path: string, content: string): boolean {
  const temp = tempPath(path);
  try {
    writeNew(temp, content);
    fs.linkSync(temp, path);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    if (!isErrno(error, "EPERM", "ENOTSUP", "ENOSYS", "EISDIR")) throw error;
  } finally {
    fs.rmSync(temp, { force: true });
  }
  // a file system without hard links: readers bear with the empty file for a moment
  try {
    writeNew(path, content);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

function writeNew(path: string, content: string): void {
  const file = fs.openSync(path, "wx", 0o600);
  try {
    fs.fchmodSync(file, 0o600);
    giveToOwnerOf(dirname(path), file);
    fs.writeFileSync(file, content);
  } catch (error) {
    fs.rmSync(path, { force: true });
    throw error;
  } finally {
    fs.closeSync(file);
  }
}

function ownerOf(path: string): Owner | undefined {
  let file: number;
  try {
    file = fs.openSync(path, "r");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
  try {
    const { ino, mtimeMs } = fs.fstatSync(file);
    const { pid, startTime, id } = parse(fs.readFileSync(file, "utf8"));
    const isAlive = pid === undefined ? Date.now() - mtimeMs < UNREADABLE_MS : isProcessAlive(pid, startTime);
    return { id: id ?? ino.toString(16) + Math.floor(mtimeMs).toString(16), pid, isAlive };
  } finally {
    fs.closeSync(file);
  }
}

/** What can be used of a lock file; other programs and torn writes leave all sorts of things. */
function parse(text: string): { pid?: number; startTime?: number; id?: string } {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof said !== "object" || said === null) return {};
  const { pid, startTime, id } = said as Record<string, unknown>; // any object can be read like this
  if (!Number.isSafeInteger(pid) || Number(pid) <= 0) return {};
  return {
    pid: Number(pid),
    ...(typeof startTime === "number" && { startTime }),
    // it becomes part of a file name
    ...(typeof id === "string" && /^[0-9a-f]{1,64}$/.test(id) && { id }),
  };
}
