import { Messaging } from "../services/messaging.ts";
import type { ChannelContext, ChannelDef } from "../services/messaging.ts";
import type { AccountContext, EstablishedChannel } from "./channel-contract.ts";
import { deliverOutbound } from "./channel-outbound.ts";
import type { Established } from "./established.ts";
import type { Dispatch } from "./reply-dispatch.ts";

/** `api.registerChannel`, with the channel itself or `{ plugin }`. */
export function createRegisterChannel(plugin: Established, dispatch: Dispatch) {
  const { gateway } = plugin;
  return (given: EstablishedChannel | { readonly plugin: EstablishedChannel }): void => {
    const channel =
      "plugin" in given && given.plugin ? (given.plugin as EstablishedChannel) : (given as EstablishedChannel);
    const id = String(channel.id ?? "").trim();
    const { listAccountIds, resolveAccount } = channel.config ?? {};
    if (id === "" || typeof listAccountIds !== "function" || typeof resolveAccount !== "function") {
      return gateway.diagnose(
        `registerChannel: "${id}" was skipped; a channel needs an id, config.listAccountIds and config.resolveAccount`,
      );
    }
    const label = channel.meta?.label ?? id;
    const definition: ChannelDef = {
      label,
      // Parts are cut by the plugin's own chunker, in one delivery.
      textLimit: Number.MAX_SAFE_INTEGER,
      start: (context) => live(id, channel, context, plugin, dispatch),
      deliver: async (entry, { accountId }) =>
        (await dispatch.take(entry)) ?? deliverOutbound(channel, entry, accountId, plugin),
    };
    gateway.hooks
      .of(Messaging)
      .channel.for(id)
      .tap({ label, yields: true }, () => definition);
  };
}

/** The life of one account, until the signal aborts. Rejects when `startAccount` does: then it is started again. */
async function live(
  id: string,
  channel: EstablishedChannel,
  { account: { accountId }, signal, status }: ChannelContext,
  plugin: Established,
  dispatch: Dispatch,
): Promise<void> {
  const cfg = plugin.config();
  if (!channel.config.listAccountIds(cfg).includes(accountId)) {
    return status({ configured: false, lastError: `the channel has no account "${accountId}"` });
  }
  const account = channel.config.resolveAccount(cfg, accountId);
  const idle = await idleReason(channel, account, cfg);
  if (idle) return status(idle);

  const context = accountContext(accountId, account, cfg, { signal, status }, plugin);
  const ended = dispatch.runs(id, accountId);
  try {
    const life = Promise.resolve(channel.gateway?.startAccount?.(context));
    // Some resolve at once and go on working: only the signal or a failure ends the account.
    await Promise.race([life.then(() => aborted(signal)), aborted(signal)]);
    await stop(id, channel, context, plugin);
    await life.catch(() => undefined);
  } finally {
    ended();
  }
}

/** What the status says of an account that is not to run, or `undefined`. */
async function idleReason(
  { config }: EstablishedChannel,
  account: unknown,
  cfg: unknown,
): Promise<Record<string, unknown> | undefined> {
  if (config.isEnabled?.(account, cfg) === false) {
    return { enabled: false, lastError: config.disabledReason?.(account, cfg) ?? "disabled" };
  }
  if ((await config.isConfigured?.(account, cfg)) === false) {
    return { configured: false, lastError: config.unconfiguredReason?.(account, cfg) ?? "not configured" };
  }
  return undefined;
}

async function stop(id: string, { gateway }: EstablishedChannel, context: AccountContext, { logger }: Established) {
  try {
    await gateway?.stopAccount?.(context);
  } catch (error) {
    logger.warn(`channel ${id}/${context.accountId} did not stop cleanly`, { err: error });
  }
}

function accountContext(
  accountId: string,
  account: unknown,
  cfg: unknown,
  { signal, status }: Pick<ChannelContext, "signal" | "status">,
  { logger }: Established,
): AccountContext {
  let current: Readonly<Record<string, unknown>> = { accountId };
  return {
    cfg,
    accountId,
    account,
    runtime: { log: (text) => logger.info(text), error: (text) => logger.error(text) },
    abortSignal: signal,
    log: logger,
    getStatus: () => current,
    setStatus(patch) {
      current = { ...current, ...patch };
      status(patch);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
