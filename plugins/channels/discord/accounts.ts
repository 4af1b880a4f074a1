import { setTimeout as delay } from "node:timers/promises";
import { ChannelError, GatewayError, isProvided, Messaging, Store } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelContext, MessagingApi, PluginGateway, StoreApi } from "openclaw/plugin-sdk";
import { apiRootOf, fingerprintOf, keysOf, placeOf, tokenOf, unconfigured } from "./account.ts";
import { Connection } from "./connection.ts";
import { Cursors } from "./cursors.ts";
import type { WayOut } from "./deliver.ts";
import { refusedToken } from "./failure.ts";
import { intentsOf, privilegedNames } from "./intents.ts";
import { Interactions } from "./interactions.ts";
import { loadLibrary } from "./library.ts";
import { Menu } from "./menu.ts";
import { Receiver } from "./receiver.ts";
import { Session } from "./session.ts";
import type { Bot } from "./session.ts";

/** What was taken in may become durable before the account counts as stopped. */
const SETTLE_MS = 1_000;

/** An account that is connected, or about to be again. */
export interface Live extends WayOut {
  readonly session: Session;
  readonly receiver: Receiver;
  readonly interactions: Interactions;
  readonly menu: Menu;
}

/** The accounts that run: each from its start to its stop, with one connection and one bot. */
export class Accounts {
  readonly #gateway: PluginGateway;
  readonly #store: StoreApi;
  readonly #messaging: MessagingApi;
  readonly #live = new Map<string, Live>();
  /** Accounts that run, by what stands for their token. */
  readonly #tokens = new Map<string, string>();
  /** Kept while an account is away: what could not be written is known here only. */
  readonly #cursors = new Map<string, Cursors>();

  constructor(gateway: PluginGateway) {
    this.#gateway = gateway;
    this.#store = gateway.use(Store);
    this.#messaging = gateway.use(Messaging);
  }

  get({ accountId }: Pick<ChannelAccount, "accountId">): Live | undefined {
    return this.#live.get(accountId);
  }

  /** What is asked of an account that is not there is for the caller to try again. */
  connected(account: ChannelAccount): Session {
    const live = this.get(account);
    if (!live) throw new GatewayError("UNAVAILABLE", `Discord account "${account.accountId}" is not connected`);
    return live.session;
  }

  /** Menus follow the commands there are, and the switch for them (channels.md §1.15). */
  showMenus(): void {
    for (const live of this.#live.values()) this.#showMenu(live);
  }

  /** Resolves when the signal of the context aborts; see {@link ChannelError} for what it rejects with. */
  async start(context: ChannelContext): Promise<void> {
    const { account } = context;
    const token = tokenOf(account);
    if (!token) throw new ChannelError("auth", unconfigured(account) ?? "no bot token");
    const print = fingerprintOf(token);
    const other = this.#tokens.get(print);
    if (other !== undefined && other !== account.accountId)
      throw new ChannelError("conflict", `the account "${other}" has the same bot token`, {
        fix: "give each account a bot of its own, or remove one of them",
      });
    this.#tokens.set(print, account.accountId);
    try {
      await this.#run(context, token.text);
    } finally {
      this.#tokens.delete(print);
    }
  }

  async #run(context: ChannelContext, token: string): Promise<void> {
    const { account, signal } = context;
    const { accountId } = account;
    const { log } = this.#gateway;
    const keys = keysOf(account);
    const library = await loadLibrary();
    const cursors =
      this.#cursors.get(accountId) ??
      (await Cursors.load(this.#store, accountId, (error) => {
        log.warn("discord: the cursors of channels could not be written", { err: error });
      }));
    this.#cursors.set(accountId, cursors);
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
      packet: (name, data) => {
        if (name !== "READY") return live?.receiver.packet(name, data);
        // Greeted anew after a session that could not be resumed, it is the same bot still.
        live ??= this.#liveOf(context, botOf(data), connection, cursors);
        this.#live.set(accountId, live);
        live.receiver.greeted();
      },
      greeted: () => {
        if (!live) return;
        context.connected(statusOf(live.session));
        this.#showMenu(live);
      },
    });
    try {
      await connection.run(signal);
    } finally {
      if (this.#live.get(accountId) === live) this.#live.delete(accountId);
      await Promise.race([live?.receiver.idle(), delay(SETTLE_MS, undefined, { ref: false })]);
      await cursors.flush();
    }
  }

  #liveOf(context: ChannelContext, bot: Bot, connection: Connection, cursors: Cursors): Live {
    const { account, signal } = context;
    const { log } = this.#gateway;
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
      messaging: this.#messaging,
      log,
      signal,
      here: (channelId, guildId, isGroup) => receiver.here(channelId, guildId, isGroup),
      self: () => receiver.self(),
      heard: () => context.status({ lastInboundAt: Date.now() }),
    });
    return { session, receiver, interactions, menu: new Menu(session, log) };
  }

  #showMenu({ session, menu }: Live): void {
    if (!isProvided(this.#messaging)) return;
    const native = keysOf(session.account).commands?.native ?? this.#gateway.settings.get("commands.native") ?? "auto";
    void menu.show(this.#messaging.commands(), native !== false);
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
