import { constants } from "node:fs";
import { chown, copyFile, lstat, stat } from "node:fs/promises";
import { join } from "node:path";
import { ensureDirectory, GatewayError } from "openclaw/plugin-sdk";
import { BOOTSTRAP_FILES } from "openclaw/plugin-sdk/workspace";
import type { SandboxSettings } from "openclaw/plugin-sdk/workspace";
import { folderName } from "./scope.ts";

/** Larger files are no instructions. */
const MAX_COPIED = 1024 * 1024;
const NOBODY_ELSE = 1_000;

/** The folder that is the workspace inside, and whose it is. */
export interface SandboxFolder {
  readonly root: string;
  readonly isWritable: boolean;
  /** User and group that own what is in it, as numbers. */
  readonly user: string;
  /** It was not there before. */
  readonly isNew: boolean;
}

/**
 * The folder of a scope. With `workspaceAccess: "none"` it is one of its own, which begins with copies of the files that
 * tell the agent who it is; else the agent's own workspace.
 */
export async function folderOf(
  settings: SandboxSettings,
  about: { readonly scopeKey: string; readonly workspace: string; readonly workspaceRoot: string },
): Promise<SandboxFolder> {
  const { scope, workspaceAccess, docker } = settings;
  if (workspaceAccess !== "none") {
    if (scope === "shared")
      throw new GatewayError(
        "UNAVAILABLE",
        'the sandbox cannot be used: agents that share one have no workspace in common; set sandbox.workspaceAccess to "none", or sandbox.scope to "agent"',
      );
    ensureDirectory(about.workspace);
    const isWritable = workspaceAccess === "rw";
    return { root: about.workspace, isWritable, user: docker.user ?? (await ownerOf(about.workspace)), isNew: false };
  }
  const root = join(about.workspaceRoot, folderName(about.scopeKey));
  const user = docker.user ?? ownUser();
  const isNew = !(await isThere(root));
  if (isNew) {
    ensureDirectory(root);
    await give(root, user);
    for (const name of BOOTSTRAP_FILES) await copy(join(about.workspace, name), join(root, name), user);
  }
  return { root, isWritable: true, user, isNew };
}

/** Ours, so that both sides can change the files; another one where we are root. */
function ownUser(): string {
  const [uid, gid] = [process.getuid?.() ?? NOBODY_ELSE, process.getgid?.() ?? NOBODY_ELSE];
  return uid === 0 ? `${NOBODY_ELSE}:${NOBODY_ELSE}` : `${uid}:${gid}`;
}

async function ownerOf(folder: string): Promise<string> {
  if (process.getuid === undefined) return ownUser();
  const { uid, gid } = await stat(folder);
  if (uid !== 0) return `${uid}:${gid}`;
  throw new GatewayError(
    "UNAVAILABLE",
    'the sandbox cannot be used: the workspace belongs to root, as who nothing should run in a container; give it to another user, or set sandbox.docker.user to "0:0"',
  );
}

/** Only root can give, and only root needs to. */
async function give(path: string, user: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const [uid = 0, gid = uid] = user.split(":").map(Number);
  await chown(path, uid, gid);
}

async function copy(from: string, to: string, user: string): Promise<void> {
  try {
    const facts = await lstat(from);
    if (!facts.isFile() || facts.size > MAX_COPIED) return;
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await give(to, user);
  } catch (error) {
    // An agent need not have all of them, and what is there already stays.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
