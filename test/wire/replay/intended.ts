import type { Difference } from "./shape.ts";

/** A difference from the recorded product that is meant, and why. */
export interface Intended {
  /** Matched against `file case: difference`. */
  readonly where: RegExp;
  readonly why: string;
}

const LATER = "comes with a later plugin: ";
const STRICTER = "our stricter choice: ";

/** Every difference not listed here fails the test. One that is gone should be taken off the list. */
export const INTENDED: readonly Intended[] = [
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
    where: /^handshake-rejected host-header-nonlocal: upgrade refused with 421$/,
    why: `${STRICTER}S-02, a foreign Host is refused before anything else`,
  },
  {
    where: /^handshake-password-mode ui-remote-nodevice: upgrade refused with 421$/,
    why: `${STRICTER}S-02, a foreign Host is refused before anything else`,
  },
  {
    where: /^handshake-accepted device-token-only: /,
    why: `${LATER}device tokens are taken by the devices plugin, through the authenticate hook`,
  },
  {
    where: /^handshake-accepted remote-paired-device: /,
    why: `${LATER}pairing is kept by the devices plugin; until then a remote device waits`,
  },
  {
    where: /^handshake-password-mode pw-remote-known: /,
    why: `${LATER}pairing is kept by the devices plugin; until then a remote device waits`,
  },

  // Fields of hello-ok.
  { where: /payload\.auth is missing$/, why: `${LATER}device tokens are issued by the devices plugin` },
  { where: /payload\.canvasHostUrl is missing$/, why: `${LATER}the canvas host` },
  { where: /payload\.snapshot\.sessionDefaults(\.scope)? is missing$/, why: `${LATER}sessions` },
  {
    where: /payload\.snapshot\.health\.\w+ is missing$/,
    why: "nobody has asked for the health of a fresh gateway yet",
  },
  { where: /presence\[\]\.(ip) is missing$/, why: "a machine without an outside address has none to tell" },
  {
    where: /presence\[\]\.(scopes|reason) is missing$/,
    why: "present in the other entries; absent values are omitted",
  },
  {
    where: /payload(\[\]|\.snapshot\.presence\[\])\.ip is missing$/,
    why: "a machine without an outside address has none",
  },

  // Fields of answers.
  {
    where: /error\.details\.requestId is missing$/,
    why: `${LATER}pairing requests are numbered by the devices plugin`,
  },
  {
    where: /shutdown: payload\.restartExpectedMs is missing$/,
    why: "protocol.md §14: absent on a stop, the product sends null against its own schema",
  },
  {
    where: /^frames-malformed frames: (7: ok|7: error is missing|7: payload)/,
    why: "protocol.md §16 row 2: a number is a request id",
  },
  {
    where: /^frames-malformed frames: : error\.message is ".*characters; at \/id: must be number; at \/id: must match/,
    why: "the same first part; the rest says that an id may be a number too",
  },
];

/** Events that other things of that day caused, not the recorded client. */
export const OTHERS_EVENTS = new Set([
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
  return (
    kind === "extra" &&
    (path.startsWith("payload.") || path.startsWith("payload[]") || path.startsWith("error.details"))
  );
}

export function reasonFor(what: string): string | undefined {
  return INTENDED.find(({ where }) => where.test(what))?.why;
}
