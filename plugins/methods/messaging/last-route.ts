import type { SessionEntry, Work } from "openclaw/plugin-sdk";

/**
 * What a session remembers of the way its last message came, or nothing when it knows it already, or was moved elsewhere
 * after the message came.
 */
export function routeChange(
  entry: SessionEntry,
  { envelope, acceptedAt }: Pick<Work, "envelope" | "acceptedAt">,
): Partial<SessionEntry> | undefined {
  if (Number(entry["dockedAt"] ?? 0) > acceptedAt) return undefined;
  const { sessionKey, replyTo, chatType, channel, sender, group, conversationLabel } = envelope;
  if (sessionKey !== undefined || !replyTo) return undefined;
  const { to, accountId, threadId } = replyTo;
  const isSame =
    entry.lastChannel === channel &&
    entry.lastTo === to &&
    entry.lastAccountId === accountId &&
    entry["lastThreadId"] === threadId;
  if (isSame) return undefined;
  const thread = threadId === undefined ? {} : { threadId };
  const name = conversationLabel ?? group?.channelName ?? group?.subject ?? sender.name;
  return {
    channel,
    lastChannel: channel,
    lastTo: to,
    lastAccountId: accountId,
    lastThreadId: threadId,
    deliveryContext: { channel, to, accountId, ...thread },
    chatType,
    ...(name !== undefined && entry.displayName === undefined && { displayName: name }),
    ...(group?.subject !== undefined && { subject: group.subject }),
    origin: { provider: channel, surface: channel, chatType, from: sender.id, to, accountId, ...thread },
  };
}
