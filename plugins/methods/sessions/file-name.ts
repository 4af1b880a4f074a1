import { createHash } from "node:crypto";

const SAFE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
/** Name of the link that stands for the main session's transcript. */
const TAKEN = "main";
const HASH_LENGTH = 32;

/** What a session's transcript is called, without its ending. No id leads out of its directory (state.md §2). */
export function transcriptName(sessionId: string): string {
  if (SAFE.test(sessionId) && !sessionId.includes("..") && sessionId !== TAKEN) return sessionId;
  return createHash("sha256").update(sessionId).digest("hex").slice(0, HASH_LENGTH);
}
