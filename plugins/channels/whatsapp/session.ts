import { setTimeout as delay } from "node:timers/promises";
import { backoffMs, ChannelError, HEALTHY_MS } from "openclaw/plugin-sdk";
import type { ChannelContext, Logger } from "openclaw/plugin-sdk";
import { closeReason, SILENT_CODE } from "./close-reason.ts";
import type { CloseReason } from "./close-reason.ts";
import { Connection } from "./connection.ts";
import type { Closed } from "./connection.ts";
import { CredentialFiles } from "./credential-files.ts";
import { loadCredentials } from "./credentials.ts";
import type { Credentials } from "./credentials.ts";
import type { Cursor } from "./cursor.ts";
import { Inbox } from "./inbox.ts";
import { e164Of } from "./jid.ts";
import type { Library } from "./library.ts";
import { takeLock } from "./lock.ts";
import type { AccountMemory } from "./memory.ts";
import { Outbound } from "./outbound.ts";
import { accountSettings } from "./settings.ts";
import type { AccountSettings } from "./settings.ts";

/** What a dead link looks like: no frame for so long, although the library asks for one every half minute. */
const SILENT_MS = 30 * 60_000;
/** Connections that the network asked for one after the other, before it counts as a failure. */
const MAX_RESTARTS = 3;

export interface SessionParts {
  readonly load: () => Promise<Library>;
  readonly stateDir: string;
  readonly version: string;
  readonly log: Logger;
  readonly cursor: Cursor;
}

/** Who an account is on the network. */
export interface Self {
  readonly jid: string;
  readonly lid?: string;
}

/** One account while it runs: its connections, one after the other, and what it remembers between them. */
export class Session {
  readonly #parts: SessionParts;
  readonly #context: ChannelContext;
  readonly #settings: AccountSettings;
  readonly #memory: AccountMemory;
  /** What the account says. */
  readonly outbound: Outbound;
  #connection: Connection | undefined;
  #credentials: Credentials | undefined;
  #since = Date.now();
  /** Somebody links the account anew: this session has to end. */
  readonly #replaced = new AbortController();
  readonly #over = Promise.withResolvers<void>();

  constructor(parts: SessionParts, memory: AccountMemory, context: ChannelContext) {
    this.#parts = parts;
    this.#memory = memory;
    this.#context = context;
    this.#settings = accountSettings(context.account, parts.stateDir);
    this.outbound = new Outbound(memory, () => this.connection);
  }

  get connection(): Connection | undefined {
    return this.#connection?.isOpen ? this.#connection : undefined;
  }

  get self(): Self | undefined {
    const { me } = this.#credentials?.creds ?? {};
    return me?.id === undefined ? undefined : { jid: me.id, ...(me.lid && { lid: me.lid }) };
  }

  /** Lives until the account stops, or fails for good. */
  async run(): Promise<void> {
    const { signal } = this.#context;
    const stop = AbortSignal.any([signal, this.#replaced.signal]);
    try {
      await this.#locked(await this.#parts.load(), stop);
    } catch (error) {
      // what ends because it was told to has not failed
      if (!stop.aborted) throw error;
    } finally {
      this.#over.resolve();
    }
    if (this.#replaced.signal.aborted && !signal.aborted) {
      throw new ChannelError("logged-out", "the account is being linked anew");
    }
  }

  /** Lets go of the credentials. Resolves when the connection is closed. */
  async replace(): Promise<void> {
    this.#replaced.abort();
    await this.#over.promise;
  }

  /** Tells the network to forget this device. False when nobody could be told. */
  async logOut(): Promise<boolean> {
    const { socket } = this.connection ?? {};
    if (!socket) return false;
    return socket.logout("logged out by the operator").then(
      () => true,
      () => false,
    );
  }

  async #locked(library: Library, stop: AbortSignal): Promise<void> {
    const { log, cursor } = this.#parts;
    const { accountId } = this.#context.account;
    const files = new CredentialFiles(this.#settings.authDir);
    const lock = await takeLock(files.directory, stop);
    try {
      this.#credentials = await loadCredentials(library, files, (why) => log.warn(`whatsapp/${accountId}: ${why}`));
      this.#context.status({ linked: true, self: selfStatus(this.self), ...(await ageOf(files)) });
      const inbox = new Inbox({
        context: this.#context,
        memory: this.#memory,
        log,
        cursor,
        floor: (await cursor.read(accountId)) ?? Date.now(),
        self: () => this.self,
        since: () => this.#since,
      });
      await this.#reconnecting(library, files, inbox, stop);
    } finally {
      lock.release();
    }
  }

  async #reconnecting(library: Library, files: CredentialFiles, inbox: Inbox, stop: AbortSignal): Promise<void> {
    let restarts = 0;
    while (!stop.aborted) {
      const startedAt = performance.now();
      const { code, detail } = await this.#connected(library, files, inbox, stop);
      if (stop.aborted) return;
      if (performance.now() - startedAt > HEALTHY_MS) this.#memory.failures = restarts = 0;
      const reason = closeReason(code, detail);
      if (reason.action === "restart" && ++restarts <= MAX_RESTARTS) {
        this.#context.disconnected(reason.message, { lastDisconnect: disconnect(reason) });
        continue;
      }
      await this.#pause(reason, stop);
    }
  }

  /** One connection from its start to its end. */
  async #connected(library: Library, files: CredentialFiles, inbox: Inbox, stop: AbortSignal): Promise<Closed> {
    const { log, version } = this.#parts;
    const { accountId } = this.#context.account;
    const credentials = this.#credentials as Credentials;
    const connection = new Connection({
      library,
      credentials,
      accountId,
      url: this.#settings.wsUrl,
      version,
      log,
      sentMessage: (id) => this.#memory.sent.get(id)?.content,
      group: (jid) => this.#memory.groups.get(jid),
      onOpen: () => {
        this.#memory.isLoggedOut = false;
        this.#since = Date.now();
        this.#context.connected({
          linked: true,
          self: selfStatus(this.self),
          reconnectAttempts: this.#memory.failures,
        });
      },
      onMessages: (messages, kind) => {
        for (const message of messages) inbox.receive(message, kind, connection.socket);
      },
      onGroups: (groups) => groups.forEach((group) => this.#memory.groups.changed(group)),
    });
    this.#connection = connection;
    const watch = setInterval(() => {
      if (connection.silentMs > SILENT_MS) void connection.end(SILENT_CODE);
      void ageOf(files).then((age) => this.#context.status(age));
    }, this.#settings.heartbeatMs);
    const stopping = () =>
      void this.outbound
        .finish()
        .then(() => connection.drain())
        .then(() => connection.end());
    if (stop.aborted) stopping();
    stop.addEventListener("abort", stopping, { once: true });
    try {
      return await connection.closed;
    } finally {
      clearInterval(watch);
      stop.removeEventListener("abort", stopping);
      this.#connection = undefined;
      await inbox.settled();
      await files.settled();
    }
  }

  async #pause(reason: CloseReason, stop: AbortSignal): Promise<void> {
    const { reconnect } = this.#settings;
    const { message, fix, action, code } = reason;
    if (action === "logged-out") {
      this.#memory.isLoggedOut = true;
      this.#context.status({ linked: false });
      throw new ChannelError("logged-out", message, fix === undefined ? {} : { fix });
    }
    if (action === "refused") throw new ChannelError("auth", message, fix === undefined ? {} : { fix });
    this.#memory.failures++;
    const retryAfterMs = Math.round(backoffMs(reconnect, this.#memory.failures));
    if (action === "conflict") {
      throw new ChannelError("conflict", message, { retryAfterMs, ...(fix !== undefined && { fix }) });
    }
    if (reconnect.maxAttempts > 0 && this.#memory.failures >= reconnect.maxAttempts) {
      throw new ChannelError("transient", `gave up after ${this.#memory.failures} attempts: ${message}`, {
        fix: "check the network; it is tried again every minute",
      });
    }
    this.#parts.log.info(`whatsapp/${this.#context.account.accountId}: ${message}; again in ${retryAfterMs} ms`, {
      code,
    });
    this.#context.disconnected(message, {
      reconnectAttempts: this.#memory.failures,
      lastDisconnect: disconnect(reason),
    });
    await delay(retryAfterMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

function disconnect({ code, message, action }: CloseReason) {
  return { at: Date.now(), status: code, error: message, loggedOut: action === "logged-out" };
}

function selfStatus(self: Self | undefined) {
  return self && { e164: e164Of(self.jid) ?? null, jid: self.jid };
}

async function ageOf(files: CredentialFiles): Promise<{ readonly authAgeMs?: number }> {
  const savedAt = await files.savedAt();
  return savedAt === undefined ? {} : { authAgeMs: Math.max(0, Math.round(Date.now() - savedAt)) };
}
