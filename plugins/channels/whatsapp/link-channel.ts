import type { ChannelStatus } from "openclaw/plugin-sdk";

interface Channel {
  readonly id: string;
  readonly label: string;
  readonly accounts: readonly ChannelStatus[];
}

/** `linkChannel` of `health` and `status`: is a phone linked (protocol.md §9.1)? The best of the accounts speaks for all. */
export function linkChannel(channels: readonly Channel[]): { readonly linkChannel?: object } {
  const { id, label, accounts = [] } = channels.find((channel) => channel.id === "whatsapp") ?? {};
  const [account] = accounts.toSorted((a, b) => Number(b["linked"] === true) - Number(a["linked"] === true));
  if (!account) return {};
  return { linkChannel: { id, label, linked: account["linked"] === true, authAgeMs: account["authAgeMs"] ?? null } };
}
