import { setTimeout as delay } from "node:timers/promises";
import type { App, SocketModeReceiver } from "@slack/bolt";
import { Backoff, ChannelError, errorText } from "openclaw/plugin-sdk";
import type { ChannelContext, Logger } from "openclaw/plugin-sdk";
import { clientOptions } from "./api.ts";
import { failureOf, startError } from "./failure.ts";
import type { Library } from "./library.ts";
import { logTo } from "./log-adapter.ts";

/** From asking for an address until Slack greets. */
const HELLO_MS = 15_000;
/** For the other side to say goodbye. */
const CLOSE_MS = 500;
/** A socket that lives no longer than this does not count as one, whatever Slack says why it ended; once it may. */
const SHORT_MS = 5_000;
const PONG_MS = 5_000;
const PING_MS = 30_000;

export interface SocketParts {
  readonly library: Library;
  readonly appToken: string;
  readonly apiRoot: string;
  /** Where the account stands in the configuration. */
  readonly place: string;
  readonly log: Logger;
  /** Resolves once what Slack sent is durable; it is acknowledged then, and sent again by Slack otherwise. */
  readonly take: (body: unknown) => Promise<unknown>;
  /** Slack greeted: from now on it sends what happens. */
  readonly greeted: () => void;
}

/**
 * Socket Mode, through the library's receiver. The library's own way to reconnect throws where nobody waits, so that is
 * off and done here; and events go past its app, which would acknowledge them before anybody has stored them.
 */
export class SocketMode {
  readonly #parts: SocketParts;
  readonly #receiver: SocketModeReceiver;
  readonly #backoff = new Backoff();
  #goodbye: string | undefined;
  /** Sockets in a row that Slack closed almost at once. */
  #short = 0;
  #isOver = false;

  constructor(parts: SocketParts, signal: AbortSignal) {
    this.#parts = parts;
    const { library, appToken, apiRoot, log } = parts;
    const options = clientOptions({ apiRoot, log, signal });
    this.#receiver = new library.SocketModeReceiver({
      appToken,
      autoReconnectEnabled: false,
      clientPingTimeout: PONG_MS,
      serverPingTimeout: PING_MS,
      logger: logTo(log),
      // What is left out here the library asks of the official address.
      installerOptions: { clientOptions: options as never },
    });
    // All that the receiver asks of an app.
    this.#receiver.init({ processEvent: (event) => this.#take(event) } as Pick<App, "processEvent"> as App);
    this.#contain();
  }

  /** Resolves when the signal aborts; rejects with a {@link ChannelError} where trying again cannot help. */
  async run(context: Pick<ChannelContext, "signal" | "connected" | "disconnected">): Promise<void> {
    const { signal } = context;
    const { greeted, log, place } = this.#parts;
    const stop = () => void this.#close();
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (!signal.aborted) {
        const waitMs = await this.#session(context, greeted).catch((error: unknown) => {
          if (signal.aborted) return 0;
          const failure = failureOf(error);
          const refused = startError(failure, place, "appToken");
          if (refused.kind === "auth") throw refused;
          const ms = refused.retryAfterMs ?? this.#backoff.failed();
          // To be asked to wait is no broken connection, but there is none.
          context.disconnected(failure.text, { reconnectAttempts: this.#backoff.failures });
          log.warn(`slack: ${failure.text}; again in ${Math.ceil(ms / 1_000)} s`);
          return ms;
        });
        if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      signal.removeEventListener("abort", stop);
      await this.#close();
    }
  }

  /** One socket from its opening to its end. Resolves with how long to wait before the next. */
  async #session(
    { signal, connected }: Pick<ChannelContext, "signal" | "connected">,
    greeted: () => void,
  ): Promise<number> {
    const { client } = this.#receiver;
    this.#goodbye = undefined;
    const closed = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
    await this.#open();
    if (signal.aborted) return 0;
    const since = performance.now();
    this.#backoff.succeeded();
    connected({ reconnectAttempts: 0 });
    greeted();
    await closed;
    if (signal.aborted) return 0;
    this.#short = performance.now() - since > SHORT_MS ? 0 : this.#short + 1;
    // Slack recycles its servers: that is no failure, as long as it does not go round in circles.
    if (this.#goodbye !== undefined && this.#short <= 1) return 0;
    throw new Error(
      this.#goodbye === undefined ? "the socket was closed" : `Slack closed the socket: ${this.#goodbye}`,
    );
  }

  async #open(): Promise<void> {
    const { client } = this.#receiver;
    const late = setTimeout(() => this.#cut(), HELLO_MS);
    try {
      // Rejects with nothing at all when the socket closes before Slack has greeted.
      await client.start();
    } catch (error) {
      throw error ?? new Error("Slack did not greet");
    } finally {
      clearTimeout(late);
    }
  }

  async #take({ body, ack }: { readonly body: unknown; readonly ack: () => Promise<void> }): Promise<void> {
    const { take, log } = this.#parts;
    if (this.#isOver) return;
    try {
      await take(body);
    } catch (error) {
      log.warn(`slack: an event could not be kept; Slack sends it again: ${errorText(error)}`);
      return;
    }
    // The socket may be gone by now; what is sent again then is known already.
    await ack().catch((error: unknown) => log.debug(`slack: an acknowledgement was lost: ${errorText(error)}`));
  }

  /** The library handles frames in promises that nobody waits for: what they reject with would end the process. */
  #contain(): void {
    const { client } = this.#receiver;
    const { log } = this.#parts;
    const [handle] = client.listeners("ws_message") as ((data: unknown, isBinary: boolean) => Promise<void>)[];
    if (!handle) throw new ChannelError("transient", "this version of the Slack library is unknown; update openclaw");
    client.removeAllListeners("ws_message");
    client.on("ws_message", (data: unknown, isBinary: boolean) => {
      this.#goodbye = goodbyeIn(data) ?? this.#goodbye;
      handle(data, isBinary).catch((error: unknown) => log.debug(`slack: a frame makes no sense: ${errorText(error)}`));
    });
    // A socket that was about to be opened when the account stopped.
    client.on("connecting", () => {
      if (this.#isOver) setImmediate(() => this.#cut());
    });
  }

  async #close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MS);
    void this.#receiver.client.disconnect().then(resolve, resolve);
    await promise;
    clearTimeout(timer);
    this.#cut();
  }

  /** Asked for the second time, the library waits for nobody. */
  #cut(): void {
    const { client } = this.#receiver;
    for (let time = 0; time < 2; time++) client.disconnect().catch(() => undefined);
  }
}

/** Why Slack is about to close the socket, if that is what a frame says. */
function goodbyeIn(data: unknown): string | undefined {
  if (typeof data !== "string" || data.length > 1_000 || !data.includes('"disconnect"')) return undefined;
  try {
    const { type, reason } = JSON.parse(data) as { readonly type?: unknown; readonly reason?: unknown };
    return type === "disconnect" ? String(reason) : undefined;
  } catch {
    // The library says so of it.
    return undefined;
  }
}
