import type { ChannelContext } from "openclaw/plugin-sdk";
import { mediaOf } from "./parse-media.ts";
import { quotedOf, forwardedOf } from "./parse-context.ts";
import { placeOf } from "./parse-place.ts";
import { mentionsOf, senderOf } from "./parse-sender.ts";
import type { WireCallback, WireContact, WireMember, WireMessage, WireReaction, WireUpdate } from "./wire.ts";

/** What a channel hands to `accept`. */
export type Incoming = Parameters<ChannelContext["accept"]>[0];

/** Whose updates these are. */
export interface Reader {
  readonly accountId: string;
  readonly bot: { readonly id: number; readonly username: string };
  /** Messages older than this were written while nobody listened; epoch milliseconds. */
  readonly backlogBefore: number;
}

export type Parsed =
  | {
      readonly what: "message";
      readonly envelope: Incoming;
      /** It is one of the album with this id. */
      readonly albumId?: string;
    }
  /** A button was pressed; `callbackId` waits for an answer. */
  | { readonly what: "button"; readonly envelope: Incoming; readonly callbackId: string }
  | { readonly what: "reaction"; readonly envelope: Incoming }
  | { readonly what: "migrated"; readonly from: string; readonly to: string }
  | { readonly what: "skipped"; readonly reason: string };

/**
 * An update as the gateway's envelope. States facts and decides nothing: what has no sender or no chat goes on with an
 * empty one, to be refused and counted where everything is.
 */
export function parseUpdate(update: WireUpdate, reader: Reader): Parsed {
  const { message, channel_post, edited_message, edited_channel_post, callback_query, message_reaction } = update;
  const written = message ?? channel_post;
  if (written) return parseMessage(written, reader);
  const edited = edited_message ?? edited_channel_post;
  if (edited) return parseEdit(edited, reader);
  if (callback_query) return parseButton(callback_query, reader);
  if (message_reaction) return parseReaction(message_reaction, reader);
  if (update.my_chat_member) return parseMember(update.my_chat_member, update.update_id, reader);
  return { what: "skipped", reason: "no kind of update that is read" };
}

function parseMessage(message: WireMessage, reader: Reader): Parsed {
  const { message_id: id, migrate_to_chat_id: movedTo, chat, media_group_id: albumId } = message;
  if (movedTo !== undefined && chat?.id !== undefined)
    return { what: "migrated", from: String(chat.id), to: String(movedTo) };
  if (id === undefined) return { what: "skipped", reason: "no message id" };
  const envelope = envelopeOf(message, reader);
  if (isEmpty(envelope)) return { what: "skipped", reason: "a service message" };
  return { what: "message", envelope, ...(albumId !== undefined && { albumId }) };
}

function parseEdit(message: WireMessage, reader: Reader): Parsed {
  const { message_id: id, edit_date: at } = message;
  if (id === undefined) return { what: "skipped", reason: "no message id" };
  // A shared position moves every few seconds.
  if (message.location?.live_period !== undefined) return { what: "skipped", reason: "a position that moves" };
  const envelope = envelopeOf(message, reader);
  if (isEmpty(envelope)) return { what: "skipped", reason: "a service message" };
  return { what: "message", envelope: { ...envelope, kind: "edit", revision: String(at ?? message.date ?? 0) } };
}

function parseButton({ id, from, message, data = "" }: WireCallback, reader: Reader): Parsed {
  if (id === undefined) return { what: "skipped", reason: "no callback id" };
  if (message?.message_id === undefined) return { what: "skipped", reason: "a button without its message" };
  const { chat = {}, message_thread_id, is_topic_message } = message;
  const envelope: Incoming = {
    messageId: String(message.message_id),
    kind: "button",
    revision: id,
    // A button may be a command, which is written as one.
    text: data.startsWith("/") ? data : `callback_data: ${data}`,
    sender: senderOf(from, undefined, reader),
    ...placeOf({ chat, message_thread_id, is_topic_message }, reader),
    // It is the bot's own message that the button belongs to.
    mentions: { bot: true, any: false, canDetect: true },
  };
  return { what: "button", envelope, callbackId: id };
}

function parseReaction(reaction: WireReaction, reader: Reader): Parsed {
  const { chat, message_id: id, user, actor_chat, date = 0, old_reaction = [], new_reaction = [] } = reaction;
  if (id === undefined) return { what: "skipped", reason: "no message id" };
  const before = old_reaction.map(({ emoji }) => emoji);
  const after = new_reaction.map(({ emoji }) => emoji);
  const added = after.filter((emoji) => !before.includes(emoji));
  const removed = before.filter((emoji) => !after.includes(emoji));
  const changes = [
    ...(added.length > 0 ? [`added: ${added.map(shown).join(" ")}`] : []),
    ...(removed.length > 0 ? [`removed: ${removed.map(shown).join(" ")}`] : []),
  ];
  if (changes.length === 0) return { what: "skipped", reason: "a reaction without a change" };
  const sender = senderOf(user, actor_chat, reader);
  const who = (sender.name ?? sender.username ?? sender.id).slice(0, 60);
  const envelope: Incoming = {
    messageId: String(id),
    kind: "reaction",
    revision: `${date}:${sender.id}:${changes.join(",")}`,
    text: `Telegram reaction ${changes.join(", ")} by ${who} on msg ${id}`,
    sender,
    timestamp: date * 1_000,
    ...placeOf({ chat: chat ?? {} }, reader),
  };
  return { what: "reaction", envelope };
}

/** The bot was let into a group. In private chats this tells only that somebody pressed Start. */
function parseMember(
  { chat, from, date = 0, new_chat_member, old_chat_member }: WireMember,
  updateId: number | undefined,
  reader: Reader,
): Parsed {
  const isIn = IN_GROUP.has(new_chat_member?.status ?? "") && !IN_GROUP.has(old_chat_member?.status ?? "");
  if (chat?.type === "private" || !isIn) return { what: "skipped", reason: "a change of membership" };
  const envelope: Incoming = {
    messageId: `member-${updateId ?? date}`,
    kind: "join",
    text: "",
    sender: senderOf(from, undefined, reader),
    timestamp: date * 1_000,
    ...placeOf({ chat: chat ?? {} }, reader),
  };
  return { what: "message", envelope };
}

const IN_GROUP: ReadonlySet<string> = new Set(["member", "administrator", "creator", "restricted"]);

function envelopeOf(message: WireMessage, reader: Reader): Incoming {
  const { message_id, date = 0, from, sender_chat, chat = {}, location, venue } = message;
  const media = mediaOf(message);
  const quoted = quotedOf(message, reader.bot.id);
  const forwarded = forwardedOf(message);
  const point = venue?.location ?? location;
  const isBacklog = date * 1_000 < reader.backlogBefore;
  return {
    messageId: String(message_id),
    text: textOf(message),
    sender: senderOf(from, sender_chat ?? (chat.type === "channel" ? chat : undefined), reader),
    timestamp: date * 1_000,
    ...placeOf({ ...message, chat }, reader),
    ...(chat.type !== "private" && { mentions: mentionsOf(message, reader.bot) }),
    ...(media.length > 0 && { media }),
    ...(quoted && { quoted }),
    ...(forwarded && { forwarded }),
    ...(point && {
      location: {
        lat: point.latitude ?? 0,
        lon: point.longitude ?? 0,
        ...(point.horizontal_accuracy !== undefined && { accuracy: point.horizontal_accuracy }),
        ...(venue?.title !== undefined && { name: venue.title }),
        ...(venue?.address !== undefined && { address: venue.address }),
        ...(point.live_period !== undefined && { isLive: true }),
      },
    }),
    ...(isBacklog && { isBacklog }),
  };
}

function textOf({ text, caption, contact, poll, dice }: WireMessage): string {
  if (text !== undefined || caption !== undefined) return text ?? caption ?? "";
  if (contact) return contactText(contact);
  if (poll) return `[poll] ${[poll.question, ...(poll.options ?? []).map((one) => `- ${one.text}`)].join("\n")}`;
  return dice?.emoji === undefined ? "" : `${dice.emoji} ${dice.value ?? ""}`.trim();
}

function contactText({ first_name, last_name, phone_number }: WireContact): string {
  const name = [first_name, last_name].filter(Boolean).join(" ");
  return `<contact: ${[name, phone_number].filter(Boolean).join(", ")}>`;
}

function isEmpty({ text, media, location }: Incoming): boolean {
  return text.trim() === "" && !media && !location;
}

/** A custom emoji has only an id, which says nothing to anybody. */
function shown(emoji: string | undefined): string {
  return emoji ?? "a custom emoji";
}
