import { randomUUID } from "node:crypto";
import type { Client, MessagingApi, NodeEvent, SessionsApi, SystemEventsApi } from "openclaw/plugin-sdk";
import type { Followers } from "./followers.ts";
import { nodeIdOf } from "./registry.ts";

/** protocol.md §9.8: longer words start nothing. */
const MAX_TEXT = 20_000;
const MAX_OUTPUT = 2_000;

type Payload = Readonly<Record<string, unknown>>;

export interface NodeEventParts {
  readonly messaging: MessagingApi;
  readonly sessions: SessionsApi;
  readonly followers: Followers;
  readonly systemEvents: SystemEventsApi;
}

/** What a node sent with an event: an object, or nothing that counts. */
export function payloadOf(payload: unknown, payloadJSON: unknown): Payload {
  const value = typeof payloadJSON === "string" ? parsed(payloadJSON) : payload;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Payload) : {};
}

/** Do what a node's event asks for (protocol.md §9.8). Names that nobody knows ask for nothing. */
export async function follow(
  { event, payload }: NodeEvent,
  client: Client,
  { messaging, sessions, followers, systemEvents }: NodeEventParts,
): Promise<void> {
  const nodeId = nodeIdOf(client);
  const key = (fallback: string) => sessions.parseKey(text(payload["sessionKey"]) ?? fallback).canonical;
  const own = `node-${nodeId}`;
  switch (event) {
    case "chat.subscribe":
      if (text(payload["sessionKey"]) !== undefined) followers.add(client.connId, key(""));
      return;
    case "chat.unsubscribe":
      if (text(payload["sessionKey"]) !== undefined) followers.remove(client.connId, key(""));
      return;
    case "voice.transcript": {
      const words = spoken(payload["text"]);
      if (words !== undefined) await start(words, key(sessions.mainKey()), `voice-${randomUUID()}`);
      return;
    }
    case "agent.request": {
      const words = spoken(payload["message"]);
      if (words !== undefined) await start(words, key(own), `node-${randomUUID()}`);
      return;
    }
    case "exec.started":
    case "exec.finished":
    case "exec.denied":
      await systemEvents.enqueue(execText(event, nodeId, payload), { sessionKey: key(own) });
      return systemEvents.wake({ mode: "now", reason: "exec-event", sessionKey: key(own) });
    default:
      return;
  }

  async function start(words: string, sessionKey: string, runId: string): Promise<void> {
    const [channel, to] = [text(payload["channel"]), text(payload["to"])];
    const [thinking, seconds] = [text(payload["thinking"]), payload["timeoutSeconds"]];
    await messaging.accept({
      channel: "webchat",
      messageId: `node:${runId}`,
      runId,
      sessionKey,
      chatId: sessionKey,
      chatType: "direct",
      text: words,
      sender: { id: nodeId },
      ...(payload["deliver"] === true && channel && to && { replyTo: { channel, accountId: "default", to } }),
      options: {
        ...(thinking !== undefined && { thinking }),
        ...(typeof seconds === "number" && seconds > 0 && { timeoutMs: seconds * 1_000 }),
      },
    });
  }
}

function execText(event: string, nodeId: string, payload: Payload): string {
  const about = [`node=${nodeId}`, text(payload["runId"]) && `id=${text(payload["runId"])}`].filter(Boolean).join(", ");
  const command = text(payload["command"]) ?? "";
  if (event === "exec.started") return `Exec started (${about}): ${command}`;
  if (event === "exec.denied") return `Exec denied (${about}, ${text(payload["reason"]) ?? "denied"}): ${command}`;
  const end = payload["timedOut"] === true ? "timed out" : `code ${String(payload["exitCode"] ?? "unknown")}`;
  const output = text(payload["output"])?.slice(-MAX_OUTPUT);
  return `Exec finished (${about}, ${end})${output === undefined ? "" : `\n${output}`}`;
}

function spoken(value: unknown): string | undefined {
  const words = text(value);
  return words !== undefined && words.length <= MAX_TEXT ? words : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // The established gateway takes it for an event that says nothing.
    return undefined;
  }
}
