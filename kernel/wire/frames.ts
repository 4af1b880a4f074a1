import { MAX_JSON_DEPTH } from "openclaw/plugin-sdk";
import type { ErrorShape, StateVersion } from "openclaw/plugin-sdk";

/** Nesting allowed once a client has logged in. */
export const MAX_DEPTH = 64;

export const TOO_DEEP = Symbol("too deep");
export const NOT_JSON = Symbol("not JSON");

/** The value of a frame's text, or why it is refused. Nesting is counted before anything is built. */
export function parseFrame(text: string, maxDepth: number = MAX_JSON_DEPTH): unknown {
  // n levels need at least 2n characters, so most frames skip the count.
  if (text.length > 2 * maxDepth && deeperThan(text, maxDepth)) return TOO_DEEP;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Reported by the caller, which knows whether the client has logged in.
    return NOT_JSON;
  }
}

function deeperThan(text: string, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 92) i++;
      else if (c === 34) inString = false;
    } else if (c === 34) inString = true;
    else if (c === 123 || c === 91) {
      if (++depth > max) return true;
    } else if (c === 125 || c === 93) depth--;
  }
  return false;
}

const SUSPECT = /__proto__|constructor|prototype|\\u/;
const POLLUTING = new Set(["__proto__", "constructor", "prototype"]);

/** JSON pointer and name of a key that could reach a prototype, if `text` (parsed: `value`) holds one. */
export function pollutingKey(text: string, value: unknown): { path: string; key: string } | undefined {
  return SUSPECT.test(text) ? findPolluting(value, "") : undefined;
}

function findPolluting(value: unknown, path: string): { path: string; key: string } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(value) && POLLUTING.has(key)) return { path, key };
    const found = findPolluting(member, `${path}/${key}`);
    if (found) return found;
  }
  return undefined;
}

export type FrameId = string | number;

export function okFrame(id: FrameId, payload: unknown): string {
  return JSON.stringify({ type: "res", id, ok: true, payload });
}

export function errorFrame(id: unknown, error: ErrorShape, payload?: unknown): string {
  return JSON.stringify({ type: "res", id, ok: false, payload, error });
}

/** One event, serialised once for everybody who gets it. */
export function eventFrame(event: string, payload: unknown, seq?: number, stateVersion?: StateVersion): Buffer {
  return Buffer.from(JSON.stringify({ type: "event", event, payload, seq, stateVersion }));
}

const CLOSE_BYTES = 120;

/** A close reason may have 123 bytes of UTF-8; the protocol stops at 120 (protocol.md §12). */
export function closeReason(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= CLOSE_BYTES) return text;
  // A cut inside a character leaves a replacement character at the end.
  return bytes
    .subarray(0, CLOSE_BYTES)
    .toString()
    .replace(/\uFFFD+$/, "");
}
