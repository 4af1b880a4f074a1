import type { Envelope } from "openclaw/plugin-sdk";
import type { WireMessage, WireUser } from "./wire.ts";

/** The message that this one answers, as far as it is told. */
export function quotedOf({ reply_to_message: quoted, quote }: WireMessage, botId: number): Envelope["quoted"] {
  // In a topic every message answers the one that made the topic.
  if (quoted?.message_id === undefined || quoted.forum_topic_created) return undefined;
  const body = quote?.text ?? quoted.text ?? quoted.caption;
  const sender = nameOf(quoted.from) ?? quoted.sender_chat?.title;
  return {
    id: String(quoted.message_id),
    ...(body !== undefined && { body }),
    ...(sender !== undefined && { sender }),
    ...(quoted.from?.id === botId && { isBot: true }),
  };
}

/** Where a forwarded message came from. */
export function forwardedOf({ forward_origin: origin }: WireMessage): Envelope["forwarded"] {
  if (!origin) return undefined;
  const place = origin.chat ?? origin.sender_chat;
  const from = nameOf(origin.sender_user) ?? origin.sender_user_name ?? place?.title;
  const id = origin.sender_user?.id ?? place?.id;
  return {
    ...(from !== undefined && { from }),
    ...(id !== undefined && { fromId: String(id) }),
    ...(origin.date !== undefined && { date: origin.date * 1_000 }),
  };
}

function nameOf(user: WireUser | undefined): string | undefined {
  if (!user) return undefined;
  const name = [user.first_name, user.last_name].filter(Boolean).join(" ");
  return name === "" ? user.username : name;
}
