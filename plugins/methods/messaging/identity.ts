import { hash } from "node:crypto";
import type { Envelope, Work } from "openclaw/plugin-sdk";

export const DEFAULT_ACCOUNT = "default";

/** One id for one event of one account, however often the network delivers it (reliability.md R-03). */
export function idOf(envelope: Envelope): string {
  const { channel, accountId = DEFAULT_ACCOUNT, chatId, threadId, messageId, kind = "message", revision } = envelope;
  return digest([channel, accountId, chatId, threadId ?? null, messageId, kind, revision ?? null]);
}

/** The conversation a message belongs to: order is kept in it, and nothing else waits for it. */
export function conversationOf({
  channel,
  accountId = DEFAULT_ACCOUNT,
  chatId,
  threadId,
  sessionKey,
}: Envelope): string {
  return digest(sessionKey === undefined ? [channel, accountId, chatId, threadId ?? null] : ["session", sessionKey]);
}

/** The account as limits count it. Clients of the gateway are not people on a network: they have none. */
export function accountOf({ channel, accountId = DEFAULT_ACCOUNT, sessionKey }: Envelope): string | undefined {
  return sessionKey === undefined ? `${channel}/${accountId}` : undefined;
}

/** Is this what was accepted? What a trusted caller asks under one id must not change. */
export function sameRequest({ envelope, asked }: Work, again: Envelope): boolean {
  const { media: _all, ...one } = envelope;
  return request(asked ? { ...one, ...asked } : envelope) === request(again);
}

function request({ text, sessionKey, replyTo, options, media }: Envelope): string {
  return JSON.stringify([text, sessionKey ?? null, replyTo ?? null, options ?? {}, media ?? []]);
}

function digest(parts: readonly (string | null)[]): string {
  return hash("sha256", JSON.stringify(parts)).slice(0, 32);
}
