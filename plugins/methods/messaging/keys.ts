import { directPolicyOf } from "openclaw/plugin-sdk/config";
import type { BlockDelivery, Settings } from "openclaw/plugin-sdk";

export type Entries = readonly (string | number)[];

/** Rules of one place: a group, a room, a guild or a topic in one of them. */
export interface PlaceKeys {
  readonly enabled?: boolean;
  readonly allow?: boolean;
  readonly requireMention?: boolean;
  readonly allowBots?: boolean;
  readonly users?: Entries;
  readonly allowFrom?: Entries;
  readonly groupPolicy?: string;
  readonly systemPrompt?: string;
  readonly skills?: readonly string[];
  readonly topics?: Readonly<Record<string, PlaceKeys | undefined>>;
  readonly channels?: Readonly<Record<string, PlaceKeys | undefined>>;
}

export type Places = Readonly<Record<string, PlaceKeys | undefined>>;

/** The keys of `channels.<id>` that messaging reads; an account's override the channel's. */
export interface ChannelKeys {
  readonly enabled?: boolean;
  readonly dmPolicy: string;
  readonly allowFrom: Entries;
  readonly groupPolicy: string;
  readonly groupAllowFrom: Entries;
  readonly groups?: Places;
  readonly guilds?: Places;
  readonly teams?: Places;
  readonly channels?: Places;
  readonly requireMention?: boolean;
  readonly groupDirect: boolean;
  readonly allowBots: boolean;
  readonly historyLimit?: number;
  readonly debounceMs?: number;
  readonly textChunkLimit?: number;
  readonly chunkMode?: string;
  readonly responsePrefix?: string;
  readonly blockStreaming?: boolean;
  readonly blockStreamingCoalesce?: BlockDelivery["coalesce"];
}

interface Section extends Partial<ChannelKeys> {
  readonly accounts?: Readonly<Record<string, Section | undefined>>;
  readonly dm?: {
    readonly enabled?: boolean;
    readonly policy?: string;
    readonly allowFrom?: Entries;
    readonly groupEnabled?: boolean;
  };
}

/** The one reading of both spellings: nobody else in this plugin looks at `dm.*`. */
export function channelKeys(settings: Settings, channel: string, accountId = "default"): ChannelKeys {
  const defaults = settings.get<Section>("channels.defaults") ?? {};
  const section = settings.get<Section>(`channels.${channel}`) ?? {};
  const all = { ...section, ...section.accounts?.[accountId] };
  const { dm, ...keys } = all;
  return {
    ...keys,
    ...directPolicyOf(all),
    groupPolicy: keys.groupPolicy ?? defaults.groupPolicy ?? "allowlist",
    groupAllowFrom: keys.groupAllowFrom ?? [],
    groupDirect: dm?.groupEnabled === true,
    allowBots: keys.allowBots === true,
  };
}
