import { wrapUntrusted } from "openclaw/plugin-sdk";
import type { SessionsApi, SystemEventsApi } from "openclaw/plugin-sdk";
import { badRequest } from "openclaw/plugin-sdk/http-api";
import type { SessionRules } from "./session-key.ts";

export interface WakeAction {
  readonly text: string;
  readonly mode: "now" | "next-heartbeat";
  readonly agentId: string | undefined;
  readonly sessionKey: string | undefined;
  readonly isTrusted: boolean;
  readonly isSafe: boolean;
  readonly name: string;
}

export interface WakeParts {
  readonly events: SystemEventsApi;
  readonly sessions: SessionsApi;
  readonly rules: SessionRules;
}

/** Tells an agent something at the beginning of its next turn, which `now` asks for at once. */
export async function wake(action: WakeAction, { events, sessions, rules }: WakeParts): Promise<object> {
  const { text, mode, agentId, sessionKey, isTrusted, isSafe, name } = action;
  if (text.trim() === "") throw badRequest("text required");
  const target =
    sessionKey === undefined
      ? sessions.mainKey(rules.agent(agentId))
      : rules.place({ agentId, sessionKey, isTrusted }).sessionKey;
  await events.enqueue(isSafe ? text : wrapUntrusted(text, `webhook ${name}`), {
    sessionKey: target,
    contextKey: `hook:${name}`,
    isUntrusted: !isSafe,
  });
  events.wake({ mode, reason: mode === "now" ? "wake" : `hook:${name}`, sessionKey: target });
  return { ok: true, mode };
}
