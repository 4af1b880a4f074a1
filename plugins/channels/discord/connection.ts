import type { Client, ClientOptions } from "discord.js";
import { ChannelError, errorText } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import { endpointProblem } from "openclaw/plugin-sdk/net";
import { Api } from "./api.ts";
import { failureOf, refusedToken, startError } from "./failure.ts";
import type { Library } from "./library.ts";
import { contained, socketsOf } from "./shard-guard.ts";

/** From the first try until the gateway greets. */
const LOGIN_MS = 20_000;
/** The library reconnects by itself, for ever if need be: longer than this, or more often, and the account starts anew. */
const RESUME_MS = 30_000;
const DROPS = { count: 3, withinMs: 10_000 };
const CLOSE_MS = 2_000;
const REST_MS = 15_000;

export interface ConnectionParts {
  readonly library: Library;
  readonly token: string;
  readonly apiRoot: string;
  readonly intents: number;
  /** The privileged ones among them, as the developer portal names them. */
  readonly privileged: string;
  /** Where the account stands in the configuration. */
  readonly place: string;
  readonly log: Logger;
  /** A dispatch of the gateway, in the order it sent them. */
  readonly packet: (name: string, data: unknown) => void;
  readonly lost: (reason: string) => void;
  readonly greeted: () => void;
}

/** One bot at the gateway. The library resumes a session that was dropped; everything longer ends with a reason. */
export class Connection {
  readonly api: Api;
  readonly #parts: ConnectionParts;
  readonly #client: Client;
  readonly #end = Promise.withResolvers<void>();
  #strategy: object | undefined;
  #drops: number[] = [];
  #late: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#client = new parts.library.Client(this.#options());
    this.#client.rest.setToken(parts.token);
    this.api = new Api(this.#client.rest);
    // An end that comes before anybody waits for it is told to whoever asks then.
    this.#end.promise.catch(() => undefined);
    this.#listen();
  }

  /** Resolves when the signal aborts; rejects with a {@link ChannelError} when the connection cannot go on. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => this.#end.resolve();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      await Promise.race([this.#begin(signal), this.#end.promise]);
      await this.#end.promise;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      await this.#close();
    }
  }

  /** End it. The first reason counts. */
  fail(error: ChannelError): void {
    this.#end.reject(error);
  }

  /** Asks for the address of the gateway before the library does, so that what is wrong has a name. */
  async #begin(signal: AbortSignal): Promise<void> {
    const { place, token } = this.#parts;
    const info = await this.api
      .object("GET", "/gateway/bot", { signal })
      .catch((error: unknown) => Promise.reject(startError(failureOf(error), place)));
    const problem = endpointProblem("the address of the gateway", info["url"], ["wss"]);
    if (problem !== undefined) throw new ChannelError("transient", problem);
    const limit = info["session_start_limit"] as
      | { readonly remaining?: number; readonly reset_after?: number }
      | undefined;
    if (limit?.remaining === 0) {
      const message = "Discord lets this bot connect no more today; it was started too often";
      throw new ChannelError("throttled", message, { retryAfterMs: limit.reset_after ?? 60_000 });
    }
    if (this.#isOver || signal.aborted) return;
    this.#expect(LOGIN_MS, "the gateway of Discord did not greet");
    // A close code comes before it, and says more.
    this.#client.login(token).catch((error: unknown) => this.fail(this.#loginError(error)));
  }

  #loginError(error: unknown): ChannelError {
    const { code } = error as { readonly code?: unknown };
    if (code === "TokenInvalid") return refusedToken(this.#parts.place);
    return startError(failureOf(error), this.#parts.place);
  }

  #listen(): void {
    const { packet, log } = this.#parts;
    this.#client.on("raw" as never, ({ t, d }: { readonly t: string; readonly d: unknown }) => {
      if (this.#isOver) return;
      if (t === "READY" || t === "RESUMED") this.#expect(undefined);
      packet(t, d);
      if (t === "READY" || t === "RESUMED") this.#parts.greeted();
    });
    this.#client.on("shardDisconnect", ({ code }) => this.fail(this.#closedFor(code)));
    this.#client.on("shardReconnecting", () => this.#dropped());
    this.#client.on("error", (error) => log.warn(`discord: ${errorText(error)}`));
    this.#client.on("shardError", (error) => log.debug(`discord: ${errorText(error)}`));
  }

  #dropped(): void {
    if (this.#isOver) return;
    const now = performance.now();
    this.#drops = [...this.#drops.filter((at) => now - at < DROPS.withinMs), now];
    this.#parts.lost("the gateway of Discord closed the connection");
    if (this.#drops.length >= DROPS.count)
      return this.fail(new ChannelError("transient", "the gateway of Discord keeps closing the connection"));
    if (this.#late === undefined) this.#expect(RESUME_MS, "the gateway of Discord could not be reached again");
  }

  #expect(ms: number | undefined, otherwise = ""): void {
    clearTimeout(this.#late);
    this.#late =
      ms === undefined ? undefined : setTimeout(() => this.fail(new ChannelError("transient", otherwise)), ms);
  }

  /** Close codes after which no attempt can succeed. */
  #closedFor(code: number): ChannelError {
    const { place, privileged } = this.#parts;
    if (code === 4004) return refusedToken(place);
    if (code === 4014)
      return new ChannelError("auth", `Discord does not grant this bot the ${privileged}`, {
        fix: `turn on ${privileged} on the page "Bot" of the Discord developer portal`,
      });
    if (code === 4011)
      return new ChannelError("auth", "this bot is in more servers than one connection may serve (4011)", {
        fix: "use a bot of your own, that is in your servers only",
      });
    return new ChannelError("transient", `the gateway of Discord closed the connection for good (${code})`);
  }

  async #close(): Promise<void> {
    this.#isOver = true;
    this.#expect(undefined);
    const cut = socketsOf(this.#strategy);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MS);
    // The library says goodbye, if the other side listens; then nothing is left open, whatever it was about to do.
    await Promise.race([this.#client.destroy().catch(() => undefined), promise]);
    clearTimeout(timer);
    cut();
    this.#client.removeAllListeners();
    this.#client.on("error", () => undefined);
  }

  #options(): ClientOptions {
    const { library, apiRoot, intents, log } = this.#parts;
    const { Options, Partials, SimpleShardingStrategy } = library;
    return {
      intents,
      partials: [Partials.Channel, Partials.Message, Partials.Reaction],
      makeCache: Options.cacheWithLimits({
        ...Options.DefaultMakeCacheSettings,
        ...Object.fromEntries(UNCACHED.map((name) => [name, 0])),
        GuildMemberManager: { maxSize: 20, keepOverLimit: ({ id }) => id === this.#client.user?.id },
        UserManager: { maxSize: 20, keepOverLimit: ({ id }) => id === this.#client.user?.id },
      }),
      rest: { api: apiRoot, version: "10", retries: 0, timeout: REST_MS, rejectOnRateLimit: () => true },
      ws: {
        buildStrategy: (manager) =>
          (this.#strategy = contained(new SimpleShardingStrategy(manager), {
            isOver: () => this.#isOver,
            escaped: (error, isLost) => {
              const text = `discord.js: ${errorText(error)}`;
              log.warn(text);
              if (isLost) this.fail(new ChannelError("transient", text));
            },
          })) as InstanceType<Library["SimpleShardingStrategy"]>,
      },
    };
  }
}

/** What this plugin never asks the library for: it reads the events as they come. */
const UNCACHED = [
  "AutoModerationRuleManager",
  "GuildBanManager",
  "GuildEmojiManager",
  "GuildInviteManager",
  "GuildScheduledEventManager",
  "GuildStickerManager",
  "MessageManager",
  "PresenceManager",
  "ReactionManager",
  "ReactionUserManager",
  "StageInstanceManager",
  "ThreadMemberManager",
  "VoiceStateManager",
] as const;
