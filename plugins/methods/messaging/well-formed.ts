import { GatewayError } from "openclaw/plugin-sdk";
import type { Envelope } from "openclaw/plugin-sdk";

/**
 * The envelope with what decides on it as text. Channels are plugins: what one forgets must not make a message that can
 * be neither kept nor refused. What is missing is empty, and refused later (security.md S-37). Only a message without an
 * id cannot be taken in: nobody could tell it from the next.
 */
export function wellFormed(envelope: Envelope): Envelope {
  const messageId = textOf(envelope.messageId);
  if (messageId === "") {
    throw new GatewayError(
      "INVALID_REQUEST",
      `a message of ${envelope.channel} has no messageId; give the network's own`,
    );
  }
  const sender = typeof envelope.sender === "object" && envelope.sender !== null ? envelope.sender : { id: "" };
  return {
    ...envelope,
    messageId,
    text: textOf(envelope.text),
    chatId: textOf(envelope.chatId),
    sender: { ...sender, id: textOf(sender.id) },
    ...(envelope.threadId !== undefined && { threadId: textOf(envelope.threadId) }),
    ...(envelope.parentChatId !== undefined && { parentChatId: textOf(envelope.parentChatId) }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
