import { join } from "node:path";
import {
  Agents,
  closed,
  definePlugin,
  NonEmptyString,
  oneOf,
  Sessions,
  System,
  SystemEvents,
} from "openclaw/plugin-sdk";
import type { RestartNote, SystemEvent, SystemEventsApi } from "openclaw/plugin-sdk";
import { EventQueue } from "./event-queue.ts";
import { createHeartbeatState } from "./heartbeat-state.ts";
import { WokenShape } from "./shape.ts";

/** After the handlers that plugins order by priority: the events stand first in the prompt. */
const LAST = 1_000_000;

export default definePlugin((gateway) => {
  const sessions = gateway.use(Sessions);
  const heartbeats = createHeartbeatState(gateway);
  const path = join(gateway.paths.stateDir, "system-events.json");
  const queue = gateway.keep("queue", () => new EventQueue(path, gateway.log));
  gateway.own("queue", () => queue.close());

  const keyOf = (given?: string) => (given === undefined ? sessions.mainKey() : sessions.parseKey(given).canonical);
  const api: SystemEventsApi = {
    async enqueue(given, { sessionKey, contextKey, isUntrusted } = {}) {
      const text = given.trim();
      const event = {
        text,
        ts: Date.now(),
        ...(contextKey !== undefined && { contextKey }),
        ...(isUntrusted === true && { isUntrusted }),
      };
      return text !== "" && (await queue.add(keyOf(sessionKey), event));
    },
    pending: (sessionKey) => queue.pending(keyOf(sessionKey)),
    wake({ mode, reason, sessionKey }) {
      void hooks.wake.promise({ mode, reason, sessionKey: keyOf(sessionKey) });
    },
    heartbeatsEnabled: heartbeats.enabled,
    heartbeatEnded: heartbeats.ended,
  };
  const hooks = gateway.provide(SystemEvents, api);

  /** A note on disk may have been written by anybody. */
  function isKey(text: string): boolean {
    try {
      return sessions.parseKey(text).canonical !== "";
    } catch {
      // It says what is wrong with the key; the main session takes the note instead.
      return false;
    }
  }

  gateway.method({
    name: "wake",
    scope: "operator.write",
    params: closed({ mode: oneOf(["now", "next-heartbeat"]), text: NonEmptyString }),
    result: WokenShape,
    async handle({ mode, text }) {
      if (text.trim() === "") return { ok: false };
      await api.enqueue(text);
      api.wake({ mode, reason: "wake" });
      return { ok: true };
    },
  });

  const agents = gateway.hooks.of(Agents);
  /** By session, for the run that is its turn: what its rights were decided on is what its prompt has. */
  const taken = new Map<string, readonly SystemEvent[]>();
  agents.othersSpeak.tap(async ({ sessionKey, runId }) => {
    const events = await queue.take(keyOf(sessionKey), runId);
    taken.set(sessionKey, events);
    return events.some(({ isUntrusted }) => isUntrusted) || undefined;
  });
  agents.beforeTurn.tap({ stage: LAST }, async (prompt, { sessionKey, runId }) => {
    const events = taken.get(sessionKey) ?? (await queue.take(keyOf(sessionKey), runId));
    if (events.length === 0) return undefined;
    return { ...prompt, text: [...events.map(promptLine), "", prompt.text].join("\n") };
  });
  agents.afterTurn.tap(({ sessionKey }) => {
    taken.delete(sessionKey);
    return queue.settle(keyOf(sessionKey));
  });

  const system = gateway.hooks.of(System);
  system.status.tap((report) => ({ ...report, queuedSystemEvents: api.pending().map(({ text }) => text) }));
  system.restarted.tap(async (note) => {
    const sessionKey = note.sessionKey !== undefined && isKey(note.sessionKey) ? note.sessionKey : sessions.mainKey();
    await api.enqueue(restartText(note), { sessionKey });
    api.wake({ mode: "now", reason: "restart", sessionKey });
  });
});

/** A further line of an event that looks like one of its own: what a command printed, for one (security.md S-42). */
const FORGED = /([\n\r\u2028\u2029]\s*)(?=System: \[)/gi;

function promptLine({ text, ts }: SystemEvent): string {
  const time = new Date(ts).toISOString().slice(0, 19);
  return `System: [${time}Z] ${text.replaceAll(FORGED, "$1> ")}`;
}

function restartText({ kind, status, message, stats }: RestartNote): string {
  const cause = typeof stats?.["mode"] === "string" ? stats["mode"] : kind;
  return `The gateway has restarted after ${cause} (${status})${message ? `: ${message}` : ""}`;
}
