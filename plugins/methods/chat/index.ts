import {
  Agents,
  Chat,
  closed,
  definePlugin,
  emitToFollowers,
  GatewayError,
  Messaging,
  Nodes,
  NonEmptyString,
  Sessions,
  Type,
} from "openclaw/plugin-sdk";
import type { Call, Work } from "openclaw/plugin-sdk";
import { assistantMessage, ChatEvents } from "./chat-events.ts";
import type { ChatEvent } from "./chat-events.ts";
import { chatHistory } from "./history.ts";
import { createInject } from "./inject.ts";

/** Whole messages that stop what runs instead of starting something (protocol.md §9.3). */
const STOP_WORDS = new Set(["/stop", "stop", "esc", "abort", "wait", "exit", "interrupt"]);

export default definePlugin((gateway) => {
  const messaging = gateway.use(Messaging);
  const sessions = gateway.use(Sessions);
  const agents = gateway.use(Agents);
  const events = new ChatEvents(emitToFollowers(gateway.use(Nodes), gateway.event<ChatEvent>("chat")));
  const inject = createInject(sessions, events);

  gateway.provide(Chat, { inject });
  gateway.hooks.of(Agents).runEvent.tap((event) => events.follow(event));

  gateway.method({
    name: "chat.history",
    scope: "operator.read",
    params: closed({ sessionKey: NonEmptyString, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }),
    handle: ({ sessionKey, limit }) => chatHistory(sessions, sessionKey, limit),
  });
  gateway.method({
    name: "chat.send",
    scope: "operator.write",
    params: closed({
      sessionKey: NonEmptyString,
      message: Type.String(),
      thinking: Type.Optional(Type.String()),
      deliver: Type.Optional(Type.Boolean()),
      attachments: Type.Optional(Type.Array(Type.Unknown())),
      timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })),
      idempotencyKey: NonEmptyString,
    }),
    handle: (params, call) => send(params, call),
  });
  gateway.method({
    name: "chat.abort",
    scope: "operator.write",
    params: closed({ sessionKey: NonEmptyString, runId: Type.Optional(NonEmptyString) }),
    handle({ sessionKey, runId }) {
      const key = sessions.parseKey(sessionKey).canonical;
      const run = runId === undefined ? undefined : agents.run(runId);
      if (run && run.sessionKey !== key) throw new GatewayError("INVALID_REQUEST", "runId does not match sessionKey");
      return stop(key, "rpc", runId);
    },
  });
  gateway.method({
    name: "chat.inject",
    scope: "operator.admin",
    params: closed({
      sessionKey: NonEmptyString,
      message: NonEmptyString,
      label: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    async handle({ sessionKey, message, label }) {
      const text = label ? `[${label}]\n\n${message}` : message;
      return { ok: true, ...(await inject(sessionKey, text, "gateway-injected")) };
    },
  });

  interface SendParams {
    readonly sessionKey: string;
    readonly message: string;
    readonly thinking?: string;
    readonly attachments?: readonly unknown[];
    readonly timeoutMs?: number;
    readonly idempotencyKey: string;
  }

  async function send(
    { sessionKey, message, thinking, attachments, timeoutMs, idempotencyKey }: SendParams,
    { client }: Call,
  ): Promise<object> {
    const key = sessions.parseKey(sessionKey).canonical;
    if (message.trim() === "" && !attachments?.length)
      throw new GatewayError("INVALID_REQUEST", "message or attachment required");
    if (attachments?.length)
      throw new GatewayError("INVALID_REQUEST", "attachments are not supported by this gateway yet");
    if (STOP_WORDS.has(message.trim().toLowerCase())) return stop(key, "stop");
    const runId = idempotencyKey;
    if (client.caps.has("tool-events")) agents.watch(runId, client.connId);
    const { work, duplicate } = await messaging.accept({
      channel: "webchat",
      messageId: `chat:${runId}`,
      runId,
      sessionKey: key,
      chatId: key,
      chatType: "direct",
      text: message,
      sender: { id: client.deviceId ?? client.connect.client.id },
      options: { ...(timeoutMs !== undefined && { timeoutMs }), ...(thinking !== undefined && { thinking }) },
    });
    if (duplicate) return repeated(work, message);
    void follow(work);
    return { runId, status: "started" };
  }

  /** The answer to a key that was used before: what has become of it. */
  function repeated({ runId, state, result, envelope }: Work, message: string): object {
    if (envelope.text !== message) {
      throw new GatewayError("INVALID_REQUEST", "idempotency key was used with other parameters", {
        details: { code: "CONFLICT" },
      });
    }
    if (state === "queued" || state === "running") return { runId, status: "in_flight" };
    return result?.status === "ok"
      ? { runId, status: "ok" }
      : { runId, status: "error", summary: result?.error?.message };
  }

  /** Work that ends without a run, such as a command, gets its chat event here. */
  async function follow(work: Work): Promise<void> {
    const ended = await messaging.ended(work.id, gateway.signal).catch(unlessClosing);
    if (!ended || agents.run(ended.runId)) return;
    const { result, runId, sessionKey } = ended;
    const text = result?.payloads.map((payload) => payload.text).join("\n\n") ?? "";
    if (result?.status === "ok" && text !== "") await inject(sessionKey, text, "gateway-injected", { runId, seq: 1 });
    else if (result?.status === "error") events.failed(runId, sessionKey, result.error?.message ?? "failed");
    else events.final(runId, sessionKey, 1, text === "" ? undefined : assistantMessage(text));
  }

  /** Whoever waited is going, and with it the wait. */
  function unlessClosing(error: unknown): undefined {
    if (!gateway.signal.aborted) throw error;
  }

  function stop(sessionKey: string, reason: "rpc" | "stop", runId?: string): object {
    const runIds = messaging.abort(sessionKey, runId);
    for (const id of runIds) events.aborted(id, sessionKey, reason);
    return { ok: true, aborted: runIds.length > 0, runIds };
  }
});
