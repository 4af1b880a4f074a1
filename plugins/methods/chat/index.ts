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
  QUIET_RUN,
  Sessions,
  Type,
} from "openclaw/plugin-sdk";
import { ChatEvents } from "./chat-events.ts";
import type { ChatEvent } from "./chat-events.ts";
import { chatHistory } from "./history.ts";
import { createInject } from "./inject.ts";
import { SendParams } from "./send-params.ts";
import { createSend } from "./send.ts";
import type { Pending } from "./send.ts";
import { createStop } from "./stop.ts";
import { AbortedShape, ChatEventShape, HistoryShape, InjectedShape, SentShape } from "./shape.ts";

export default definePlugin((gateway) => {
  const messaging = gateway.use(Messaging);
  const sessions = gateway.use(Sessions);
  const agents = gateway.use(Agents);
  const emit = emitToFollowers(gateway.use(Nodes), gateway.event<ChatEvent>("chat", { payload: ChatEventShape }));
  const events = new ChatEvents(emit, (runId) => agents.partialText(runId));
  const inject = createInject(sessions, events);
  const stop = createStop(messaging, sessions, events);
  const pending = gateway.keep("pending", () => new Map<string, Pending>());
  const send = createSend({ gateway, messaging, sessions, agents, events, inject, stop, pending });

  gateway.provide(Chat, { inject });
  gateway.hooks.of(Agents).runEvent.tap((event) => {
    if (!event.runId.startsWith(QUIET_RUN)) events.follow(event);
  });

  gateway.method({
    name: "chat.history",
    scope: "operator.read",
    params: closed({ sessionKey: NonEmptyString, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }),
    result: HistoryShape,
    handle: ({ sessionKey, limit }) => chatHistory(sessions, gateway.settings, sessionKey, limit),
  });
  gateway.method({ name: "chat.send", scope: "operator.write", params: SendParams, result: SentShape, handle: send });
  gateway.method({
    name: "chat.abort",
    scope: "operator.write",
    params: closed({ sessionKey: NonEmptyString, runId: Type.Optional(NonEmptyString) }),
    result: AbortedShape,
    handle({ sessionKey, runId }) {
      const key = sessions.parseKey(sessionKey).canonical;
      if (runId === undefined) return stop(key, "rpc");
      const run = agents.run(runId);
      const owner = pending.get(runId)?.sessionKey ?? (run?.status === "running" ? run.sessionKey : undefined);
      if (owner !== undefined && owner !== key) {
        throw new GatewayError("INVALID_REQUEST", "runId does not match sessionKey");
      }
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
    result: InjectedShape,
    async handle({ sessionKey, message, label }) {
      const text = label ? `[${label}]\n\n${message}` : message;
      return { ok: true, ...(await inject(sessionKey, text, "gateway-injected")) };
    },
  });
});
