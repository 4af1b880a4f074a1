import { setTimeout as delay } from "node:timers/promises";
import { ChannelError, GatewayError, isProvided, Messaging, Store } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelContext, ChannelDef, OutboxEntry, PluginGateway } from "openclaw/plugin-sdk";
import { renderMarkdown, tableMode } from "openclaw/plugin-sdk/markdown";
import { apiRootOf, describe, fingerprintOf, keysOf, placeOf, tokenOf, unconfigured } from "./account.ts";
import { Connection } from "./connection.ts";
import { Cursors } from "./cursors.ts";
import { deliver, lookBack } from "./deliver.ts";
import type { WayOut } from "./deliver.ts";
import { download } from "./download.ts";
import { failureOf, refusedToken } from "./failure.ts";
import { intentsOf, privilegedNames } from "./intents.ts";
import { Interactions } from "./interactions.ts";
import { issuesOf } from "./issues.ts";
import { loadLibrary } from "./library.ts";
import { Menu } from "./menu.ts";
import { stripMentions } from "./parse.ts";
import { probe } from "./probe.ts";
import { Receiver } from "./receiver.ts";
import { editBody, emojiPath } from "./render.ts";
import { Session } from "./session.ts";
import type { Bot } from "./session.ts";
import { HINT, parseTarget, personId } from "./targets.ts";

/** What was taken in may become durable before the account counts as stopped. */
const SETTLE_MS = 1_000;

/** An account that is connected, or about to be again. */
interface Live extends WayOut {
  readonly session: Session;
  readonly receiver: Receiver;
  readonly interactions: Interactions;
  readonly menu: Menu;
}

/** Discord, as a bot: one connection per account. */
export function createDiscord(gateway: PluginGateway): ChannelDef {
  const store = gateway.use(Store);
  const messaging = gateway.use(Messaging);
  const accounts = new Map<string, Live>();
  /** Accounts that run, by what stands for their token. */
  const tokens = new Map<string, string>();

  async function start(context: ChannelContext): Promise<void> {
    const { account } = context;
    const token = tokenOf(account);
    if (!token) throw new ChannelError("auth", unconfigured(account) ?? "no bot token");
    const print = fingerprintOf(token);
    const other = tokens.get(print);
    if (other !== undefined && other !== account.accountId)
      throw new ChannelError("conflict", `the account "${other}" has the same bot token`, {
        fix: "give each account a bot of its own, or remove one of them",
      });
    tokens.set(print, account.accountId);
    try {
      await run(context, token.text);
    } finally {
      tokens.delete(print);
    }
  }

  async function run(context: ChannelContext, token: string): Promise<void> {
    const { account, signal } = context;
    const { accountId } = account;
    const { log } = gateway;
    const keys = keysOf(account);
    const library = await loadLibrary();
    const cursors = await Cursors.load(store, accountId, (error) => {
      log.warn("discord: the cursors of channels could not be written", { err: error });
    });
    let live: Live | undefined;
    const connection: Connection = new Connection({
      library,
      token,
      apiRoot: apiRootOf(account),
      intents: intentsOf(keys),
      privileged: privilegedNames(keys),
      place: placeOf(account),
      log,
      lost: (reason) => context.disconnected(reason),
      packet(name, data) {
        if (name !== "READY") return live?.receiver.packet(name, data);
        // Greeted anew after a session that could not be resumed, it is the same bot still.
        live ??= liveOf(context, botOf(data), connection, cursors);
        accounts.set(accountId, live);
        live.receiver.greeted();
      },
      greeted() {
        if (!live) return;
        context.connected(statusOf(live.session));
        showMenu(live);
      },
    });
    try {
      await connection.run(signal);
    } finally {
      if (accounts.get(accountId) === live) accounts.delete(accountId);
      await Promise.race([live?.receiver.idle(), delay(SETTLE_MS, undefined, { ref: false })]);
      await cursors.flush();
    }
  }

  function liveOf(context: ChannelContext, bot: Bot, connection: Connection, cursors: Cursors): Live {
    const { account, signal } = context;
    const { log } = gateway;
    const session = new Session(account, connection.api, bot, () => connection.fail(refusedToken(placeOf(account))));
    const receiver: Receiver = new Receiver({
      session,
      cursors,
      log,
      signal,
      accept: context.accept,
      fail: (error) => connection.fail(error),
      interaction: (interaction) => interactions.take(interaction),
    });
    const interactions = new Interactions({
      session,
      messaging,
      log,
      signal,
      here: (channelId, guildId, isGroup) => receiver.here(channelId, guildId, isGroup),
      self: () => receiver.self(),
      heard: () => context.status({ lastInboundAt: Date.now() }),
    });
    return { session, receiver, interactions, menu: new Menu(session, log) };
  }

  /** The menu follows the commands there are, and the switch for it (channels.md §1.15). */
  function showMenu({ session, menu }: Live): void {
    if (!isProvided(messaging)) return;
    const native = keysOf(session.account).commands?.native ?? gateway.settings.get("commands.native") ?? "auto";
    void menu.show(messaging.commands(), native !== false);
  }

  /** What is asked of an account that is not there is for the caller to try again. */
  function connected({ accountId }: ChannelAccount): Session {
    const live = accounts.get(accountId);
    if (!live) throw new GatewayError("UNAVAILABLE", `Discord account "${accountId}" is not connected`);
    return live.session;
  }

  function allowed({ config }: ChannelAccount, action: string): void {
    const actions = config["actions"] as Readonly<Record<string, boolean>> | undefined;
    if (actions?.[action] === false)
      throw new GatewayError("INVALID_REQUEST", `Discord: channels.discord.actions.${action} is off`);
  }

  gateway.hooks.configChanged.tap(() => accounts.forEach(showMenu));
  gateway.hooks.pluginState.tap(() => accounts.forEach(showMenu));

  return {
    label: "Discord",
    meta: {
      detailLabel: "Discord Bot",
      systemImage: "bubble.left.and.bubble.right",
      blurb: "a bot in servers and direct messages",
      order: 20,
    },
    capabilities: {
      chatTypes: ["direct", "group", "channel"],
      threads: true,
      media: true,
      nativeMentions: true,
      reply: true,
      reactions: true,
      edit: true,
      delete: true,
      poll: true,
      buttons: true,
      cards: false,
      nativeCommands: true,
      typing: true,
      readReceipts: false,
    },
    limits: { text: 2_000, textHard: 2_000, caption: 2_000, lines: 17, mediaMaxMb: 8, pollOptions: 10, history: 20 },
    restartKeys: ["enabled", "token", "intents", "apiRoot"],
    reportsConnection: true,
    people: { idLabel: "Discord user id", normalize: personId },
    targets: {
      hint: HINT,
      parse: (raw, { accountId }) =>
        parseTarget(raw, (name, guild) => accounts.get(accountId)?.session.places.find(name, guild) ?? []),
    },
    unconfigured,
    describe,
    start,
    format,
    async deliver(entry, { accountId }, signal) {
      const live = accounts.get(accountId);
      if (!live) return { outcome: "not_sent", retryable: true, reason: "Discord is not connected" };
      return deliver(entry, live, signal);
    },
    async lookBack(entry, account, signal) {
      const live = accounts.get(account.accountId);
      if (!live) return { outcome: "unknown", reason: "Discord is not connected" };
      return lookBack(asSent(entry, account), live, signal);
    },
    stripMentions(text, { accountId }) {
      const session = accounts.get(accountId)?.session;
      return session ? stripMentions(text, session.bot.id, session.places.ownRoles()) : text;
    },
    probe: (account, signal) => probe(account, accounts.get(account.accountId)?.session, signal),
    issues: (account) => issuesOf(account, accounts.get(account.accountId)?.session),
    download,
    typing: (address, account) => connected(account).typing(address),
    async react(address, messageId, emoji, account) {
      allowed(account, "reactions");
      await told(() => connected(account).react(address, messageId, emoji === "" ? "" : emojiPath(emoji)));
    },
    async edit(address, messageId, payload, account) {
      allowed(account, "messages");
      const session = connected(account);
      await told(async () => {
        await session.api.object("PATCH", await session.pathOf(address, messageId), { body: editBody(payload) });
      });
    },
    async remove(address, messageId, account) {
      allowed(account, "messages");
      await told(() => connected(account).remove(address, messageId));
    },
  };
}

function format(markdown: string, { config }: ChannelAccount): string {
  return renderMarkdown(markdown, "discord", { tables: tableMode(config) });
}

/** An entry with the text that Discord was given. */
function asSent(entry: OutboxEntry, account: ChannelAccount): OutboxEntry {
  const { payload } = entry;
  if ((payload.format ?? "markdown") !== "markdown") return entry;
  return { ...entry, payload: { ...payload, text: format(payload.text, account) } };
}

/** Errors of the library hold what was sent; people are told what Discord said of it. */
async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const failure = failureOf(error);
    const code = failure.kind === "refused" ? "INVALID_REQUEST" : "UNAVAILABLE";
    throw new GatewayError(code, failure.text, {
      ...(failure.kind === "throttled" && { retryAfterMs: failure.retryAfterMs }),
    });
  }
}

function botOf(data: unknown): Bot {
  const { user, application } = data as {
    readonly user: { readonly id: string; readonly username: string };
    readonly application: { readonly id: string; readonly flags?: number };
  };
  return { id: user.id, username: user.username, applicationId: application.id, flags: application.flags ?? 0 };
}

function statusOf({ bot }: Session): Readonly<Record<string, unknown>> {
  return { bot: { id: bot.id, username: bot.username }, application: { id: bot.applicationId } };
}
