import type { Envelope, Settings } from "openclaw/plugin-sdk";

/** The keys of `channels.<id>` that decide who is heard; the account's override the channel's. */
interface AccessKeys {
  readonly dmPolicy?: string;
  readonly groupPolicy?: string;
  readonly allowFrom?: readonly (string | number)[];
  readonly groupAllowFrom?: readonly (string | number)[];
  readonly groups?: Readonly<Record<string, { readonly requireMention?: boolean } | undefined>>;
}

/**
 * Why a message is not heard, or `undefined`. Refuses by default: senders and groups must be listed by
 * their stable ids (channels.md §1.4, §1.5). A caller that names the session has been authenticated.
 */
export function refusalOf(envelope: Envelope, settings: Settings): string | undefined {
  if (envelope.sessionKey !== undefined) return undefined;
  if (envelope.sender.id === "" || envelope.chatId === "") return "incomplete";
  const keys = accessKeys(envelope, settings);
  return envelope.chatType === "direct" ? directRefusal(envelope, keys) : groupRefusal(envelope, keys);
}

function directRefusal({ sender }: Envelope, { dmPolicy, allowFrom }: AccessKeys): string | undefined {
  if (dmPolicy === "disabled") return "dm-disabled";
  return listed(allowFrom, sender.id) ? undefined : "dm-not-allowed";
}

function groupRefusal({ chatId, sender, mentioned }: Envelope, keys: AccessKeys): string | undefined {
  const { groupPolicy = "allowlist", groups = {}, groupAllowFrom, allowFrom } = keys;
  if (groupPolicy === "disabled") return "group-disabled";
  const group = groups[chatId] ?? groups["*"];
  if (Object.keys(groups).length > 0 && !group) return "group-not-listed";
  if (groupPolicy !== "open" && !listed(groupAllowFrom ?? allowFrom, sender.id)) return "group-sender";
  return mentioned || group?.requireMention === false ? undefined : "no-mention";
}

function listed(list: readonly (string | number)[] | undefined, id: string): boolean {
  return (list ?? []).some((entry) => entry === "*" || String(entry).trim().toLowerCase() === id.toLowerCase());
}

function accessKeys({ channel, accountId }: Envelope, settings: Settings): AccessKeys {
  const section = settings.get<AccessKeys & { accounts?: Record<string, AccessKeys> }>(`channels.${channel}`) ?? {};
  return { ...section, ...(accountId !== undefined && section.accounts?.[accountId]) };
}
