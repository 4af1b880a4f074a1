import type { Envelope } from "openclaw/plugin-sdk";
import type { ChannelKeys, Entries, PlaceKeys, Places } from "./keys.ts";

/** What the configuration says of the place a message was written in. */
export interface Place {
  readonly groupPolicy: string;
  /** There is a list of places, and this one is not in it. */
  readonly isUnlisted: boolean;
  /** The network's places are listed natively, as guilds or teams, and none is configured. */
  readonly isForeign: boolean;
  readonly isOff: boolean;
  readonly requireMention: boolean;
  /** Other bots are heard here. */
  readonly allowBots: boolean;
  /** Who may write here, when the place has a list of its own. */
  readonly senders: Entries | undefined;
  readonly systemPrompt: string | undefined;
  /** The only skills that prompts name here. */
  readonly skills: readonly string[] | undefined;
}

/** The rules of a place: the most specific of topic, place and what contains it; `"*"` stands for those not listed. */
export function placeOf(envelope: Envelope, keys: ChannelKeys): Place {
  const { chatId, parentChatId, threadId, guildId, teamId } = envelope;
  const lists = listsFor(envelope, keys);
  const container = pick(lists.containers, [guildId, teamId]);
  const inner = container ? container.channels : lists.places;
  const place = pick(inner, [chatId, parentChatId]);
  const topic = threadId === undefined ? undefined : place?.topics?.[threadId];
  const rules = [topic, place, container].filter((one) => one !== undefined);
  const first = <K extends keyof PlaceKeys>(key: K) => rules.find((one) => one[key] !== undefined)?.[key];
  const isUnlisted = (hasAny(lists.containers) && !container) || (hasAny(inner) && !place);
  return {
    groupPolicy: first("groupPolicy") ?? keys.groupPolicy,
    isUnlisted,
    isForeign: lists.isNative && !hasAny(lists.containers) && !hasAny(lists.places),
    isOff: first("enabled") === false || first("allow") === false,
    requireMention: first("requireMention") ?? keys.requireMention ?? true,
    allowBots: first("allowBots") ?? keys.allowBots,
    senders: rules.map(({ allowFrom, users }) => allowFrom ?? users).find((one) => one !== undefined),
    systemPrompt: first("systemPrompt"),
    skills: first("skills"),
  };
}

interface Lists {
  readonly containers: Places | undefined;
  readonly places: Places | undefined;
  readonly isNative: boolean;
}

function listsFor({ guildId, teamId, chatType }: Envelope, { guilds, teams, channels, groups }: ChannelKeys): Lists {
  if (guildId !== undefined) return { containers: guilds, places: groups, isNative: true };
  if (teamId !== undefined && teams) return { containers: teams, places: groups, isNative: true };
  if (chatType === "channel" && channels) return { containers: undefined, places: channels, isNative: true };
  return { containers: undefined, places: groups, isNative: false };
}

function pick(places: Places | undefined, ids: readonly (string | undefined)[]): PlaceKeys | undefined {
  if (!places) return undefined;
  for (const id of ids) {
    const found = id === undefined ? undefined : (own(places, id) ?? own(places, id.toLowerCase()));
    if (found) return found;
  }
  return own(places, "*");
}

/** Ids come from outside: `constructor` is no place. */
function own(places: Places, id: string): PlaceKeys | undefined {
  return Object.hasOwn(places, id) ? places[id] : undefined;
}

function hasAny(places: Places | undefined): boolean {
  return places !== undefined && Object.keys(places).length > 0;
}
