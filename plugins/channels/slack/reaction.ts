import type { SlackKeys } from "./account.ts";
import { placeFields } from "./parse.ts";
import type { Here, Inbound, Person, Self } from "./parse.ts";
import type { WireReaction } from "./wire.ts";

/** Does the configuration want to know of this one? */
export function isTold({ user, item, item_user: author }: WireReaction, keys: SlackKeys, self: Self): boolean {
  if (user === undefined || user === self.userId || item?.type !== "message") return false;
  if (typeof item.channel !== "string" || typeof item.ts !== "string") return false;
  const { reactionNotifications: mode = "own", reactionAllowlist = [] } = keys;
  if (mode === "own") return author === self.userId;
  if (mode === "allowlist") return reactionAllowlist.some((entry) => entry.replace(/^.*:/, "").toUpperCase() === user);
  return mode === "all";
}

/** An emoji on a message as a fact for the agent. It has passed {@link isTold}. */
export function reactionEnvelope(
  { user = "", reaction = "?", item, item_user: author, event_ts = "" }: WireReaction,
  here: Here,
  self: Self,
  person: Person | undefined,
): Inbound {
  const messageId = item?.ts ?? "";
  return {
    ...placeFields(here, user, self),
    kind: "reaction",
    messageId,
    revision: `${user} ${reaction} ${event_ts}`,
    text: `Slack reaction added: :${reaction}: by ${person?.name ?? user} on msg ${messageId}`,
    sender: { id: user, ...person },
    quoted: { id: messageId, ...(author === self.userId && { isBot: true }) },
    mentions: { bot: false, any: false, canDetect: true },
  };
}
