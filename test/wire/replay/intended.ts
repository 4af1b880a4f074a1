import type { Difference } from "./shape.ts";

/** A difference from the recorded product, and why it is there. */
export interface Known {
  /** Matched against `file case: difference`. */
  readonly where: RegExp;
  readonly why: string;
}

const LATER = "comes with a later plugin: ";
const STRICTER = "our stricter choice: ";
const STATE = "the state of that day: ";

/** Every difference that is in neither list fails the test. */
export const INTENDED: readonly Known[] = [
  // Whole cases, by what our side says instead.
  {
    where: /^handshake-rejected bad-json: close is 1008 "invalid request frame", was 1000 ""$/,
    why: "protocol.md §16 row 19: a first frame that is not JSON closes like any other bad one",
  },
  {
    where: /^handshake-rejected (integer-id|seed-connect-shape): /,
    why: "protocol.md §16 row 2: a number is a request id and the answer carries it",
  },
  {
    where: /^frames-malformed frames: 7: /,
    why: "protocol.md §16 row 2: a number is a request id and the answer carries it",
  },
  {
    where: /^frames-malformed frames: : error\.message is ".*characters; at \/id: must be number; at \/id: must match/,
    why: "protocol.md §16 row 2: the same first part, then that an id may be a number too",
  },
  {
    where: / (host-header-nonlocal|ui-remote-nodevice): upgrade refused with 421$/,
    why: `${STRICTER}S-02, a foreign Host is refused before anything else`,
  },
  {
    where: /: payload\.restartExpectedMs is missing$/,
    why: "protocol.md §14: absent on a stop; the product sends null against its own schema",
  },
  {
    where: /: error\.(retryable|retryAfterMs) is new$/,
    why: "protocol.md §12: what may be tried again says so; established clients do not look",
  },

  // Fields of hello-ok.
  { where: /: payload\.canvasHostUrl is missing$/, why: `${LATER}the canvas host` },
  { where: /: payload\.snapshot\.health\.\w+ is missing$/, why: `${STATE}a health report had been made before` },
  { where: /: payload(\.snapshot\.presence)?\[\]\.ip is missing$/, why: `${STATE}the machine had an address outside` },
  {
    where: /: payload\.snapshot\.presence\[\]\.(deviceId|instanceId|scopes) is missing$/,
    why: `${STATE}other clients had been there`,
  },

  // The configuration.
  {
    where: /^config-read-write \S+: (r6|r8): error\.details\.issues\[\]\.(message|path) is /,
    why: "config.md §15: the words of the schema library",
  },
  {
    where: /^config-read-write \S+: (no event shutdown|stays open, was closed with 1012)/,
    why: "config.md §12: config.set has no restart of its own, the reload plan decides",
  },

  // Answers that tell of the state and configuration of that day.
  { where: /: payload\.(sessions\.)?defaults\.\w+ is null, was /, why: `${STATE}a model was configured` },
  { where: /: payload\.(config|parsed)\.[\w.]+ is missing$/, why: `${STATE}the configuration had more in it` },
  { where: /: r28: payload\.sessionId is missing$/, why: `${STATE}the session had been used` },
  { where: /: r53: (ok|payload|error) is /, why: `${STATE}the session had been used` },
  { where: /: r24: payload\.(schema|uiHints)\.[\w.]+ is missing$/, why: "our configuration has a schema of its own" },
];

/** Differences that are not meant. They stand here until they are mended where they come from. */
export const GAPS: readonly Known[] = [
  {
    where: /: r47: /,
    why: "agent.identity.get does not refuse an agent that the session key contradicts (protocol.md §9.2)",
  },
];

/** Events that other things of that day caused, not the recorded client. */
export const OTHERS_EVENTS: ReadonlySet<string> = new Set([
  "agent",
  "chat",
  "cron",
  "heartbeat",
  "voicewake.changed",
  "talk.mode",
  "presence",
]);

/** Additional keys inside payloads and error details are safe for established clients (protocol.md §2). */
export function isSafeAddition({ kind, path }: Difference): boolean {
  return kind === "extra" && /^(payload[.[]|error\.details)/.test(path);
}
