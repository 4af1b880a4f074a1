import type { GatewayMessageReactionAddDispatchData } from "discord.js";
import type { DiscordKeys, ReactionMode } from "./account.ts";
import { placeFields, senderOf } from "./parse.ts";
import type { Here, Inbound, Self } from "./parse.ts";

/** An emoji on a message as a fact for the agent, or nothing where the configuration does not want to know. */
export function reactionEnvelope(
  data: GatewayMessageReactionAddDispatchData,
  here: Here,
  keys: DiscordKeys,
  self: Self,
): Inbound | undefined {
  const { user_id: userId, message_id: messageId, emoji, member } = data;
  const guild = here.chatType === "channel" ? (keys.guilds?.[here.guildId] ?? keys.guilds?.["*"]) : undefined;
  const mode: ReactionMode = guild?.reactionNotifications ?? keys.reactionNotifications ?? "own";
  if (mode === "off") return undefined;
  const isOwn = data.message_author_id === self.id;
  if (mode === "own" && !isOwn) return undefined;
  if (mode === "allowlist" && !(guild?.users ?? []).some((entry) => entry.includes(userId))) return undefined;
  const name = emoji.id ? `:${emoji.name ?? emoji.id}:` : (emoji.name ?? "?");
  const user = member?.user;
  const sender = user ? senderOf(user, member) : { id: userId };
  return {
    ...placeFields(here, userId, self),
    kind: "reaction",
    messageId,
    revision: `${userId} ${emoji.id ?? emoji.name ?? ""}`,
    text: `Discord reaction added: ${name} by ${sender.name ?? userId} on msg ${messageId}`,
    sender,
    quoted: { id: messageId, ...(isOwn && { isBot: true }) },
    mentions: { bot: false, any: false, canDetect: true },
  };
}
