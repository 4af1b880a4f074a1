import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { isErrno } from "../errno.ts";
import { execEnvironment, findProgram } from "../exec/index.ts";
import { ensureDirectory, giveToOwnerOf } from "../files.ts";
import { BOOTSTRAP_FILES, RITUAL, TEMPLATES } from "./templates.ts";

export interface PrepareOptions {
  /** Off: only the folder is made (`agents.defaults.skipBootstrap`). */
  readonly bootstrap?: boolean;
  /** Off: without the file of the first meeting, for an agent that somebody has described already. */
  readonly ritual?: boolean;
}

export interface PreparedWorkspace {
  /** There was nothing of an agent in it before. */
  readonly isNew: boolean;
  /** Names of the files that were made. */
  readonly created: readonly string[];
  /** Settles when the history of a new workspace is kept by git, or cannot be. Never rejects. */
  readonly history: Promise<boolean>;
}

const GIT_MS = 10_000;
const PRIVATE = 0o600;
const SHARED = 0o644;
const IGNORED = "media/\n*.lock\n.env\n";

/**
 * Makes what a workspace lacks and overwrites nothing: a few small files, at once, so that whoever reads them next finds
 * them. Throws when the folder cannot be made or written.
 */
export function prepareWorkspace(
  folder: string,
  { bootstrap = true, ritual = true }: PrepareOptions = {},
): PreparedWorkspace {
  const existed = existsSync(folder);
  ensureDirectory(folder);
  if (!statSync(folder).isDirectory()) throw new Error(`workspace ${folder} is not a folder`);
  const names = new Set(readdirSync(folder));
  const isNew = !BOOTSTRAP_FILES.some((name) => names.has(name)) && !names.has(".git");
  const created: string[] = [];
  for (const name of bootstrap ? BOOTSTRAP_FILES : []) {
    if (names.has(name) || (name === RITUAL && !(isNew && ritual))) continue;
    if (create(folder, name, TEMPLATES[name], existed ? SHARED : PRIVATE)) created.push(name);
  }
  const history = isNew && names.size === 0 && bootstrap ? keepHistory(folder) : Promise.resolve(false);
  return { isNew, created, history };
}

/** False when somebody else made it first, even as a link that leads nowhere. */
function create(folder: string, name: string, text: string, mode: number): boolean {
  const path = join(folder, name);
  try {
    writeFileSync(path, text, { flag: "wx", mode });
    giveToOwnerOf(folder, path);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

async function keepHistory(folder: string): Promise<boolean> {
  try {
    const git = await findProgram("git", { cwd: folder, path: process.env["PATH"] ?? "" });
    if (git === undefined) return false;
    const options = { cwd: folder, env: execEnvironment(process.env), timeout: GIT_MS };
    await promisify(execFile)(git, ["init", "--quiet"], options);
    create(folder, ".gitignore", IGNORED, PRIVATE);
    return true;
  } catch {
    // A history is a convenience; the workspace is whole without it.
    return false;
  }
}
