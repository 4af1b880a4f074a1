import type { Envelope, Media } from "openclaw/plugin-sdk";
import type { Said } from "./history.ts";
import { oneLine, quotedItem, quotedText } from "./untrusted.ts";

export interface PromptParts {
  readonly label: string;
  /** When it was written; empty where that is not told. */
  readonly stamp: string;
  readonly said: readonly Said[];
  /** The network can quote or react: the agent is told the id. */
  readonly withMessageId: boolean;
  /** `messagePrefix` of the account: a mark before what came through it. */
  readonly mark?: string;
}

/** What the agent is told: who wrote, where and when, what was said before, and the text (channels.md §1.8). */
export function promptOf(envelope: Envelope, parts: PromptParts): string {
  const { messageId, quoted, untrusted } = envelope;
  const lines: string[] = [];
  if (parts.said.length > 0) {
    lines.push(
      "[Messages in this chat since your last reply - for context]",
      ...parts.said.map(
        ({ sender, text, messageId: id }) => `${oneLine(sender)}: ${quotedItem(text)} [message_id: ${oneLine(id)}]`,
      ),
      "",
      "[Current message - answer this]",
    );
  }
  const mark = parts.mark ? `${parts.mark} ` : "";
  lines.push(`${header(envelope, parts)} ${mark}${quotedText(bodyOf(envelope))}`.trimEnd());
  if (quoted) {
    const who = quoted.sender === undefined ? "" : ` to ${oneLine(quoted.sender)}`;
    lines.push(
      `[In reply${who}, message_id: ${oneLine(quoted.id)}]`,
      ...(quoted.body === undefined ? [] : [quotedText(quoted.body), "[/reply]"]),
    );
  }
  for (const text of untrusted ?? []) lines.push(`[About this place, written by others: ${oneLine(text)}]`);
  if (parts.withMessageId) lines.push(`[message_id: ${oneLine(messageId)}]`);
  return lines.join("\n");
}

/** The text, or what stands for attachments that came without one. */
export function bodyOf({ text, media, location }: Envelope): string {
  const parts = [text];
  if (text.trim() === "" && media?.length) parts.push(media.map((one) => placeholder(one)).join(" "));
  for (const one of media ?? []) parts.push(mediaNote(one), understood(one));
  if (location) parts.unshift(locationLine(location));
  return parts.filter((part) => part !== "").join("\n");
}

/** What is said or seen in it. */
function understood({ kind, text }: Media): string {
  if (text === undefined || text.trim() === "") return "";
  return kind === "audio" ? `[what is said in it] ${text.trim()}` : `[what is in it] ${text.trim()}`;
}

/** Where a file is, for tools; else why there is none. */
function mediaNote({ status, path, contentType, fileName }: Media): string {
  const name = fileName === undefined ? "" : ` ${oneLine(fileName)}`;
  if (status === "saved" && path !== undefined) return `[attached${name}: ${path} (${contentType ?? "unknown type"})]`;
  if (status === "too-large") return `[the attachment${name} was too large]`;
  return status === "failed" ? `[the attachment${name} could not be downloaded]` : "";
}

function placeholder({ kind }: Media): string {
  return `<media:${kind === "unknown" ? "attachment" : kind}>`;
}

function locationLine({ lat, lon, accuracy, name, address, isLive }: NonNullable<Envelope["location"]>): string {
  const point = `${lat.toFixed(6)}, ${lon.toFixed(6)}${accuracy === undefined ? "" : ` ±${Math.round(accuracy)}m`}`;
  if (isLive) return `🛰 Live location: ${point}`;
  const place = [name, address].filter((part) => part !== undefined && part !== "").join(" — ");
  return place === "" ? `📍 ${point}` : `📍 ${place} (${point})`;
}

function header(envelope: Envelope, { label, stamp }: PromptParts): string {
  const { sender, chatType, conversationLabel, group, chatId, threadId } = envelope;
  const name = oneLine(sender.name ?? sender.username ?? sender.id);
  const time = stamp === "" ? "" : ` ${stamp}`;
  const id = oneLine(sender.id);
  if (chatType === "direct") return `[${label} ${name} id:${id}${time}]`;
  const place =
    conversationLabel ??
    [group?.channelName ?? group?.subject, `id:${chatId}`, threadId === undefined ? undefined : `topic:${threadId}`]
      .filter((part) => part !== undefined)
      .join(" ");
  return `[${label} ${oneLine(place)}${time}] ${name} (${id}):`;
}
