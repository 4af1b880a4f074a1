import type { Envelope, Settings } from "openclaw/plugin-sdk";
import type { ToolRules } from "./policy.ts";

interface PlaceKeys {
  readonly tools?: ToolRules;
  readonly toolsBySender?: Readonly<Record<string, ToolRules>>;
  readonly channels?: Places;
}

type Places = Readonly<Record<string, PlaceKeys | undefined>>;

interface Section {
  readonly groups?: Places;
  readonly rooms?: Places;
  readonly channels?: Places;
  readonly guilds?: Places;
  readonly teams?: Places;
  readonly accounts?: Readonly<Record<string, Section | undefined>>;
}

/**
 * What a group or room says of the tools used in it (channels.md §1.5): for who wrote, for the place, then the same of
 * `"*"`. Direct chats have no place.
 */
export function placeRules(settings: Settings, envelope: Envelope | undefined): ToolRules {
  if (!envelope || envelope.chatType === "direct") return {};
  const { channel, accountId = "default", chatId, parentChatId, guildId, teamId, sender } = envelope;
  const section = settings.get<Section>(`channels.${channel}`) ?? {};
  const keys = { ...section, ...section.accounts?.[accountId] };
  const containers = [
    own(keys.guilds, guildId),
    own(keys.guilds, "*"),
    own(keys.teams, teamId),
    own(keys.teams, "*"),
  ].filter((one) => one !== undefined);
  const lists = [...containers.map(({ channels }) => channels), keys.channels, keys.groups, keys.rooms];
  const exact = lists.flatMap((list) => [own(list, chatId), own(list, parentChatId)]);
  const places = [...exact, ...containers, ...lists.map((list) => own(list, "*"))].filter((one) => one !== undefined);
  for (const { tools, toolsBySender } of places) {
    const found = own(toolsBySender, sender.id) ?? own(toolsBySender, "*") ?? tools;
    if (found) return found;
  }
  return {};
}

/** Ids come from outside: `constructor` is no place. */
function own<T>(table: Readonly<Record<string, T>> | undefined, id: string | undefined): T | undefined {
  if (!table || id === undefined) return undefined;
  if (Object.hasOwn(table, id)) return table[id];
  return Object.hasOwn(table, id.toLowerCase()) ? table[id.toLowerCase()] : undefined;
}
