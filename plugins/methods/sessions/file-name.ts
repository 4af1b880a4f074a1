import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { SessionEntry } from "openclaw/plugin-sdk";

const ENDING = ".jsonl";
const SAFE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
/** Name of the link that stands for the main session's transcript. */
const TAKEN = "main";
const HASH_LENGTH = 32;

/**
 * What a session's transcript is called: by its id, or as an established writer called it, such as
 * `<sessionId>-topic-<topic>.jsonl`. No name leads out of its folder (state.md §2).
 */
export function transcriptName({ sessionId, ...entry }: SessionEntry): string {
  const sessionFile = entry["sessionFile"];
  const given = typeof sessionFile === "string" ? basename(sessionFile.replaceAll("\\", "/"), ENDING) : "";
  if (given.startsWith(`${sessionId}-`) && isSafe(given)) return given + ENDING;
  return (isSafe(sessionId) ? sessionId : hashOf(sessionId)) + ENDING;
}

function isSafe(name: string): boolean {
  return SAFE.test(name) && !name.includes("..") && name !== TAKEN;
}

function hashOf(sessionId: string): string {
  return createHash("sha256").update(sessionId).digest("hex").slice(0, HASH_LENGTH);
}
