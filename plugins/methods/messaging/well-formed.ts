import { GatewayError } from "openclaw/plugin-sdk";
import type { Envelope, Media } from "openclaw/plugin-sdk";

const MAX_MEDIA = 50;
const MAX_REF = 8_192;

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
    ...(envelope.media !== undefined && { media: mediaOf(envelope.media) }),
    ...(envelope.threadId !== undefined && { threadId: textOf(envelope.threadId) }),
    ...(envelope.parentChatId !== undefined && { parentChatId: textOf(envelope.parentChatId) }),
  };
}

/** Attachments that are some; a handle of no reasonable length cannot be one. */
function mediaOf(given: unknown): Media[] {
  const all = (Array.isArray(given) ? given : []) as readonly unknown[];
  return all
    .filter((one): one is Media => typeof one === "object" && one !== null)
    .slice(0, MAX_MEDIA)
    .map((one) => {
      const { ref, ...rest } = one;
      if (ref === undefined) return one;
      return typeof ref === "string" && ref.length <= MAX_REF ? one : { ...rest, status: "skipped" };
    });
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
