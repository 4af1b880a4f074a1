import { join } from "node:path";
import { Backoff, ChannelError, pause } from "openclaw/plugin-sdk";
import type { ChannelContext, PluginGateway } from "openclaw/plugin-sdk";
import { keysOf, modeOf, webhookPathOf } from "./account.ts";
import type { Client } from "./client.ts";
import { channelError, failureOf } from "./failure.ts";
import type { Live } from "./live.ts";
import { Offset } from "./offset.ts";
import { ALLOWED_UPDATES, poll } from "./poll.ts";
import { Receive } from "./receive.ts";
import type { Webhooks } from "./webhook.ts";

/** What was written longer ago than this when we connect was written to nobody. */
const BACKLOG_MS = 30_000;

export interface StartParts {
  readonly gateway: PluginGateway;
  readonly context: ChannelContext;
  readonly client: Client;
  readonly timeoutSeconds: number;
  readonly webhooks: Webhooks;
  /** The bot is known: from now on the account can be used. */
  readonly known: (bot: Live["bot"]) => Live;
  readonly migrated: (from: string, to: string) => Promise<void>;
}

/** One account from who it is to its stop: says hello, then takes updates in until the signal aborts. */
export async function run(parts: StartParts): Promise<void> {
  const { gateway, context, client } = parts;
  const { account, signal } = context;
  const backoff = new Backoff();
  const bot = await hello(parts, backoff);
  if (!bot) return;
  const live = parts.known(bot);
  const receive = new Receive({
    account,
    client,
    log: gateway.log,
    own: live.own,
    accept: (envelope) => context.accept(envelope),
    migrated: parts.migrated,
    reader: () => ({ accountId: account.accountId, bot, backlogBefore: live.connectedAt - BACKLOG_MS }),
  });
  const facts = { bot: { id: bot.id, username: bot.username }, mode: modeOf(account) };
  context.status(facts);
  try {
    if (modeOf(account) === "webhook") return await listen(parts, receive, live, facts);
    const { accountId } = account;
    const file = join(gateway.paths.stateDir, "telegram", `update-offset-${accountId}.json`);
    // Telegram holds back updates from polls while a webhook is set, such as one of an earlier configuration.
    await orFail(
      client.call((raw, until) => raw.deleteWebhook({}, until), signal),
      signal,
    );
    if (signal.aborted) return;
    await poll({
      client,
      backoff,
      offset: new Offset(file, bot.id),
      log: gateway.log,
      timeoutSeconds: parts.timeoutSeconds,
      context: {
        ...context,
        connected: (patch) => {
          live.connectedAt = Date.now();
          context.connected({ ...facts, ...patch });
        },
      },
      take: (update) => receive.take(update),
    });
  } finally {
    receive.close();
  }
}

/** Who the bot is. Asked until there is an answer: the library's own start would wait for ever and tell nobody. */
async function hello({ context, client, gateway }: StartParts, backoff: Backoff): Promise<Live["bot"] | undefined> {
  const { signal, account } = context;
  while (!signal.aborted) {
    try {
      const me = await client.call((raw, until) => raw.getMe(until), signal);
      return { id: me.id, username: me.username, canReadAll: me.can_read_all_group_messages };
    } catch (error) {
      const failure = failureOf(error, signal);
      if (signal.aborted) return undefined;
      if (failure.kind !== "unreachable" && failure.kind !== "lost") throw channelError(failure);
      const waitMs = backoff.failed();
      context.disconnected(failure.message, { reconnectAttempts: backoff.failures });
      const text = `${failure.message}; again in ${Math.round(waitMs / 1_000)} s`;
      gateway.log.warn(text, { accountId: account.accountId });
      await pause(waitMs, signal);
    }
  }
  return undefined;
}

async function listen(
  { context, client, webhooks }: StartParts,
  receive: Receive,
  live: Live,
  facts: object,
): Promise<void> {
  const { account, signal } = context;
  const { webhookUrl = "", webhookSecret = "", webhookPort, webhookHost = "127.0.0.1" } = keysOf(account);
  const path = webhookPathOf(account);
  const { accountId } = account;
  const receiver = { accountId, secret: webhookSecret, take: (update: object) => receive.take(update) };
  const holder = webhookPort === undefined ? webhooks.holder(path) : undefined;
  if (holder !== undefined) {
    throw new ChannelError(
      "auth",
      `telegram account ${accountId} has the same webhookPath as account ${holder}: ${path}`,
      {
        fix: "give each account a webhookPath of its own",
      },
    );
  }
  const remove = webhookPort === undefined ? webhooks.add(path, receiver) : undefined;
  const listener =
    webhookPort === undefined ? undefined : await webhooks.listen(webhookHost, webhookPort, path, receiver);
  try {
    live.connectedAt = Date.now();
    const asked = client.call(
      (raw, until) =>
        raw.setWebhook({ url: webhookUrl, secret_token: webhookSecret, allowed_updates: ALLOWED_UPDATES }, until),
      signal,
    );
    await orFail(asked, signal);
    if (signal.aborted) return;
    context.connected({ ...facts, ...(listener && { webhookPort: listener.port }) });
    await aborted(signal);
  } finally {
    remove?.();
    await listener?.close();
  }
}

/** Its failure is one of the account, unless the account is being stopped. */
async function orFail(asked: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!signal.aborted) throw channelError(failureOf(error, signal));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
