import type { Difference } from "./shape.ts";

/** A difference from the recorded product, and why it is there. */
export interface Known {
  /** Matched against `file case: difference`. */
  readonly where: RegExp;
  readonly why: string;
  /** Comes and goes with the pace of the machine; every other one has to be seen. */
  readonly maybe?: boolean;
}

const STRICTER = "our stricter choice: ";
const STATE = "the state of that day: ";

/** What every login is told. */
const NO_MODEL: Known = {
  where: /: payload\.(sessions\.)?defaults\.\w+ is null, was /,
  why: `${STATE}a model was configured`,
};
const MORE_CONFIG: Known = {
  where: /: payload\.(config|parsed)\.[\w.]+ is missing$/,
  why: `${STATE}the configuration had more in it`,
};
const OTHER_MODEL: Known = {
  where: /: payload\.(config|parsed)\.(models|agents)\.[\w.[\]]+ is /,
  why: `${STATE}the model was another one, and written in the longer form`,
};
const OTHER_CLIENTS: Known = {
  where: /: payload(\.snapshot\.presence)?\[\]\.(deviceId|instanceId|scopes|deviceFamily|modelIdentifier) is missing$/,
  why: `${STATE}other clients had been there`,
};
const ADDRESS: Known = {
  where: /: payload(\.snapshot\.presence)?\[\]\.ip is missing$/,
  why: `${STATE}the machine had an address outside`,
};
const RETRYABLE: Known = {
  where: /: error\.(retryable|retryAfterMs) is new$/,
  why: "protocol.md §12: what may be tried again says so; established clients do not look",
};
const OWN_SCHEMA: Known = {
  where: /: payload\.(schema|uiHints)\.[\w.]+ is missing$/,
  why: "our configuration has a schema of its own",
};
const FOREIGN_HOST: Known = {
  where: / (host-header-nonlocal|ui-remote-nodevice): upgrade refused with 421$/,
  why: `${STRICTER}S-02, a foreign Host is refused before anything else`,
};
const USED_ELSEWHERE: Known = {
  where:
    /: payload\.(entry|sessions\[\])\.(channel|lastChannel|lastTo|deliveryContext|thinkingLevel|chatType|origin|label|displayName) is missing$/,
  why: `${STATE}the session had been used and named elsewhere`,
};
const HOMEPAGE: Known = {
  where: /: payload\.skills\[\]\.homepage is missing$/,
  why: `${STATE}there were skills with a home page`,
};
const MORE_ALLOWED: Known = {
  where: /: payload\.file\.\w+(\.\w+)? is missing$/,
  why: `${STATE}more had been allowed`,
};

/**
 * By capture, what may differ. Every other difference fails the test, and so does one that stands here and is
 * not seen any more.
 */
export const INTENDED: Readonly<Record<string, readonly Known[]>> = {
  "agent-two-phase": [
    OTHER_CLIENTS,
    {
      where: /: r1[13]: payload\.status is error, was ok$/,
      why: "protocol.md §9.2: a run that failed says so, in an answer that is ok",
    },
    {
      where: /: r1[13]: payload\.result\.meta\.(agentMeta|systemPromptReport) is missing$/,
      why: "agent.md §2.1: only an answer tells of the model that gave it",
    },
    {
      where:
        /: (agent lifecycle end of run-agent-7: payload\.data\.aborted|chat end of run-agent-7: payload\.message) is missing$/,
      why: "protocol.md §16 row 5: a run that took too long ends as an error",
    },
    {
      where: /: r15: (ok is true|payload\.status is ok|error is missing)/,
      why: "protocol.md §9.6: a delivery that has to wait fails nobody's run; it is queued, and says so",
    },
  ],
  agents: [
    { where: /: stays open, was closed with 1012/, why: "sessions.md §8: agents come and go without a restart" },
  ],
  "channels-configured": [
    NO_MODEL,
    {
      where: /\.(lastStartAt|lastStopAt|lastError|lastDisconnect|mode) is (an integer|string|object), was null$/,
      why: `${STATE}the channels had been kept from starting`,
    },
    {
      where: /\.(probe is missing|lastProbeAt is (missing|null, was an integer))$/,
      why: "protocol.md §17: networks are asked when somebody wants to know, not because a client came",
    },
    {
      where: /: r[789]: error\.(code is "NOT_LINKED"|message is "WhatsApp: not linked to a phone; run )/,
      why: "protocol.md §16 row 5: what is not linked says so, and what to run",
    },
  ],
  chat: [
    {
      where: /: r9: /,
      why: "protocol.md §9.3: chat.abort compares canonical keys, the product what was typed",
    },
  ],
  "chat-error-and-busy": [
    {
      where: /: there is no chat end of rbusy-2$/,
      why: "agent.md §4: a queued message keeps its run and is not told to have ended before it began",
    },
  ],
  "chat-tool-events": [
    USED_ELSEWHERE,
    {
      where: /: payload\.(entry|result\.meta)\.(sessionFile|skillsSnapshot|systemPromptReport) is missing$/,
      why: "the transcript is found by the session's id",
    },
    {
      where: /: payload\.entry\.skillsSnapshot\.prompt is missing$/,
      why: "sessions.md §2: what a session remembers of skills is not their prompt",
    },
    {
      where: /(there is no agent tool update|result\.details is missing$)/,
      why: "the tool was over before it had something to tell",
    },
  ],
  "cli-agent-run": [OTHER_CLIENTS],
  "cli-commands": [
    ADDRESS,
    MORE_CONFIG,
    NO_MODEL,
    OTHER_CLIENTS,
    OTHER_MODEL,
    {
      where: / devices-approve: <uuid:37>: (ok is false, was true|payload is missing|error is new)$/,
      why: `${STATE}a device waited for approval`,
    },
    {
      where: / cron-status: <uuid:\d+>: payload\.nextWakeAtMs is an integer, was null$/,
      why: `${STATE}there was no job yet`,
    },
    { where: / nodes-invoke: <uuid:99>: /, why: `${STATE}the node was away at first` },
  ],
  "cli-nodes-run-with-approval": [OTHER_CLIENTS],
  "config-patch-apply-restart": [MORE_CONFIG],
  "config-read-write": [
    MORE_CONFIG,
    {
      where: /: (r6|r8): error\.details\.issues\[\]\.(message|path) is /,
      why: "config.md §15: the words of the schema library",
    },
    {
      where: /: (no event shutdown|stays open, was closed with 1012)/,
      why: "config.md §12: config.set has no restart of its own, the reload plan decides",
    },
  ],
  "connect-cli-health": [],
  "control-ui-browser": [
    NO_MODEL,
    USED_ELSEWHERE,
    OWN_SCHEMA,
    MORE_CONFIG,
    OTHER_MODEL,
    MORE_ALLOWED,
    HOMEPAGE,
    { where: /: payload is null, was object$/, why: `${STATE}a heartbeat had run` },
    {
      where: /: payload\.messages\[\]\.(details|content\[\]\.\w+) is /,
      why: `${STATE}the session had been used, with the tool exec`,
    },
  ],
  cron: [
    { where: /: r4: error\.message is "schedule\.at is in the past: /, why: `${STATE}the time of it` },
    {
      where: /: r(8|9|15|19): error\.(code is "INVALID_REQUEST"|message is )/,
      why: "cron.md §1.3: what is wrong with a request is INVALID_REQUEST, with the field where there is one",
    },
    {
      where: /: cron: payload\.nextRunAtMs is missing$/,
      why: "cron.md §4: a job that has run once has no next time; the product repeats the old one",
    },
  ],
  "device-and-node-pairing": [RETRYABLE],
  "exec-approvals": [],
  "frames-malformed": [
    { where: /: 7: /, why: "protocol.md §16 row 2: a number is a request id and the answer carries it" },
    {
      where: /: : error\.message is ".*characters; at \/id: must be number; at \/id: must match/,
      why: "protocol.md §16 row 2: the same first part, then that an id may be a number too",
    },
  ],
  "handshake-accepted": [OTHER_CLIENTS],
  "handshake-password-mode": [FOREIGN_HOST],
  "handshake-rejected": [
    FOREIGN_HOST,
    {
      where: / bad-json: close is 1008 "invalid request frame", was 1000 ""$/,
      why: "protocol.md §16 row 19: a first frame that is not JSON closes like any other bad one",
    },
    {
      where: / (integer-id|seed-connect-shape): /,
      why: "protocol.md §16 row 2: a number is a request id and the answer carries it",
    },
  ],
  "node-host-pairing-and-invoke": [],
  presence: [NO_MODEL],
  "read-methods-and-errors": [
    RETRYABLE,
    MORE_CONFIG,
    NO_MODEL,
    MORE_ALLOWED,
    OWN_SCHEMA,
    HOMEPAGE,
    { where: /: r16: payload\.nextWakeAtMs is null, was /, why: `${STATE}there was a job` },
    { where: /: r28: payload\.sessionId is missing$/, why: `${STATE}the session had been used` },
    { where: /: r53: (ok|payload|error) is /, why: `${STATE}the session had been used` },
  ],
  "scopes-every-method": [
    NO_MODEL,
    { where: / none: /, why: `${STRICTER}a scope that nobody knows is refused at the login` },
  ],
  sessions: [
    ADDRESS,
    OTHER_CLIENTS,
    NO_MODEL,
    USED_ELSEWHERE,
    {
      where: /: payload\.entry\.skillsSnapshot\.prompt is missing$/,
      why: "sessions.md §2: what a session remembers of skills is not their prompt",
    },
    {
      where: /: r(4: |5: payload\.entry\.(provider|model)Override is missing)/,
      why: "sessions.md §5: a model that nobody could answer with is refused",
    },
    {
      where: /: r17: payload\.kept is missing$/,
      why: "sessions.md §5: without a number of lines the model makes a summary, or says why there is nothing to make",
    },
    { where: /: r18: payload\.archived is missing$/, why: `${STATE}there was bookkeeping to leave out` },
  ],
  "shutdown-sigterm": [
    {
      where: /: r1: payload\.snapshot\.health\.\w+ is missing$/,
      why: "this client comes as soon as the port is open, before there is a report",
      maybe: true,
    },
    {
      where: /: payload\.restartExpectedMs is missing$/,
      why: "protocol.md §14: absent on a stop; the product sends null against its own schema",
    },
  ],
  tick: [],
  wizard: [],
};

/** What may differ in the replay of this capture. */
export function intendedOf(file: string): readonly Known[] {
  return INTENDED[file] ?? [];
}

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
