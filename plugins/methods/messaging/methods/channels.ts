import { closed, errorText, GatewayError, NonEmptyString, Plugins, Type } from "openclaw/plugin-sdk";
import type { ChannelStatus, PluginGateway, PluginsApi } from "openclaw/plugin-sdk";
import type { Channels, ListedChannel } from "../channels.ts";
import { summary } from "../health.ts";
import { ChannelsStatusShape, LoggedOutShape } from "./shape.ts";

const PROBE_MS = 10_000;
const SHORTEST_PROBE_MS = 1_000;

/** `channels.status` and `channels.logout` (channels.md §1.17). */
export function registerChannelMethods(gateway: PluginGateway, channels: Channels): void {
  const plugins = gateway.use(Plugins);
  gateway.method({
    name: "channels.status",
    scope: "operator.read",
    timeoutMs: 120_000,
    params: closed({ probe: Type.Optional(Type.Boolean()), timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })) }),
    result: ChannelsStatusShape,
    async handle({ probe, timeoutMs = PROBE_MS }) {
      const listed = channels.list().filter(({ accounts }) => accounts.length > 0);
      const limitMs = Math.max(SHORTEST_PROBE_MS, Math.min(timeoutMs, 100_000));
      const shown = probe ? await Promise.all(listed.map((one) => probed(one, channels, limitMs))) : listed;
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

/** Each account asked at the same time and within the limit: one that hangs delays nobody. */
async function probed(channel: ListedChannel, channels: Channels, limitMs: number): Promise<ListedChannel> {
  const accounts = await Promise.all(
    channel.accounts.map(async (status): Promise<ChannelStatus> => {
      const probe = await probeOf(channel, status.accountId, channels, limitMs);
      return probe ? { ...status, probe, lastProbeAt: Date.now() } : status;
    }),
  );
  return { ...channel, accounts };
}

async function probeOf({ id, definition }: ListedChannel, accountId: string, channels: Channels, limitMs: number) {
  if (!definition?.probe) return undefined;
  const signal = AbortSignal.timeout(limitMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`no answer within ${limitMs} ms`)), { once: true });
  });
  const startedAt = performance.now();
  try {
    const probe = await Promise.race([definition.probe(channels.account(id, accountId), signal), late]);
    return { ...probe, elapsedMs: Math.round(performance.now() - startedAt) };
  } catch (error) {
    return { ok: false, error: errorText(error) };
  }
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
