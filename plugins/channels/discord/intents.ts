import type { DiscordKeys } from "./account.ts";

/** Bits of `IDENTIFY.intents`: guilds, messages in them and direct, their text, reactions on them. */
const ALWAYS = {
  guilds: 1 << 0,
  guildMessages: 1 << 9,
  guildMessageReactions: 1 << 10,
  directMessages: 1 << 12,
  directMessageReactions: 1 << 13,
  messageContent: 1 << 15,
};
const GUILD_MEMBERS = 1 << 1;
const GUILD_PRESENCES = 1 << 8;

export function intentsOf({ intents = {} }: DiscordKeys): number {
  const always = Object.values(ALWAYS).reduce((sum, bit) => sum | bit, 0);
  return always | (intents.guildMembers ? GUILD_MEMBERS : 0) | (intents.presence ? GUILD_PRESENCES : 0);
}

export type IntentState = "enabled" | "limited" | "disabled";

/** Which privileged intents the developer portal grants, from `application.flags`. */
export function grantedIntents(flags: number): {
  readonly messageContent: IntentState;
  readonly guildMembers: IntentState;
  readonly presence: IntentState;
} {
  const state = (full: number, limited: number): IntentState => {
    if (flags & (1 << full)) return "enabled";
    return flags & (1 << limited) ? "limited" : "disabled";
  };
  return { messageContent: state(18, 19), guildMembers: state(14, 15), presence: state(12, 13) };
}

/** The privileged intents that an account asks for, as the developer portal names them. */
export function privilegedNames({ intents = {} }: DiscordKeys): string {
  const names = ["Message Content Intent"];
  if (intents.guildMembers) names.push("Server Members Intent");
  if (intents.presence) names.push("Presence Intent");
  return names.join(" and ");
}
