import type { Envelope, Media } from "openclaw/plugin-sdk";
import type { ReplyMode } from "./account.ts";
import { callsMany, mentionedIn, typedText } from "./mrkdwn.ts";
import { isTimestamp } from "./timestamp.ts";
import type { WireFile, WireMessage } from "./wire.ts";

/** An envelope as a channel hands it over: channel and account are added by the gateway. */
export type Inbound = Omit<Envelope, "channel" | "accountId">;

/** Who the bot is. */
export interface Self {
  readonly accountId: string;
  readonly userId: string;
  readonly botId: string;
  readonly teamId: string;
  readonly team: string;
}

/** Where something was written. */
export interface Here {
  readonly chatType: Envelope["chatType"];
  readonly chatId: string;
  /** Without `#`. */
  readonly name?: string;
  readonly topic?: string;
}

/** Who wrote it, as far as Slack tells. */
export interface Person {
  readonly name?: string;
  readonly username?: string;
  readonly isBot?: boolean;
}

export interface Reading {
  readonly self: Self;
  readonly here: Here;
  readonly person: Person | undefined;
  readonly mode: ReplyMode;
  /** A thread is a conversation of its own; otherwise it is one with its channel. */
  readonly threadsApart: boolean;
  /** The bot has written in this thread. */
  readonly isOwnThread: boolean;
}

/** Subtypes that people and bots write; all others are notices of Slack itself. */
const WRITTEN: ReadonlySet<string | undefined> = new Set([undefined, "file_share", "thread_broadcast", "bot_message"]);

/** Is this a message, whoever wrote it? */
export function isWritten({ subtype, ts, channel }: WireMessage): boolean {
  return typeof ts === "string" && isTimestamp(ts) && typeof channel === "string" && WRITTEN.has(subtype);
}

/** Did the bot write it? */
export function isOwn({ user, bot_id: botId }: WireMessage, self: Self): boolean {
  return user === self.userId || (botId !== undefined && botId === self.botId);
}

/** What somebody said. `message` has passed {@link isWritten} and is not {@link isOwn}. */
export function messageEnvelope(message: WireMessage, reading: Reading): Inbound {
  const { here, self, person, isOwnThread } = reading;
  const { ts = "", thread_ts: threadTs, text: raw = "", user, bot_id: botId, files = [] } = message;
  const isReply = threadTs !== undefined && threadTs !== ts;
  const senderId = user ?? botId ?? "";
  const mentioned = mentionedIn(raw);
  const media = files.flatMap((file) => mediaOf(file) ?? []);
  const isBot = botId !== undefined || person?.isBot === true;
  return {
    ...placeFields(here, senderId, self, threadOf(message, reading)),
    messageId: ts,
    text: textOf(message),
    sender: {
      id: senderId,
      ...named(person, message),
      ...(isBot && { isBot: true }),
    },
    timestamp: Math.floor(Number(ts) * 1_000),
    mentions: {
      bot: mentioned.includes(self.userId),
      any: mentioned.length > 0 || callsMany(raw),
      canDetect: true,
    },
    ...(media.length > 0 && { media }),
    ...(isReply && { quoted: { id: threadTs, ...(isOwnThread && { isBot: true }) } }),
  };
}

interface Thread {
  /** The conversation that it belongs to. */
  readonly session: string | undefined;
  /** Where an answer goes. */
  readonly reply: string | undefined;
}

/** A thread stays one. With `all`, each message of a channel begins one; a direct chat goes on as it is. */
function threadOf({ ts, thread_ts: threadTs }: WireMessage, { here, mode, threadsApart }: Reading): Thread {
  const existing = threadTs !== undefined && threadTs !== ts ? threadTs : undefined;
  const reply = existing ?? (mode === "all" ? ts : undefined);
  const session = here.chatType === "direct" ? existing : reply;
  return { session: threadsApart ? session : undefined, reply };
}

/** The fields of an envelope that tell where it came from and where an answer goes. */
export function placeFields(
  { chatType, chatId, name, topic }: Here,
  senderId: string,
  { accountId, teamId, team }: Self,
  { session, reply }: Thread = { session: undefined, reply: undefined },
) {
  const to = chatType === "direct" ? `user:${senderId}` : `channel:${chatId}`;
  const label = [team, name && `#${name}`, `id:${chatId}`, session && `thread:${session}`];
  return {
    chatType,
    chatId,
    teamId,
    replyTo: { channel: "slack", accountId, to, ...(reply !== undefined && { threadId: reply }) },
    ...(session !== undefined && { threadId: session }),
    ...(chatType !== "direct" && {
      conversationLabel: label.filter((part) => part !== undefined && part !== "").join(" "),
      group: { subject: team, ...(name !== undefined && { channelName: `#${name}` }) },
    }),
    ...(topic && { untrusted: [`topic of the channel: ${topic}`] }),
  };
}

function named(person: Person | undefined, { username }: WireMessage): Pick<Envelope["sender"], "name" | "username"> {
  const name = person?.name ?? username;
  return { ...(name !== undefined && { name }), ...(person?.username !== undefined && { username: person.username }) };
}

/** The text as it was typed; of what has none, what stands in the boxes that bots write in. */
export function textOf({ text = "", attachments = [] }: WireMessage): string {
  if (text !== "") return typedText(text);
  const parts = attachments.map((one) => one.text ?? one.fallback ?? "").filter((part) => part !== "");
  return parts.map((part) => typedText(part)).join("\n");
}

function mediaOf({ id, name, title, mimetype, size, mode, ...file }: WireFile): Media | undefined {
  if (mode === "tombstone" || mode === "hidden_by_limit" || typeof id !== "string") return undefined;
  const url = file.url_private_download ?? file.url_private;
  const ref = JSON.stringify({ id, url, type: mimetype });
  const fileName = name ?? title;
  return {
    kind: kindOf(mimetype),
    // A file that lies elsewhere has no bytes for us.
    ...(mode === "external" ? { status: "skipped" } : { ref, status: "pending" }),
    ...(mimetype !== undefined && { contentType: mimetype }),
    ...(fileName !== undefined && { fileName }),
    ...(typeof size === "number" && { size }),
  };
}

function kindOf(type = ""): Media["kind"] {
  const [kind] = type.split("/");
  if (kind === "image" || kind === "video" || kind === "audio") return kind;
  return type === "" ? "unknown" : "document";
}

/** The text without mentions of the bot. */
export function stripMentions(text: string, userId: string): string {
  return text.replaceAll(`<@${userId}>`, " ").replaceAll(/ {2,}/g, " ").trim();
}
