import type { ChannelAccount, ChannelDef, Settings } from "openclaw/plugin-sdk";

type Keys = Readonly<Record<string, unknown>>;

/** Keys of policy: a change of one is seen at the next message and restarts nothing (channels.md §1.18). */
const LIVE_KEYS: ReadonlySet<string> = new Set(
  `accounts ackReaction actions allowBots allowFrom capabilities channels chunkMode commands configWrites customCommands
  debounceMs defaultAccount dm dmHistoryLimit dmPolicy dms groupAllowFrom groupPolicy groups guilds heartbeat historyLimit
  markdown mediaMaxMb name onUnknown requireMention responsePrefix retry sendReadReceipts teams
  textChunkLimit`.split(/\s+/),
);
const LIVE_FAMILIES = /^(?:blockStreaming|reaction|replyToMode)/;

/** Ids of the accounts that the configuration has for a channel. One that needs no configuration has one without. */
export function accountIds(channel: string, definition: ChannelDef, settings: Settings): readonly string[] {
  const section = settings.get<Keys>(`channels.${channel}`);
  if (!section && definition.needsConfig !== false) return [];
  if (definition.accounts) return definition.accounts.list(section ?? {});
  const named = Object.keys((section?.["accounts"] as Keys | undefined) ?? {});
  return named.length > 0 ? named : ["default"];
}

/** An account whose keys follow the configuration: asked at use time, they are those of now. */
export function accountOf(
  channel: string,
  accountId: string,
  definition: ChannelDef | undefined,
  settings: Settings,
): ChannelAccount {
  return {
    accountId,
    get config() {
      return keysOf(channel, accountId, definition, settings);
    },
  };
}

export function isEnabled({ config }: ChannelAccount): boolean {
  return config["enabled"] !== false;
}

/** Tells when an account has to be started anew: the text changes with any key that its connection depends on. */
export function fingerprint({ config }: ChannelAccount, { restartKeys }: ChannelDef): string {
  const entries = Object.entries(config).filter(([key]) =>
    restartKeys ? restartKeys.includes(key) || key === "enabled" : !LIVE_KEYS.has(key) && !LIVE_FAMILIES.test(key),
  );
  return JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function keysOf(channel: string, accountId: string, definition: ChannelDef | undefined, settings: Settings): Keys {
  const section = settings.get<Keys>(`channels.${channel}`) ?? {};
  if (definition?.accounts) return definition.accounts.resolve(section, accountId);
  const { accounts, ...shared } = section;
  return { ...shared, ...(accounts as Readonly<Record<string, Keys>> | undefined)?.[accountId] };
}
