import type { Envelope } from "openclaw/plugin-sdk";
import { isListed, isNamed } from "./allow-list.ts";
import type { Network } from "./allow-list.ts";
import type { ChannelKeys, Entries } from "./keys.ts";
import { placeOf } from "./place.ts";
import type { Place } from "./place.ts";

/** Why a message is not heard (channels.md §1.3). */
export type Refusal =
  | "own"
  | "bot"
  | "incomplete"
  | "account-disabled"
  | "dm-disabled"
  | "dm-not-allowed"
  | "pairing-pending"
  | "group-disabled"
  | "group-not-listed"
  | "group-sender"
  | "no-mention"
  | "command-unauthorized"
  | "unsupported"
  | "flood";

export type Access =
  | { readonly refuse: Refusal }
  | {
      readonly mayCommand: boolean;
      readonly isOwner: boolean;
      /** A list names the sender: it is not only let in with everybody. */
      readonly isTrusted: boolean;
      readonly place?: Place;
    };

export interface Rules {
  readonly network: Network;
  readonly keys: ChannelKeys;
  /** Ids that were approved by pairing. Direct messages only: an approval opens no group and makes no owner. */
  readonly approved: Entries;
  /** `commands.ownerAllowFrom`. A list of its own: no other makes an owner. */
  readonly owners: Entries;
  /** `commands.useAccessGroups`: only senders that a list names may use commands. */
  readonly useAccessGroups: boolean;
}

/**
 * Who is heard, by the facts of the envelope alone. Refuses by default; each list answers one question and none falls
 * back to another (security.md S-36 to S-38).
 */
export function accessOf(envelope: Envelope, rules: Rules): Access {
  const { sender, chatId, chatType } = envelope;
  if (!isText(sender?.id) || !isText(chatId) || !CHAT_TYPES.has(chatType)) return { refuse: "incomplete" };
  if (rules.keys.enabled === false) return { refuse: "account-disabled" };
  // The account writing to itself is its holder; in a group it is an echo of what we sent.
  if (sender.isSelf)
    return chatType === "direct" ? { mayCommand: true, isOwner: true, isTrusted: true } : { refuse: "own" };
  const place = chatType === "direct" ? undefined : placeOf(envelope, rules.keys);
  if (sender.isBot && !(place ?? rules.keys).allowBots) return { refuse: "bot" };
  return place ? groupAccess(envelope, rules, place) : directAccess(envelope, rules);
}

function directAccess(envelope: Envelope, { keys, network, approved, owners }: Rules): Access {
  const { sender } = envelope;
  const isOwner = isNamed(owners, sender, network);
  const isTrusted = isOwner || isNamed(keys.allowFrom, sender, network) || isNamed(approved, sender, network);
  const heard = { mayCommand: true, isOwner, isTrusted };
  if (keys.dmPolicy === "disabled") return { refuse: "dm-disabled" };
  if (isListed(keys.allowFrom, sender, network)) return heard;
  if (keys.dmPolicy === "open") return { refuse: "dm-not-allowed" };
  if (isNamed(approved, sender, network)) return heard;
  return { refuse: keys.dmPolicy === "pairing" ? "pairing-pending" : "dm-not-allowed" };
}

function groupAccess(
  { sender, chatType }: Envelope,
  { keys, network, owners, useAccessGroups }: Rules,
  place: Place,
): Access {
  // Group chats beside the named rooms of Discord and Slack belong to direct messages there.
  const isGroupDirect = chatType === "group" && (keys.guilds ?? keys.channels) !== undefined;
  if (isGroupDirect && !keys.groupDirect) return { refuse: "group-not-listed" };
  if (place.groupPolicy === "disabled") return { refuse: "group-disabled" };
  if (place.isOff || place.isUnlisted) return { refuse: "group-not-listed" };
  if (place.groupPolicy !== "open" && place.isForeign) return { refuse: "group-not-listed" };
  const senders = place.senders ?? (place.groupPolicy === "open" ? undefined : keys.groupAllowFrom);
  if (senders && !isListed(senders, sender, network)) return { refuse: "group-sender" };
  const isOwner = isNamed(owners, sender, network);
  const isKnown = isOwner || isListed(place.senders ?? keys.groupAllowFrom, sender, network);
  const isTrusted = isOwner || isNamed(place.senders ?? keys.groupAllowFrom, sender, network);
  return { mayCommand: isKnown || !useAccessGroups, isOwner, isTrusted, place };
}

const CHAT_TYPES: ReadonlySet<unknown> = new Set(["direct", "group", "channel"]);

/** Envelopes are made by plugins: what decides is checked. */
function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
