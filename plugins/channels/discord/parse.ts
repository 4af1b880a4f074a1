import type {
  APIAttachment,
  APIMessage,
  APIMessageSnapshotFields,
  APIUser,
  GatewayMessageCreateDispatchData,
} from "discord.js";
import type { Envelope, Media } from "openclaw/plugin-sdk";
import { nameOf } from "./places.ts";
import type { Channel, Guild } from "./places.ts";

/** An envelope as a channel hands it over: channel and account are added by the gateway. */
export type Inbound = Omit<Envelope, "channel" | "accountId">;

/** A message as the gateway tells of it, or as history does. */
export type Written = APIMessage & Partial<Pick<GatewayMessageCreateDispatchData, "guild_id" | "member">>;

/** Who the bot is, for telling whether it was meant. */
export interface Self {
  readonly id: string;
  readonly accountId: string;
  /** A role of the bot that is mentioned counts as the bot. */
  readonly roleMentions: boolean;
}

/** Where something was written. */
export type Here =
  | { readonly chatType: "direct" | "group"; readonly chatId: string }
  | {
      readonly chatType: "channel";
      readonly chatId: string;
      readonly guildId: string;
      readonly guild?: Guild | undefined;
      readonly channel?: Channel | undefined;
      /** The channel that a thread is in. */
      readonly parent?: Channel | undefined;
    };

/** Types of messages that people write: plain ones and replies. All others are notices of Discord itself. */
const WRITTEN: ReadonlySet<number> = new Set([0, 19]);
const VOICE_MESSAGE = 1 << 13;

/** What somebody said, or nothing for what is no message of somebody else. */
export function messageEnvelope(message: Written, here: Here, self: Self): Inbound | undefined {
  const { author } = message;
  if (author.id === self.id || !WRITTEN.has(message.type)) return undefined;
  const snapshot = message.message_snapshots?.[0]?.message;
  const media = [...mediaOf(message), ...(snapshot ? mediaOf(snapshot) : [])];
  const quoted = quotedBy(message, self);
  return {
    ...placeFields(here, author.id, self),
    messageId: message.id,
    text: textOf(message, snapshot),
    sender: senderOf(author, message.member, message.webhook_id !== undefined),
    timestamp: Date.parse(message.timestamp),
    mentions: mentionsOf(message, here, self),
    ...(media.length > 0 && { media }),
    ...(quoted && { quoted }),
    ...(snapshot && { forwarded: { date: Date.parse(snapshot.timestamp) } }),
  };
}

/** The fields of an envelope that tell where it came from and where an answer goes. */
export function placeFields(
  here: Here,
  senderId: string,
  { accountId }: Pick<Self, "accountId">,
): Pick<
  Inbound,
  | "chatType"
  | "chatId"
  | "threadId"
  | "parentChatId"
  | "guildId"
  | "group"
  | "untrusted"
  | "conversationLabel"
  | "replyTo"
> {
  const { chatType, chatId } = here;
  const to = chatType === "direct" ? `user:${senderId}` : `channel:${chatId}`;
  const replyTo = { channel: "discord", accountId, to };
  if (here.chatType !== "channel") return { chatType, chatId, replyTo };
  const { guildId, guild, channel, parent } = here;
  const isThread = channel?.parentId !== undefined;
  const named = parent ?? channel;
  const topic = channel?.topic ?? parent?.topic;
  const label = [guild?.name, named && `#${named.name}`, isThread ? channel?.name : undefined, `id:${chatId}`];
  return {
    chatType,
    chatId,
    guildId,
    replyTo: isThread ? { ...replyTo, threadId: chatId } : replyTo,
    conversationLabel: label.filter((part) => part !== undefined).join(" "),
    group: { ...(guild && { subject: guild.name }), ...(named && { channelName: `#${named.name}` }) },
    ...(isThread && { threadId: chatId, parentChatId: channel.parentId }),
    ...(topic !== undefined && { untrusted: [`topic of the channel: ${topic}`] }),
  };
}

export function senderOf(user: APIUser, member: Parameters<typeof nameOf>[1], isWebhook = false): Inbound["sender"] {
  const { id, username, discriminator } = user;
  const tag = discriminator === undefined || discriminator === "0" ? username : `${username}#${discriminator}`;
  return { id, name: nameOf(user, member), username, tag, ...((user.bot || isWebhook) && { isBot: true }) };
}

function mentionsOf(message: Written, here: Here, self: Self): NonNullable<Inbound["mentions"]> {
  const ownRoles = here.chatType === "channel" ? here.guild?.ownRoles : undefined;
  const roles = message.mention_roles ?? [];
  const isNamed = message.mentions.some(({ id }) => id === self.id);
  const isRole = self.roleMentions && roles.some((id) => ownRoles?.has(id));
  return { bot: isNamed || isRole, any: message.mentions.length > 0 || roles.length > 0, canDetect: true };
}

function quotedBy(message: Written, self: Self): Inbound["quoted"] {
  const { referenced_message: quoted, message_reference: reference, type } = message;
  if (type !== 19) return undefined;
  if (!quoted) return reference?.message_id === undefined ? undefined : { id: reference.message_id };
  const body = textOf(quoted, undefined);
  return {
    id: quoted.id,
    sender: nameOf(quoted.author),
    ...(body !== "" && { body }),
    ...(quoted.author.id === self.id && { isBot: true }),
  };
}

/** The text as it was typed; of a forwarded message what it says; of a poll its question and answers. */
function textOf(message: APIMessage, snapshot: APIMessageSnapshotFields | undefined): string {
  const parts = [message.content, snapshot?.content ?? "", message.poll ? pollText(message.poll) : ""];
  const text = parts.filter((part) => part !== "").join("\n");
  if (text !== "") return text;
  // Bots write in embeds.
  const embeds = message.embeds.flatMap(({ title, description }) => [title, description]);
  return embeds.filter((part) => part !== undefined && part !== "").join("\n");
}

function pollText({ question, answers }: NonNullable<APIMessage["poll"]>): string {
  return [`Poll: ${question.text ?? ""}`, ...answers.map(({ poll_media }) => `- ${poll_media.text ?? ""}`)].join("\n");
}

function mediaOf({ attachments, sticker_items = [], flags }: APIMessageSnapshotFields | APIMessage): Media[] {
  const isVoice = (Number(flags ?? 0) & VOICE_MESSAGE) !== 0;
  const files = attachments.map((attachment): Media => ({
    kind: isVoice ? "audio" : kindOf(attachment),
    url: attachment.url,
    fileName: attachment.filename,
    size: attachment.size,
    status: "pending",
    ...(attachment.content_type !== undefined && { contentType: attachment.content_type }),
  }));
  const stickers = sticker_items.map(({ id, name, format_type }): Media => {
    const isVector = format_type === 3;
    const extension = isVector ? "json" : format_type === 4 ? "gif" : "png";
    return {
      kind: "sticker",
      url: `https://media.discordapp.net/stickers/${id}.${extension}`,
      fileName: `${name}.${extension}`,
      // A drawing in a format of its own is no picture that anybody can look at.
      status: isVector ? "skipped" : "pending",
    };
  });
  return [...files, ...stickers];
}

function kindOf({ content_type = "" }: APIAttachment): Media["kind"] {
  const [kind] = content_type.split("/");
  if (kind === "image" || kind === "video" || kind === "audio") return kind;
  return content_type === "" ? "unknown" : "document";
}

/** The text without mentions of the bot, of whatever kind. */
export function stripMentions(text: string, selfId: string, ownRoles: Iterable<string> = []): string {
  const roles = [...ownRoles].map((id) => `|&${id}`).join("");
  return text
    .replaceAll(new RegExp(`<@(?:!?${selfId}${roles})>`, "g"), " ")
    .replaceAll(/ {2,}/g, " ")
    .trim();
}
