import { Messaging } from "../services/messaging.ts";
import type { Envelope, ReplyAddress, ReplyPayload } from "../services/messaging.ts";
import type { HookTypes, MessageContext } from "./hook-contract.ts";
import type { ServeHook } from "./on.ts";

type Handler<N extends keyof HookTypes> = (event: HookTypes[N][0], context: HookTypes[N][1]) => HookTypes[N][2];

/** Nothing is left to say; later handlers are not asked. */
const CANCELLED: ReplyPayload = Object.freeze({ text: "" });

/** Hooks around messages. Observers are not waited for. */
export const messageHooks: Readonly<Record<string, ServeHook>> = {
  message_received(plugin, given, order) {
    const handler = given as Handler<"message_received">;
    plugin.gateway.hooks.of(Messaging).received.tap(order, ({ envelope }) => {
      const { sender, text, timestamp } = envelope;
      const event = {
        from: sender.id,
        content: text,
        ...(timestamp !== undefined && { timestamp }),
        metadata: metadataOf(envelope),
      };
      const { channel, accountId, chatId } = envelope;
      plugin.detach("on message_received", () => handler(event, contextOf(channel, accountId, chatId)));
    });
  },

  message_sending(plugin, given, order) {
    const handler = given as Handler<"message_sending">;
    plugin.gateway.hooks.of(Messaging).outbound.tap(order, async (payload, address) => {
      if (payload === CANCELLED) return payload;
      const { channel, accountId, to, threadId } = address;
      const metadata = { channel, accountId, threadId, mediaUrls: mediaOf(payload) };
      const result = await handler({ to, content: payload.text, metadata }, addressContext(address));
      if (result?.cancel === true) return CANCELLED;
      return typeof result?.content === "string" ? { ...payload, text: result.content } : payload;
    });
  },

  message_sent(plugin, given, order) {
    const handler = given as Handler<"message_sent">;
    plugin.gateway.hooks.of(Messaging).delivered.tap(order, ({ address, payload, state, reason }) => {
      const success = state === "sent";
      const event = { to: address.to, content: payload.text, success, ...(!success && { error: reason ?? state }) };
      plugin.detach("on message_sent", () => handler(event, addressContext(address)));
    });
  },
};

function metadataOf({ channel, chatId, threadId, messageId, sender, replyTo }: Envelope): Record<string, unknown> {
  return {
    to: replyTo?.to ?? chatId,
    provider: channel,
    surface: channel,
    threadId,
    originatingChannel: replyTo?.channel ?? channel,
    originatingTo: replyTo?.to ?? chatId,
    messageId,
    senderId: sender.id,
    senderName: sender.name,
  };
}

function mediaOf({ mediaUrl, mediaUrls }: ReplyPayload): readonly string[] {
  return mediaUrls ?? (mediaUrl === undefined ? [] : [mediaUrl]);
}

function addressContext({ channel, accountId, to }: ReplyAddress): MessageContext {
  return contextOf(channel, accountId, to);
}

function contextOf(channelId: string, accountId: string | undefined, conversationId: string): MessageContext {
  return { channelId, ...(accountId !== undefined && { accountId }), conversationId };
}
