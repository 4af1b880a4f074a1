import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { GatewayError } from "openclaw/plugin-sdk";

const MAX_PATH = 4_096;

export interface Bounds {
  /** What relative paths are relative to; may be read and written. */
  readonly workspace: string;
  /** May be read only. */
  readonly readable: readonly string[];
  /** Other places may be used too, but not what is in `closed`. */
  readonly isOpen: boolean;
  /** The gateway's own files. What of it is in the workspace or readable is not closed. */
  readonly closed: string;
  readonly home: string;
  /** What the workspace is called, for people. Default: its path. */
  readonly shown?: string;
}

/**
 * The real path of `given`, when it is one that may be touched. Links are followed before anything is decided, so that
 * no name inside the bounds leads out of them (security.md S-28).
 */
export async function confine(given: string, intent: "read" | "write", bounds: Bounds): Promise<string> {
  const path = plainPath(given, bounds);
  const { real, isLink } = await realPath(path);
  if (isLink) throw refused(`${given} is a link to nothing`);
  const mine = intent === "read" ? [bounds.workspace, ...bounds.readable] : [bounds.workspace];
  const isOurs = await isWithin(bounds.closed, real);
  for (const folder of mine) {
    // The narrower of two folders decides: a workspace inside of ours is open, ours inside of a workspace is closed.
    if ((await isWithin(folder, real)) && !(isOurs && (await isWithin(folder, bounds.closed)))) return real;
  }
  if (bounds.isOpen && !isOurs) return real;
  if (real !== path && isInside(bounds.workspace, path)) throw refused(`${given} leads out of the workspace by a link`);
  if (bounds.shown !== undefined)
    throw refused(`${given} is outside of the workspace ${bounds.shown}; what else is in the sandbox is for exec`);
  const remedy = isOurs ? "files of the gateway are not for tools" : "set tools.fs.workspaceOnly to false to allow it";
  throw refused(`${given} is outside of the workspace ${bounds.workspace}; ${remedy}`);
}

function plainPath(given: string, { workspace, home }: Bounds): string {
  if (given.trim() === "") throw refused("path must not be empty");
  if (given.length > MAX_PATH) throw refused(`path is longer than ${MAX_PATH} characters`);
  if (given.includes("\0")) throw refused("path has a zero character");
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(given)) throw refused(`${given.slice(0, 100)} is an address and no path`);
  const expanded = given === "~" || given.startsWith("~/") ? join(home, given.slice(1)) : given;
  return isAbsolute(expanded) ? resolve(expanded) : resolve(workspace, expanded);
}

/** Where `path` really is; of what does not exist yet, where it would be. */
async function realPath(path: string): Promise<{ real: string; isLink: boolean }> {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return { real: join(await realpath(at), ...missing), isLink: false };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") throw refused(`cannot use ${path}: ${reasonOf(code)}`, error);
      // A link that leads nowhere yet would decide where a write ends up.
      if (await exists(at)) return { real: path, isLink: true };
      if (dirname(at) === at) return { real: path, isLink: false };
      missing.unshift(basename(at));
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function isWithin(folder: string, path: string): Promise<boolean> {
  const [root, inner] = await Promise.all([realPath(folder), realPath(path)]);
  return isInside(root.real, inner.real);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function reasonOf(code: string | undefined): string {
  if (code === "ENOTDIR") return "a part of the path is no folder";
  if (code === "EACCES" || code === "EPERM") return "no permission";
  if (code === "ELOOP") return "its links go round in circles";
  if (code === "ENAMETOOLONG") return "a part of the path is too long";
  return code ?? "it cannot be read";
}

function refused(message: string, cause?: unknown): GatewayError {
  return new GatewayError("INVALID_REQUEST", message, cause === undefined ? {} : { cause });
}
