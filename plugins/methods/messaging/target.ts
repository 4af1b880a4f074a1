import { GatewayError } from "openclaw/plugin-sdk";
import type { ChannelDef, ReplyAddress } from "openclaw/plugin-sdk";
import type { Channels } from "./channels.ts";

export interface Asked {
  readonly to: string;
  readonly channel: string;
  readonly accountId?: string | undefined;
}

export interface Resolved {
  readonly address: ReplyAddress;
  readonly definition: ChannelDef;
  readonly label: string;
}

/** Where a caller wants to send to. What cannot be reached is refused with the channel's words (channels.md §1.14). */
export async function resolveTarget(
  { to, channel, accountId }: Asked,
  channels: Channels,
  unsupported: string,
): Promise<Resolved> {
  const definition = channels.has(channel) ? await channels.get(channel) : undefined;
  if (!definition) throw invalid(`${unsupported}: ${channel}`);
  const label = definition.label ?? channel;
  const ids = await channels.accountIds(channel);
  const account = accountId ?? ids[0] ?? "default";
  if (accountId !== undefined && ids.length > 0 && !ids.includes(accountId)) {
    throw invalid(`unknown account "${accountId}" of ${label}; it has ${ids.join(", ")}`);
  }
  const bare = withoutPrefix(to, channel, definition);
  if (bare === "") throw invalid(`${label} requires a target${hintOf(definition)}`);
  const parsed = await definition.targets?.parse(bare, channels.account(channel, account));
  if (parsed?.ok === false) throw invalid(`Unknown target "${to}" for ${label}. ${parsed.error}${hintOf(definition)}`);
  const threadId = parsed?.threadId;
  return {
    address: { channel, accountId: account, to: parsed?.to ?? bare, ...(threadId !== undefined && { threadId }) },
    definition,
    label,
  };
}

function withoutPrefix(to: string, channel: string, { meta }: ChannelDef): string {
  const trimmed = to.trim();
  const names = [channel, ...(meta?.aliases ?? [])].map((name) => `${name.toLowerCase()}:`);
  const prefix = names.find((name) => trimmed.toLowerCase().startsWith(name));
  return prefix === undefined ? trimmed : trimmed.slice(prefix.length).trim();
}

function hintOf({ targets }: ChannelDef): string {
  return targets ? `; use ${targets.hint}` : "";
}

function invalid(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
