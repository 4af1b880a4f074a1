import { createHash, randomUUID } from "node:crypto";
import { anyThinkingLevel, GatewayError, wrapUntrusted } from "openclaw/plugin-sdk";
import type { MessagingApi, ModelsApi, SessionsApi } from "openclaw/plugin-sdk";
import { badRequest } from "openclaw/plugin-sdk/http-api";
import { addressOf } from "./delivery.ts";
import type { DeliveryRequest } from "./delivery.ts";
import type { Endings } from "./endings.ts";
import type { SessionRules } from "./session-key.ts";

export interface AgentAction extends DeliveryRequest {
  readonly message: string;
  readonly name: string;
  readonly agentId: string | undefined;
  readonly sessionKey: string | undefined;
  /** The key was not chosen by somebody outside. */
  readonly isTrusted: boolean;
  /** The message was not written by somebody outside. */
  readonly isSafe: boolean;
  readonly wakeMode: "now" | "next-heartbeat";
  readonly model: string | undefined;
  readonly thinking: string | undefined;
  readonly timeoutSeconds: number | undefined;
  /** What a repeat of the request has too. */
  readonly repeatKey: string | undefined;
}

export interface AgentParts {
  readonly messaging: MessagingApi;
  readonly sessions: SessionsApi;
  readonly models: ModelsApi;
  readonly rules: SessionRules;
  readonly endings: Endings;
}

export interface Begun {
  readonly runId: string;
  /** Of a request that a process before this one has taken in, unknown. */
  readonly workId: string | undefined;
}

/** Has an agent work on what a webhook says, in a session of its own: durable when it resolves. */
export async function runAgent(action: AgentAction, parts: AgentParts): Promise<Begun> {
  const { messaging, sessions, models, rules, endings } = parts;
  const { message, name, model, thinking, timeoutSeconds, wakeMode, isSafe, repeatKey } = action;
  if (message.trim() === "") throw badRequest("message required");
  const id = repeatKey === undefined ? randomUUID() : uuidOf(repeatKey);
  const { agentId, sessionKey } = rules.place({ ...action, fallbackId: id });
  if (model !== undefined) await models.choose(model, agentId);
  const replyTo = await addressOf(action, agentId, parts);
  const options = {
    lane: "cron",
    ownTurn: true,
    // Whoever sends webhooks is nobody's owner (security.md S-43).
    commandAuthorized: false,
    hook: { name, wakeMode, mainKey: sessions.mainKey(agentId), isSafe },
    ...(model !== undefined && { model }),
    ...(thinking !== undefined && { thinking: anyThinkingLevel(thinking) }),
    ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1_000 }),
  };
  const runId = `hook-${id}`;
  try {
    const { work } = await messaging.accept({
      channel: "webchat",
      messageId: runId,
      runId,
      sessionKey,
      chatId: sessionKey,
      chatType: "direct",
      text: isSafe ? message : wrapUntrusted(message, `webhook ${name}`),
      sender: { id: "webhook" },
      ...(replyTo && { replyTo }),
      options,
    });
    endings.follow(work);
    return { runId, workId: work.id };
  } catch (error) {
    // The marks around a text differ each time, so a repeat is never word for word what was taken in.
    const isRepeat = error instanceof GatewayError && error.details?.["code"] === "CONFLICT";
    if (repeatKey === undefined || !isRepeat) throw error;
    return { runId, workId: undefined };
  }
}

function uuidOf(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
