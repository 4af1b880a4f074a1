import type { Envelope } from "openclaw/plugin-sdk";
import type { Reader } from "./parse.ts";
import type { WireChat } from "./wire.ts";

const CHAT_TYPES = { private: "direct", group: "group", supergroup: "group", channel: "channel" } as const;
/** The topic that every forum begins with; messages there do not say so. */
export const GENERAL_TOPIC = "1";

export interface Placed {
  readonly chat: WireChat;
  readonly message_thread_id?: number | undefined;
  readonly is_topic_message?: boolean | undefined;
}

/** The chat, and where in it an answer belongs. */
export function placeOf({ chat, message_thread_id: thread, is_topic_message }: Placed, { accountId }: Reader) {
  const chatId = chat.id === undefined ? "" : String(chat.id);
  const chatType = CHAT_TYPES[chat.type as keyof typeof CHAT_TYPES] as Envelope["chatType"] | undefined;
  const isForum = chatType === "group" && (chat.is_forum === true || is_topic_message === true);
  const threadId = isForum ? String(thread ?? GENERAL_TOPIC) : undefined;
  // A private chat with topics is still one conversation, but it is answered where the question stands.
  const answerIn = threadId ?? (chatType === "direct" && thread !== undefined ? String(thread) : undefined);
  const { title } = chat;
  const named = title === undefined ? {} : chatType === "channel" ? { channelName: title } : { subject: title };
  const label = [title, `id:${chatId}`, threadId === undefined ? undefined : `topic:${threadId}`];
  return {
    // An unknown type of chat is refused like a missing one.
    chatType: chatType ?? ("" as Envelope["chatType"]),
    chatId,
    ...(threadId !== undefined && { threadId }),
    ...(answerIn !== undefined && { replyTo: { channel: "telegram", accountId, to: chatId, threadId: answerIn } }),
    ...(chatType !== "direct" && {
      group: named,
      conversationLabel: label.filter((part) => part !== undefined).join(" "),
    }),
  };
}
