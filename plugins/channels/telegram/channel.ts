import { ChannelError } from "openclaw/plugin-sdk";
import { renderMarkdown, tableMode } from "openclaw/plugin-sdk/markdown";
import type { ChannelAccount, ChannelContext, ChannelDef, PluginGateway } from "openclaw/plugin-sdk";
import { ACCOUNTS, keysOf, modeOf, OFFICIAL_ROOT, tokenOf, unconfigured } from "./account.ts";
import { createClient } from "./client.ts";
import type { Client } from "./client.ts";
import { groupsOf, issuesOf } from "./issues.ts";
import { createLive } from "./live.ts";
import type { Live } from "./live.ts";
import type { Menus } from "./menus.ts";
import { stripMentions } from "./mentions.ts";
import { migrate } from "./migrate.ts";
import { edit, react, remove, typing } from "./orders.ts";
import { userIdOf } from "./people.ts";
import { probeAccount } from "./probe.ts";
import { sendEntry } from "./send.ts";
import { run } from "./start.ts";
import { parseTarget, TARGET_HINT } from "./target.ts";
import type { Webhooks } from "./webhook.ts";

const TIMEOUT_S = 60;

/** Keys that the connection is made with; every other is read when it is needed (channels.md §1.18). */
const RESTART_KEYS = `enabled botToken tokenFile webhookUrl webhookSecret webhookPath webhookPort webhookHost proxy
  network timeoutSeconds apiRoot`.split(/\s+/);

/** Telegram. Says who wrote what and does what it is told; who may talk to the bot is not decided here. */
export function createTelegram(gateway: PluginGateway, webhooks: Webhooks, menus: Menus): ChannelDef {
  /** The accounts that run, by id. */
  const lives = new Map<string, Live>();
  /** Which account uses a token: two would take each other's messages away. */
  const holders = new Map<string, string>();

  async function start(context: ChannelContext): Promise<void> {
    const { account, signal } = context;
    const { accountId } = account;
    const token = tokenOf(account)?.value ?? "";
    const holder = holders.get(token);
    if (holder === accountId) throw new ChannelError("transient", `telegram account ${accountId} is still stopping`);
    if (holder !== undefined) {
      throw new ChannelError("auth", `telegram account ${accountId} has the same bot token as account ${holder}`, {
        fix: "make a bot of its own for each account with @BotFather",
      });
    }
    holders.set(token, accountId);
    let client: Client | undefined;
    try {
      client = await clientOf(account, token);
      const used = client;
      await run({
        gateway,
        context,
        client: used,
        webhooks,
        timeoutSeconds: timeoutOf(account),
        known(bot) {
          const live = createLive(used, bot);
          lives.set(accountId, live);
          menus.show(account, used, signal);
          return live;
        },
        migrated: (from, to) => migrate(gateway, account, from, to),
      });
    } finally {
      lives.delete(accountId);
      menus.forget(accountId);
      holders.delete(token);
      await client?.close();
    }
  }

  /** The client of an account that runs. */
  function running({ accountId }: ChannelAccount): Client {
    const live = lives.get(accountId);
    if (!live) throw new ChannelError("transient", `telegram account ${accountId} is not running`);
    return live.client;
  }

  return {
    label: "Telegram",
    meta: { detailLabel: "Telegram Bot", systemImage: "paperplane", aliases: ["tg"], order: 10 },
    capabilities: {
      chatTypes: ["direct", "group", "channel"],
      threads: true,
      media: true,
      nativeMentions: true,
      reply: true,
      reactions: true,
      edit: true,
      delete: true,
      poll: false,
      buttons: true,
      cards: false,
      nativeCommands: true,
      typing: true,
      readReceipts: false,
    },
    limits: {
      text: 4_000,
      textHard: 4_096,
      caption: 1_024,
      mediaMaxMb: 5,
      // Telegram lets 30 a second through, and about one a second to one chat.
      rate: { account: { count: 25, perMs: 1_000 }, target: { count: 5, perMs: 5_000 } },
    },
    format: (markdown, { config }) => renderMarkdown(markdown, "telegram", { tables: tableMode(config) }),
    people: { idLabel: "Telegram user id", normalize: userIdOf },
    targets: { hint: TARGET_HINT, parse: parseTarget },
    accounts: ACCOUNTS,
    restartKeys: RESTART_KEYS,
    reportsConnection: true,
    unconfigured: (account) => unconfigured(account),
    describe: (account) => ({
      mode: modeOf(account),
      tokenSource: tokenOf(account)?.source ?? "none",
      dmPolicy: keysOf(account).dmPolicy ?? "pairing",
      allowUnmentionedGroups: groupsOf(keysOf(account).groups).some(({ requireMention }) => requireMention === false),
    }),
    start,
    async deliver(entry, account, signal) {
      const live = lives.get(account.accountId);
      if (!live) return { outcome: "not_sent", retryable: true, reason: "the account is not running" };
      const outcome = await sendEntry(entry, account, live.client, signal);
      if (outcome.outcome === "sent") live.own.add(outcome.chatId ?? entry.address.to, outcome.messageId);
      return outcome;
    },
    stripMentions: (text, { accountId }) => stripMentions(text, lives.get(accountId)?.bot.username),
    typing: (address, account) => typing(running(account), address),
    react: (address, messageId, emoji, account) => react(running(account), account, address, messageId, emoji),
    edit: (address, messageId, payload, account) => edit(running(account), account, address, messageId, payload),
    remove: (address, messageId, account) => remove(running(account), account, address, messageId),
    async download({ ref = "" }, account, signal) {
      const { body, path } = await running(account).download(ref, signal);
      return { body, fileName: path.slice(path.lastIndexOf("/") + 1) };
    },
    async probe(account, signal) {
      const missing = unconfigured(account);
      if (missing !== undefined) return { ok: false, error: missing };
      const live = lives.get(account.accountId);
      if (live) return probeAccount(account, live.client, signal);
      const client = await clientOf(account, tokenOf(account)?.value ?? "");
      return probeAccount(account, client, signal).finally(() => client.close());
    },
    issues: (account) => issuesOf(account, lives.get(account.accountId)?.bot),
  };
}

function clientOf(account: ChannelAccount, token: string): Promise<Client> {
  const { apiRoot = OFFICIAL_ROOT, proxy, network } = keysOf(account);
  return createClient({
    token,
    apiRoot,
    proxy,
    timeoutSeconds: timeoutOf(account),
    autoSelectFamily: network?.autoSelectFamily,
  });
}

function timeoutOf(account: ChannelAccount): number {
  return keysOf(account).timeoutSeconds ?? TIMEOUT_S;
}
