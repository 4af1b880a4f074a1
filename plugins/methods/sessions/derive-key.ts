import { createHash } from "node:crypto";
import type { Conversation, Settings } from "openclaw/plugin-sdk";
import { mainKeyOf } from "./key.ts";
import type { KeyRules } from "./key.ts";

/** How direct chats are divided into sessions (sessions.md §1.1). */
type DirectScope = "main" | "per-peer" | "per-channel-peer" | "per-account-channel-peer";

const TOPIC_CHANNEL = "telegram";
/** Ids longer than this are told apart by their hash: a key has a bound. */
const MAX_ID = 140;

/** The key of a conversation's session, in the stored spelling. Whatever ids a network has, there is one. */
export function deriveKey(conversation: Conversation, agentId: string, rules: KeyRules, settings: Settings): string {
  const { channel, chatType, chatId, threadId } = conversation;
  if (rules.scope === "global") return "global";
  if (chatType === "direct") return directKey(conversation, agentId, rules, settings);
  const base = `agent:${agentId}:${channel}:${chatType}:${safe(chatId)}`;
  if (threadId === undefined || threadId === "") return base;
  return `${base}:${channel === TOPIC_CHANNEL && chatType === "group" ? "topic" : "thread"}:${safe(threadId)}`;
}

function directKey(
  { channel, accountId = "default", chatId, threadId }: Conversation,
  agentId: string,
  rules: KeyRules,
  settings: Settings,
): string {
  const scope = settings.get<DirectScope>("session.dmScope") ?? "main";
  // A private topic of Telegram is part of the chat; elsewhere a thread is a conversation of its own.
  const isApart = threadId !== undefined && threadId !== "" && channel !== TOPIC_CHANNEL;
  const thread = isApart ? `:thread:${safe(threadId)}` : "";
  if (scope === "main") return `${mainKeyOf(agentId, rules)}${thread}`;
  const peer = `direct:${safe(canonicalPeer(channel, chatId, settings))}${thread}`;
  if (scope === "per-peer") return `agent:${agentId}:${peer}`;
  if (scope === "per-channel-peer") return `agent:${agentId}:${channel}:${peer}`;
  return `agent:${agentId}:${channel}:${safe(accountId)}:${peer}`;
}

/** One person with several accounts is one peer, by `session.identityLinks`. */
function canonicalPeer(channel: string, chatId: string, settings: Settings): string {
  const links = settings.get<Readonly<Record<string, readonly string[]>>>("session.identityLinks") ?? {};
  const own = new Set([chatId.toLowerCase(), `${channel}:${chatId}`.toLowerCase()]);
  for (const [person, accounts] of Object.entries(links)) {
    if (Array.isArray(accounts) && accounts.some((account) => own.has(String(account).trim().toLowerCase())))
      return person.trim().toLowerCase();
  }
  return chatId;
}

/** An id as part of a key: what keys forbid is written as `%xx`, so that different ids stay different. */
function safe(id: string): string {
  const part = id.replaceAll(/[%/\\\p{Cc}]/gu, (character) => encodeURIComponent(character).toLowerCase());
  if (part.toLowerCase().length <= MAX_ID && part.isWellFormed()) return part;
  return createHash("sha256").update(id).digest("hex");
}
