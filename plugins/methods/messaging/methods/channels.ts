import { closed, GatewayError, NonEmptyString, Plugins, Type } from "openclaw/plugin-sdk";
import type { ChannelStatus, PluginGateway, PluginsApi } from "openclaw/plugin-sdk";
import type { Channels, ListedChannel } from "../channels.ts";
import { summary } from "../health.ts";
import { probedList } from "../probe.ts";
import { ChannelsStatusShape, LoggedOutShape } from "./shape.ts";

/** `channels.status` and `channels.logout` (channels.md §1.17). */
export function registerChannelMethods(gateway: PluginGateway, channels: Channels): void {
  const plugins = gateway.use(Plugins);
  gateway.method({
    name: "channels.status",
    scope: "operator.read",
    timeoutMs: 120_000,
    params: closed({ probe: Type.Optional(Type.Boolean()), timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })) }),
    result: ChannelsStatusShape,
    async handle({ probe, timeoutMs }) {
      const listed = probe ? await probedList(channels, timeoutMs) : channels.list();
      const shown = listed.filter(({ accounts }) => accounts.length > 0);
      const by = <T>(value: (channel: ListedChannel) => T) =>
        Object.fromEntries(shown.map((channel) => [channel.id, value(channel)]));
      return {
        ts: Date.now(),
        channelOrder: shown.map(({ id }) => id),
        channelLabels: by(({ label }) => label),
        channelDetailLabels: by(detailLabel),
        channelSystemImages: Object.fromEntries(
          shown.flatMap(({ id, definition }) =>
            definition?.meta?.systemImage ? [[id, definition.meta.systemImage]] : [],
          ),
        ),
        channelMeta: shown.map((channel) => ({
          id: channel.id,
          label: channel.label,
          detailLabel: detailLabel(channel),
          ...(channel.definition?.meta?.systemImage && { systemImage: channel.definition.meta.systemImage }),
        })),
        channels: by((channel) => summary(channel)),
        channelAccounts: by(({ accounts }) => accounts),
        channelDefaultAccountId: by(({ accounts }) => defaultAccount(accounts)),
        issues: [...shown.flatMap((channel) => issuesOf(channel, channels)), ...pluginIssues(plugins)],
      };
    },
  });

  gateway.method({
    name: "channels.logout",
    scope: "operator.admin",
    timeoutMs: 60_000,
    params: closed({ channel: NonEmptyString, accountId: Type.Optional(Type.String()) }),
    result: LoggedOutShape,
    async handle({ channel, accountId }) {
      const definition = channels.has(channel) ? await channels.get(channel) : undefined;
      if (!definition) throw new GatewayError("INVALID_REQUEST", "invalid channels.logout channel");
      if (!definition.logout) throw new GatewayError("INVALID_REQUEST", `channel ${channel} does not support logout`);
      const account = accountId ?? (await channels.accountIds(channel))[0] ?? "default";
      const outcome = await definition.logout(channels.account(channel, account));
      await channels.restartAccount(channel, account);
      return { channel, accountId: account, ...outcome };
    },
  });
}

interface Issue {
  readonly channel: string;
  readonly accountId: string;
  readonly kind: string;
  readonly message: string;
  readonly fix?: string;
}

function issuesOf({ id, accounts, definition }: ListedChannel, channels: Channels): Issue[] {
  return accounts.flatMap((status): Issue[] => {
    const { accountId, lastError, connected, fix, errorKind, paused } = status;
    const at = { channel: id, accountId };
    const own = definition?.issues?.(channels.account(id, accountId)) ?? [];
    const waits = typeof paused === "string" ? [{ ...at, kind: "runtime", message: paused }] : [];
    const listed = [...waits, ...own.map((issue) => ({ ...at, ...issue }))];
    if (lastError === null || connected) return listed;
    const kind = errorKind === "auth" || errorKind === "logged-out" ? "auth" : "runtime";
    return [{ ...at, kind, message: lastError, ...(typeof fix === "string" && { fix }) }, ...listed];
  });
}

/** What keeps the plugin of a channel from running, or from taking up what the file says now. */
function pluginIssues(plugins: PluginsApi): Issue[] {
  return plugins.list().flatMap(({ contributes, enabled, error, reason }): Issue[] => {
    if (!enabled || error === undefined) return [];
    const kind = reason === "config_invalid" ? "config" : "runtime";
    const fix = kind === "config" ? "openclaw config validate" : "openclaw plugins list";
    return (contributes["channels"] ?? []).map((channel) => ({
      channel,
      accountId: "default",
      kind,
      message: error,
      fix,
    }));
  });
}

function detailLabel({ label, definition }: ListedChannel): string {
  return definition?.meta?.detailLabel ?? label;
}

function defaultAccount(accounts: readonly ChannelStatus[]): string {
  const ids = accounts.map(({ accountId }) => accountId).toSorted();
  return ids.includes("default") ? "default" : (ids[0] ?? "default");
}
