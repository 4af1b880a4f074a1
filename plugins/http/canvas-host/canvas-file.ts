import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** A file that may be served. Whoever gets one closes its handle. */
export interface CanvasFile {
  readonly handle: FileHandle;
  readonly size: number;
  readonly name: string;
}

export type Found =
  | { readonly file: CanvasFile }
  /** A directory that was asked for without its slash. */
  | { readonly redirect: true }
  /** A directory without a page. */
  | { readonly missingIndex: string }
  | undefined;

/**
 * The file below `root` that a URL path names (security.md S-28). Decoded once; nothing that could leave the root is
 * looked at, and what was opened is held against the real root once more.
 */
export async function findFile(root: string, path: string): Promise<Found> {
  const names = decoded(path);
  if (!names) return undefined;
  const isDirectory = path === "" || path.endsWith("/");
  const wanted = join(root, ...names, ...(isDirectory ? ["index.html"] : []));
  const file = await openInside(root, wanted);
  if (file === "directory") return { redirect: true };
  if (file) return { file };
  if (isDirectory && (await isInside(root, join(root, ...names))))
    return { missingIndex: [...names, "index.html"].join("/") };
  return undefined;
}

/** The names of a path, or nothing for one that is not plain. */
function decoded(path: string): string[] | undefined {
  let text: string;
  try {
    text = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  // A second round of decoding would find more: such a name is nobody's.
  if (/[\0\\:]/.test(text) || /%(2e|2f|5c|00|25)/i.test(text)) return undefined;
  const names = text.split("/").filter((name) => name !== "");
  return names.some((name) => name === "." || name === ".." || name.startsWith(".")) ? undefined : names;
}

async function openInside(root: string, path: string): Promise<CanvasFile | "directory" | undefined> {
  const real = await isInside(root, path);
  if (real === undefined) return undefined;
  let handle: FileHandle;
  try {
    handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stat = await handle.stat();
    const still = await isInside(root, path);
    if (stat.isDirectory() && still === real) return await handle.close().then(() => "directory" as const);
    // A pipe or a device is no page, and a link may have been moved meanwhile.
    if (stat.isFile() && still === real) return { handle, size: stat.size, name: real };
  } catch {
    // Gone between two looks.
  }
  await handle.close();
  return undefined;
}

/** The real path, if it lies in the real root. */
async function isInside(root: string, path: string): Promise<string | undefined> {
  try {
    const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]);
    const way = relative(realRoot, real);
    return way === "" || (way !== ".." && !way.startsWith(`..${sep}`)) ? real : undefined;
  } catch {
    return undefined;
  }
}
