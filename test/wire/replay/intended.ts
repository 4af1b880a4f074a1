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

  {
    where: /^chat chat: r9: /,
    why: "protocol.md §9.3: chat.abort compares canonical keys, the product what was typed",
  },
  {
    where: /^chat-error-and-busy .*: there is no chat end of rbusy-2$/,
    why: "agent.md §4: a queued message keeps its run and is not told to have ended before it began",
  },
  {
    where: /^sessions sessions: r(4: |5: payload\.entry\.(provider|model)Override is missing)/,
    why: "sessions.md §5: a model that nobody could answer with is refused",
  },
  {
    where: /^sessions sessions: r18: payload\.archived is missing$/,
    why: `${STATE}there was bookkeeping to leave out`,
  },
  { where: /^chat chat: chat end of rd-5: /, why: `${LATER}the command /status` },
  {
    where: /^chat-tool-events .*(there is no agent tool update|result\.details is missing$)/,
    why: `${LATER}the tool exec`,
  },
  { where: /^chat chat: r(2|6): payload\.messages\[\]\.details is missing$/, why: `${LATER}the tool exec` },
  {
    where:
      /: payload\.(entry|sessions\[\])\.(channel|lastChannel|lastTo|deliveryContext|thinkingLevel|chatType|origin|label|displayName) is missing$/,
    why: `${STATE}the session had been used and named elsewhere`,
  },
  {
    where: /: payload\.(entry|result\.meta)\.(sessionFile|skillsSnapshot|systemPromptReport) is missing$/,
    why: `${LATER}skills and the report of the prompt; the transcript is found by the session's id`,
  },

  {
    where: /^cli-commands devices-approve: <uuid:37>: (ok is false, was true|payload is missing|error is new)$/,
    why: `${STATE}a device waited for approval`,
  },
  { where: /^cli-commands nodes-invoke: <uuid:99>: /, why: `${STATE}the node was away at first` },
  {
    where: /^scopes-every-method none: /,
    why: `${STRICTER}a scope that nobody knows is refused at the login`,
  },
  {
    where: /: payload\.entry\.skillsSnapshot\.prompt is missing$/,
    why: "sessions.md §2: the text about skills is kept once, not in every entry",
  },
  { where: /: r9: payload\.skills\[\]\.homepage is missing$/, why: `${STATE}the skills were others` },

  // Fields of hello-ok.
  {
    where: /^shutdown-sigterm \S+: r1: payload\.snapshot\.health\.\w+ is missing$/,
    why: "this client comes as soon as the port is open, before there is a report",
  },
  { where: /: payload\.canvasHostUrl is missing$/, why: `${LATER}the canvas host` },
  { where: /: payload(\.snapshot\.presence)?\[\]\.ip is missing$/, why: `${STATE}the machine had an address outside` },
  {
    where: /: payload\.snapshot\.presence\[\]\.(deviceId|instanceId|scopes|deviceFamily|modelIdentifier) is missing$/,
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

  {
    where: /^agents \S+: stays open, was closed with 1012/,
    why: "sessions.md §8: agents come and go without a restart",
  },
  {
    where: /^(cli-commands|control-ui-browser) .*: payload\.(config|parsed)\.(models|agents)\.[\w.[\]]+ is /,
    why: `${STATE}the model was another one, and written in the longer form`,
  },
  {
    where: /^control-ui-browser .*: payload\.(schema|uiHints)\.[\w.]+ is missing$/,
    why: "our configuration has a schema of its own",
  },
  { where: /^control-ui-browser .*: payload is null, was object$/, why: `${STATE}a heartbeat had run` },
  { where: /: payload\.file\.\w+(\.\w+)? is missing$/, why: `${STATE}more had been allowed` },
  {
    where: /^control-ui-browser .*: payload\.messages\[\]\.(details|content\[\]\.\w+) is /,
    why: `${STATE}the session had been used, with the tool exec`,
  },
  { where: /: payload\[\]\.(deviceId|instanceId|scopes) is missing$/, why: `${STATE}other clients had been there` },

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
    where: /: payload\.messages\[\]\.usage\.cost is missing$/,
    why: "the agents plugin writes no cost beside the tokens of an answer (agent.md §11)",
  },
  {
    where: /: payload\.data\.meta is missing$/,
    why: "the agents plugin says nothing of what a tool was about (agent.md §5.1)",
  },
  {
    where: /: payload\.(entry|sessions\[\])\.abortedLastRun is missing$/,
    why: "the agents plugin does not note whether the last run was aborted (sessions.md §2)",
  },
];

/** Events that other things of that day caused, not the recorded client. */
export const OTHERS_EVENTS: ReadonlySet<string> = new Set([
  "agent",
  "chat",
  "cron",
  "device.pair.resolved",
  "heartbeat",
  "voicewake.changed",
  "talk.mode",
  "presence",
]);

/** Additional keys inside payloads and error details are safe for established clients (protocol.md §2). */
export function isSafeAddition({ kind, path }: Difference): boolean {
  return kind === "extra" && /^(payload[.[]|error\.details)/.test(path);
}
