import { setTimeout as delay } from "node:timers/promises";
import { Backoff, ChannelError, GatewayError, isProvided, Messaging, Store } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelContext, MessagingApi, PluginGateway, StoreApi } from "openclaw/plugin-sdk";
import { apiRootOf, fingerprintOf, keysOf, modeOf, placeOf, tokenOf, unconfigured, webhookPathOf } from "./account.ts";
import { Api } from "./api.ts";
import { Cursors } from "./cursors.ts";
import type { WayOut } from "./deliver.ts";
import { failureOf, refusedToken, startError } from "./failure.ts";
import { Interactions } from "./interactions.ts";
import { loadLibrary } from "./library.ts";
import type { Library } from "./library.ts";
import { migrate } from "./migrate.ts";
import { identityIn } from "./probe.ts";
import { Receiver } from "./receiver.ts";
import { Session } from "./session.ts";
import type { Bot } from "./session.ts";
import { SocketMode } from "./socket.ts";
import type { Webhooks } from "./webhook.ts";

/** What was taken in may become durable before the account counts as stopped. */
const SETTLE_MS = 1_000;

/** An account that is known to Slack. */
export interface Live extends WayOut {
  readonly session: Session;
  readonly receiver: Receiver;
  readonly interactions: Interactions;
}

/** The accounts that run: each from its start to its stop, with one bot in one workspace. */
export class Accounts {
  readonly #gateway: PluginGateway;
  readonly #webhooks: Webhooks;
  readonly #store: StoreApi;
  readonly #messaging: MessagingApi;
  readonly #live = new Map<string, Live>();
  /** Accounts that run, by what stands for their token. */
  readonly #tokens = new Map<string, string>();

  constructor(gateway: PluginGateway, webhooks: Webhooks) {
    this.#gateway = gateway;
    this.#webhooks = webhooks;
    this.#store = gateway.use(Store);
    this.#messaging = gateway.use(Messaging);
  }

  get({ accountId }: Pick<ChannelAccount, "accountId">): Live | undefined {
    return this.#live.get(accountId);
  }

  /** What is asked of an account that is not there is for the caller to try again. */
  connected(account: ChannelAccount): Session {
    const live = this.get(account);
    if (!live) throw new GatewayError("UNAVAILABLE", `Slack account "${account.accountId}" is not connected`);
    return live.session;
  }

  /** Resolves when the signal of the context aborts; see {@link ChannelError} for what it rejects with. */
  async start(context: ChannelContext): Promise<void> {
    const { account } = context;
    const token = tokenOf(account, "botToken");
    if (!token) throw new ChannelError("auth", unconfigured(account) ?? "no bot token");
    const print = fingerprintOf(token);
    const other = this.#tokens.get(print);
    if (other !== undefined && other !== account.accountId)
      throw new ChannelError("conflict", `the account "${other}" has the same bot token`, {
        fix: "give each account an app of its own, or remove one of them",
      });
    this.#tokens.set(print, account.accountId);
    try {
      await this.#run(context, token.text);
    } finally {
      this.#tokens.delete(print);
    }
  }

  async #run(context: ChannelContext, token: string): Promise<void> {
    const { account } = context;
    const { log } = this.#gateway;
    const library = await loadLibrary();
    // Ends with the account, or when the account cannot go on.
    const end = new AbortController();
    const signal = AbortSignal.any([context.signal, end.signal]);
    const failed = (error: ChannelError) => end.abort(error);
    const api = new Api({ library, apiRoot: apiRootOf(account), log, signal }, token);
    let live: Live | undefined;
    const cursors = await Cursors.load(this.#store, account.accountId, (error) => {
      log.warn("slack: the cursors of channels could not be written", { err: error });
    });
    try {
      const bot = await this.#hello({ ...context, signal }, api);
      if (!bot) return;
      live = this.#liveOf({ ...context, signal }, { library, api, bot, cursors, failed });
      this.#live.set(account.accountId, live);
      context.status(statusOf(bot));
      await this.#listen({ ...context, signal }, library, live);
    } finally {
      if (live && this.#live.get(account.accountId) === live) this.#live.delete(account.accountId);
      end.abort(new DOMException("the account stopped", "AbortError"));
      await Promise.race([live?.receiver.idle(), delay(SETTLE_MS, undefined, { ref: false })]);
      await cursors.flush();
    }
    if (!context.signal.aborted) throw end.signal.reason;
  }

  /** Who the bot is. Asked until there is an answer: the library's own app would do so where nobody waits for it. */
  async #hello({ account, signal, disconnected }: ChannelContext, api: Api): Promise<Bot | undefined> {
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        const { userId, botId, bot, team, scopes } = identityIn(await api.call("auth.test", {}, { signal }));
        if (userId === "") throw new Error("Slack did not say who the bot is");
        const { accountId } = account;
        return { accountId, userId, botId, name: bot.name, teamId: team.id, team: team.name, scopes };
      } catch (error) {
        if (signal.aborted) return undefined;
        const failure = failureOf(error);
        if (failure.kind === "auth" || failure.kind === "refused")
          throw startError(failure, placeOf(account), "botToken");
        const waitMs = failure.kind === "throttled" ? failure.retryAfterMs : backoff.failed();
        disconnected(failure.text, { reconnectAttempts: backoff.failures });
        this.#gateway.log.warn(`slack: ${failure.text}; again in ${Math.ceil(waitMs / 1_000)} s`);
        await delay(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  #liveOf(
    { account, signal, accept, status }: ChannelContext,
    parts: {
      readonly library: Library;
      readonly api: Api;
      readonly bot: Bot;
      readonly cursors: Cursors;
      readonly failed: (error: ChannelError) => void;
    },
  ): Live {
    const { library, api, bot, cursors, failed } = parts;
    const { log } = this.#gateway;
    const userToken = tokenOf(account, "userToken")?.text;
    const reads =
      userToken === undefined ? api : new Api({ library, apiRoot: apiRootOf(account), log, signal }, userToken);
    const session = new Session({
      account,
      api,
      reads,
      bot,
      cursors,
      tokenRefused: (error) => failed(refusedToken(error, placeOf(account), "botToken")),
    });
    const messaging = this.#messaging;
    const interactions = new Interactions({
      session,
      messaging,
      log,
      signal,
      isNative: () => {
        const native = keysOf(account).commands?.native ?? this.#gateway.settings.get("commands.native");
        return native === true && isProvided(messaging);
      },
      heard: () => status({ lastInboundAt: Date.now() }),
    });
    const moved = (from: string, to: string) => migrate(this.#gateway, account, from, to);
    const receiver = new Receiver({ session, interactions, log, signal, accept, fail: failed, moved });
    return { session, interactions, receiver, messaging };
  }

  async #listen(context: ChannelContext, library: Library, { receiver, session }: Live): Promise<void> {
    const { account, signal, connected } = context;
    const take = (body: unknown) => receiver.take(body);
    const facts = statusOf(session.bot);
    if (modeOf(account) === "http") return this.#listenHttp(context, take, () => connected(facts), receiver);
    const socket = new SocketMode(
      {
        library,
        appToken: tokenOf(account, "appToken")?.text ?? "",
        apiRoot: apiRootOf(account),
        place: placeOf(account),
        log: this.#gateway.log,
        take,
        greeted: () => receiver.greeted(),
      },
      signal,
    );
    await socket.run({ ...context, connected: (patch) => connected({ ...facts, ...patch }) });
  }

  async #listenHttp(
    { account, signal }: ChannelContext,
    take: (body: unknown) => Promise<void>,
    connected: () => void,
    receiver: Receiver,
  ): Promise<void> {
    const path = webhookPathOf(account);
    const holder = this.#webhooks.holder(path);
    if (holder !== undefined)
      throw new ChannelError("auth", `the account "${holder}" has the same webhookPath: ${path}`, {
        fix: "give each account a webhookPath of its own",
      });
    const { signingSecret = "" } = keysOf(account);
    const { accountId } = account;
    const remove = this.#webhooks.add(path, { accountId, signingSecret: signingSecret.trim(), take });
    try {
      connected();
      receiver.greeted();
      if (!signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    } finally {
      remove();
    }
  }
}

function statusOf({ userId, name, teamId, team }: Bot): Readonly<Record<string, unknown>> {
  return { bot: { id: userId, name }, team: { id: teamId, name: team } };
}
