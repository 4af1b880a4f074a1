import type { Envelope, Sender } from "openclaw/plugin-sdk";
import type { WAMessage } from "@whiskeysockets/baileys";
import { quotedBody, readContent } from "./content.ts";
import type { Content } from "./content.ts";
import { bareJid, e164Of, isGroupJid, isLidJid, isPhoneJid, isSameUser, parseJid } from "./jid.ts";

/** An envelope as a channel hands it in. */
export type Inbound = Omit<Envelope, "channel" | "accountId">;

/** What is known beside the message itself. */
export interface Facts {
  /** Our own addresses. */
  readonly self: { readonly jid: string; readonly lid?: string };
  /** The owner writes to himself to talk to the assistant. */
  readonly selfChat: boolean;
  /** Milliseconds; what is much older came while we were away. */
  readonly connectedAt: number;
  /** The sender's number where the message only has an address that hides it. */
  readonly senderNumber?: string;
  readonly group?: { readonly subject: string; readonly members: number };
  /** Did we send it? Matched by id, since two texts can be the same. */
  isOurs(messageId: string): boolean;
}

export type Read =
  | { readonly envelope: Inbound }
  | { readonly ignored: "own" | "unsupported" | "broadcast" | "incomplete" };

const BACKLOG_MS = 30_000;
/** Fewer digits are in many texts by chance. */
const LEAST_DIGITS = 7;

/** The address of whom a message comes from, before numbers are looked up. */
export function senderJid({ key }: WAMessage): string | undefined {
  const candidates = isGroupJid(key.remoteJid)
    ? [key.participant, key.participantAlt]
    : [key.remoteJid, key.remoteJidAlt];
  return bareJid(candidates.find((one) => isPhoneJid(one)) ?? candidates.find((one) => isLidJid(one)));
}

/** The message as an envelope, or why nobody has to hear of it. */
export function toEnvelope(message: WAMessage, facts: Facts): Read {
  const { key, messageTimestamp, pushName } = message;
  const chat = bareJid(key.remoteJid);
  const server = parseJid(key.remoteJid)?.server;
  if (!key.id || chat === undefined) return { ignored: "incomplete" };
  if (server === "broadcast" || server === "newsletter") return { ignored: "broadcast" };
  const isGroup = isGroupJid(chat);
  const isOwnChat = !isGroup && isSelf(chat, facts);
  if (facts.isOurs(key.id) || (key.fromMe && !(isOwnChat && facts.selfChat))) return { ignored: "own" };
  const content = readContent(message.message);
  if (!content) return { ignored: "unsupported" };
  const sender = senderOf(message, facts);
  if (!sender) return { ignored: "incomplete" };
  const timestamp = Number(messageTimestamp ?? 0) * 1_000;
  const { text, media, location, context } = content;
  return {
    envelope: {
      messageId: key.id,
      text,
      sender: { ...sender, ...(pushName && { name: pushName }), ...(key.fromMe && { isSelf: true }) },
      chatType: isGroup ? "group" : "direct",
      chatId: isGroup || sender.e164 === undefined ? chat : `${sender.e164.slice(1)}@s.whatsapp.net`,
      ...(timestamp > 0 && { timestamp }),
      ...(timestamp > 0 && timestamp < facts.connectedAt - BACKLOG_MS && { isBacklog: true }),
      ...(isGroup && { mentions: mentionsOf(content, facts) }),
      ...(context?.stanzaId && { quoted: quotedOf(content, facts) }),
      ...(context?.isForwarded && { forwarded: {} }),
      ...(media && { media: [media] }),
      ...(location && { location }),
      ...(isGroup && facts.group && groupFacts(chat, facts.group)),
    },
  };
}

/** Is it one of our own addresses? */
export function isSelf(jid: string | null | undefined, { self }: Pick<Facts, "self">): boolean {
  return isSameUser(jid, self.jid) || isSameUser(jid, self.lid);
}

/** The text without mentions of ourselves, so that a command behind one is seen. */
export function withoutMentions(text: string, self: Facts["self"]): string {
  const users = [self.jid, self.lid].map((jid) => parseJid(jid)?.user).filter((user) => user !== undefined);
  return users.reduce((rest, user) => rest.replaceAll(new RegExp(String.raw`@\+?${user}(?!\d)`, "g"), ""), text).trim();
}

function senderOf(message: WAMessage, { self, senderNumber }: Facts): Sender | undefined {
  if (message.key.fromMe) {
    const own = e164Of(self.jid);
    return own === undefined ? undefined : { id: own, e164: own };
  }
  const jid = senderJid(message);
  const e164 = e164Of(jid) ?? senderNumber;
  if (e164 !== undefined) return { id: e164, e164 };
  return jid === undefined ? undefined : { id: jid };
}

function mentionsOf({ text, context }: Content, facts: Facts): NonNullable<Envelope["mentions"]> {
  const mentioned = context?.mentionedJid ?? [];
  const bot = mentioned.some((jid) => isSelf(jid, facts)) || namesNumber(text, facts.self.jid);
  return { bot, any: bot || mentioned.length > 0, canDetect: true };
}

function namesNumber(text: string, self: string): boolean {
  const number = parseJid(self)?.user ?? "";
  if (number.length < LEAST_DIGITS) return false;
  return new RegExp(String.raw`(?<!\d)${number}(?!\d)`).test(
    text.slice(0, 8_000).replaceAll(/(?<=\d)[\s().-]+(?=\d)/g, ""),
  );
}

function quotedOf({ context }: Content, facts: Facts): NonNullable<Envelope["quoted"]> {
  const { stanzaId, participant, quotedMessage } = context ?? {};
  const body = quotedBody(quotedMessage);
  const sender = e164Of(participant) ?? bareJid(participant);
  return {
    id: stanzaId ?? "",
    ...(body !== undefined && { body }),
    ...(sender !== undefined && { sender }),
    ...(isSelf(participant, facts) && { isBot: true }),
  };
}

function groupFacts(chat: string, { subject, members }: NonNullable<Facts["group"]>) {
  return { group: { subject, members }, ...(subject !== "" && { conversationLabel: `${subject} id:${chat}` }) };
}
