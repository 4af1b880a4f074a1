import { randomBytes } from "node:crypto";
import { lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureDirectory } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";

/**
 * The seeds' names for what has other names here (state.md §4.1): `agents/default` for the default agent's folder and
 * `main.jsonl` for the transcript of a main session. Both are conveniences: where links cannot be made there are none.
 */
export interface Links {
  /** `agents/default`, unless `isTaken` by an agent that is really called so. */
  linkDefaultAgent(agentId: string, isTaken: boolean): void;
  /** `main.jsonl` beside the transcript. */
  linkMain(transcript: string): void;
}

export function createLinks(stateDir: string, log: Logger): Links {
  const agents = join(stateDir, "agents");

  function attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      log.debug(`no link ${what}: ${(error as Error).message}`);
    }
  }

  return {
    linkDefaultAgent(agentId, isTaken) {
      const link = join(agents, "default");
      attempt(link, () => {
        ensureDirectory(join(agents, agentId, "sessions"));
        if (!isTaken) point(link, agentId);
        else if (targetOf(link) !== undefined) rmSync(link);
      });
    },

    linkMain(transcript) {
      const directory = dirname(transcript);
      const link = join(directory, "main.jsonl");
      attempt(link, () => point(link, transcript.slice(directory.length + 1)));
    },
  };
}

/** Makes or moves a relative link in one step. What is no link is left alone. */
function point(link: string, target: string): void {
  ensureDirectory(dirname(link));
  const current = targetOf(link);
  if (current === target || (current === undefined && isThere(link))) return;
  const temp = `${link}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`;
  symlinkSync(target, temp);
  try {
    renameSync(temp, link);
  } catch (error) {
    rmSync(temp, { force: true });
    throw error;
  }
}

/** Where a link points, or nothing for what is no link. */
function targetOf(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
