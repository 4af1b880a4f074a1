import type { Envelope, Media } from "openclaw/plugin-sdk";
import { personId } from "./people.ts";
import type { Attachment, DataMessage, Mention, Received } from "./wire.ts";

export type Incoming = Omit<Envelope, "channel" | "accountId">;

export type Parsed =
  | { readonly what: "message"; readonly envelope: Incoming }
  | {
      readonly what: "reaction";
      readonly envelope: Incoming;
      /** Whose message it is on. */
      readonly author: string | undefined;
    }
  | { readonly what: "skipped"; readonly reason: string };

/** The account that reads: by its number, and by its id once that is known. */
export interface Reader {
  readonly accountId: string;
  readonly number: string;
  readonly uuid: string | undefined;
}

/** What stands for a mention in a text. */
const PLACEHOLDER = "\uFFFC";

/** One event of the daemon as a message, or why it is none. It throws for nothing. */
export function parseReceived({ envelope }: Received, reader: Reader): Parsed {
  if (!envelope) return skipped("an event without an envelope");
  if (envelope.syncMessage) return skipped("what another device of the account did");
  const sender = senderOf(envelope);
  if (!sender) return skipped("a message without a sender");
  if (isOwn(sender.id, reader) || isOwn(sender.tag, reader)) return skipped("a message of the account itself");
  const { editMessage } = envelope;
  const data = envelope.dataMessage ?? editMessage?.dataMessage;
  const timestamp = data?.timestamp ?? envelope.timestamp;
  if (!data || typeof timestamp !== "number") return skipped("nothing that somebody wrote");
  const place = placeOf(data, sender.id, reader);
  if (data.reaction) return parseReaction(data.reaction, { sender, timestamp, place });
  if (data.remoteDelete) return skipped("a message that was taken back");
  const { text, mentioned, any } = withNames(data.message ?? "", data.mentions ?? [], reader);
  const media = (data.attachments ?? []).flatMap((one) => mediaOf(one, place.chatId) ?? []);
  if (text.trim() === "" && media.length === 0) return skipped("an empty message");
  const edited = editMessage?.targetSentTimestamp;
  const quoted = quoteOf(data.quote, reader);
  return {
    what: "message",
    envelope: {
      messageId: String(edited ?? timestamp),
      ...(edited !== undefined && { kind: "edit" as const, revision: String(timestamp) }),
      text,
      sender,
      timestamp,
      ...place,
      ...(place.chatType === "group" && { mentions: { bot: mentioned, any, canDetect: true } }),
      ...(quoted && { quoted }),
      ...(media.length > 0 && { media }),
    },
  };
}

function parseReaction(
  { emoji, isRemove, targetSentTimestamp, ...target }: NonNullable<DataMessage["reaction"]>,
  {
    sender,
    timestamp,
    place,
  }: { readonly sender: Envelope["sender"]; readonly timestamp: number; readonly place: Place },
): Parsed {
  if (!emoji || typeof targetSentTimestamp !== "number") return skipped("a reaction to nothing");
  const who = (sender.name ?? sender.id).slice(0, 60);
  const author = personId(target.targetAuthorNumber ?? target.targetAuthor, target.targetAuthorUuid);
  return {
    what: "reaction",
    author,
    envelope: {
      messageId: String(targetSentTimestamp),
      kind: "reaction",
      revision: `${timestamp}:${sender.id}`,
      text: `Signal reaction ${isRemove ? "removed" : "added"}: ${emoji} by ${who} on msg ${targetSentTimestamp}`,
      sender,
      timestamp,
      ...place,
    },
  };
}

type Place = Pick<Incoming, "chatType" | "chatId" | "replyTo" | "group" | "conversationLabel">;

/** Ids of groups keep their case: they are base64. */
function placeOf({ groupInfo }: DataMessage, senderId: string, { accountId }: Reader): Place {
  const replyTo = { channel: "signal", accountId };
  if (!groupInfo?.groupId) return { chatType: "direct", chatId: senderId, replyTo: { ...replyTo, to: senderId } };
  const { groupId, groupName } = groupInfo;
  return {
    chatType: "group",
    chatId: groupId,
    replyTo: { ...replyTo, to: `group:${groupId}` },
    ...(groupName && { group: { subject: groupName } }),
    conversationLabel: `${groupName || "Signal group"} id:${groupId}`,
  };
}

function senderOf({
  source,
  sourceNumber,
  sourceUuid,
  sourceName,
}: NonNullable<Received["envelope"]>): Envelope["sender"] | undefined {
  const id = personId(sourceNumber ?? source, sourceUuid);
  if (id === undefined) return undefined;
  const uuid = personId(undefined, sourceUuid);
  return {
    id,
    ...(sourceName && { name: sourceName }),
    ...(id.startsWith("+") && { e164: id }),
    ...(uuid !== undefined && uuid !== id && { tag: uuid }),
  };
}

function isOwn(id: string | undefined, { number, uuid }: Reader): boolean {
  return id !== undefined && (id === number || (uuid !== undefined && id === `uuid:${uuid}`));
}

/** The text with names in the place of mentions; those of the account itself fall away. */
function withNames(
  message: string,
  mentions: readonly Mention[],
  reader: Reader,
): { readonly text: string; readonly mentioned: boolean; readonly any: boolean } {
  let text = message;
  let mentioned = false;
  for (const { start, length = 1, number, uuid, name } of mentions.toSorted(
    (a, b) => (b.start ?? 0) - (a.start ?? 0),
  )) {
    const id = personId(number, uuid);
    const own = isOwn(id, reader);
    mentioned ||= own;
    if (typeof start !== "number" || text[start] !== PLACEHOLDER) continue;
    text = `${text.slice(0, start)}${own ? "" : `@${name ?? id ?? "somebody"}`}${text.slice(start + length)}`;
  }
  return { text: mentioned ? text.trim() : text, mentioned, any: mentions.length > 0 };
}

function quoteOf(quote: DataMessage["quote"], reader: Reader): Incoming["quoted"] {
  if (typeof quote?.id !== "number") return undefined;
  const author = personId(quote.authorNumber ?? quote.author, quote.authorUuid);
  return {
    id: String(quote.id),
    ...(quote.text && { body: quote.text }),
    ...(author !== undefined && { sender: author }),
    ...(isOwn(author, reader) && { isBot: true }),
  };
}

/** The reference says how the daemon finds the bytes again. */
export interface MediaReference {
  readonly id: string;
  readonly chatId: string;
}

function mediaOf({ id, contentType = "", filename, size }: Attachment, chatId: string): Media | undefined {
  if (!id) return undefined;
  const [family = ""] = contentType.split("/");
  const kind = family === "image" || family === "video" || family === "audio" ? family : "document";
  const ref: MediaReference = { id, chatId };
  return {
    kind: contentType === "" ? "unknown" : kind,
    ref: JSON.stringify(ref),
    status: "pending",
    ...(contentType !== "" && { contentType }),
    ...(filename && { fileName: filename }),
    ...(typeof size === "number" && { size }),
  };
}

function skipped(reason: string): Parsed {
  return { what: "skipped", reason };
}
