import { setTimeout as delay } from "node:timers/promises";
import { ChannelError, errorText } from "openclaw/plugin-sdk";
import type { ChannelContext, DeliveryOutcome, Logger, OutboxEntry } from "openclaw/plugin-sdk";
import type { WAMessage, WAMessageKey } from "@whiskeysockets/baileys";
import { closeReason, SILENT_CODE } from "./close-reason.ts";
import type { CloseReason } from "./close-reason.ts";
import { Connection } from "./connection.ts";
import type { Closed } from "./connection.ts";
import { CredentialFiles } from "./credential-files.ts";
import { loadCredentials } from "./credentials.ts";
import type { Credentials } from "./credentials.ts";
import { deliverEntry } from "./delivery.ts";
import { toEnvelope, senderJid } from "./envelope.ts";
import type { Facts } from "./envelope.ts";
import { e164Of, isGroupJid, isLidJid } from "./jid.ts";
import type { Library } from "./library.ts";
import { takeLock } from "./lock.ts";
import type { AccountMemory } from "./memory.ts";
import { HEALTHY_MS, reconnectDelayMs } from "./reconnect.ts";
import { accountSettings, isSelfChat } from "./settings.ts";
import type { AccountSettings } from "./settings.ts";

/** What a dead link looks like: no frame for so long, although the library asks for one every half minute. */
const SILENT_MS = 30 * 60_000;
/** How long sends under way may take once the account is told to stop. */
const FINISH_MS = 3_000;
/** Connections that the network asked for one after the other, before it counts as a failure. */
const MAX_RESTARTS = 3;
const ACCEPT_ATTEMPTS = 5;

export interface SessionParts {
  readonly load: () => Promise<Library>;
  readonly stateDir: string;
  readonly version: string;
  readonly log: Logger;
  /** When the last message before this start was sent; what is older was heard then. */
  readonly cursor: Cursor;
}

export interface Cursor {
  read(accountId: string): Promise<number | undefined>;
  moved(accountId: string, at: number): void;
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
  #connection: Connection | undefined;
  #credentials: Credentials | undefined;
  #order: Promise<void> = Promise.resolve();
  #sending = 0;
  #since = 0;
  /** Somebody links the account anew: this session has to end. */
  readonly #replaced = new AbortController();
  readonly #over = Promise.withResolvers<void>();

  constructor(parts: SessionParts, memory: AccountMemory, context: ChannelContext) {
    this.#parts = parts;
    this.#memory = memory;
    this.#context = context;
    this.#settings = accountSettings(context.account, parts.stateDir);
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

  async deliver(entry: OutboxEntry): Promise<DeliveryOutcome> {
    const connection = this.connection;
    if (!connection) return { outcome: "not_sent", retryable: true, reason: "WhatsApp is not connected" };
    this.#sending++;
    try {
      const outcome = await deliverEntry(entry, {
        socket: connection.socket,
        closed: connection.closed,
        sending: (id) => this.#memory.sent.set(id, {}),
        sent: (id, message) => this.#memory.sent.set(id, { content: message?.message }),
      });
      if (outcome.outcome === "sent") void this.#presence("paused", entry.address.to);
      return outcome;
    } finally {
      this.#sending--;
    }
  }

  async typing(to: string): Promise<void> {
    await this.#presence("composing", to);
  }

  async markRead(to: string, messageId: string): Promise<void> {
    const key = this.#memory.received.get(`${to}/${messageId}`);
    // the owner's chat with himself has no reader
    if (!key || key.fromMe) return;
    await this.connection?.socket.readMessages([key]);
  }

  async react(to: string, messageId: string, emoji: string): Promise<void> {
    const connection = this.connection;
    if (!connection) throw new Error("WhatsApp is not connected");
    const own: WAMessageKey | undefined = this.#memory.sent.has(messageId)
      ? { remoteJid: to, id: messageId, fromMe: true }
      : undefined;
    const direct: WAMessageKey | undefined = isGroupJid(to)
      ? undefined
      : { remoteJid: to, id: messageId, fromMe: false };
    const key = this.#memory.received.get(`${to}/${messageId}`) ?? own ?? direct;
    if (!key) throw new Error(`message ${messageId} is not among the last ones of this group`);
    await connection.socket.sendMessage(to, { react: { text: emoji, key } });
  }

  async #locked(library: Library, stop: AbortSignal): Promise<void> {
    const { log, cursor } = this.#parts;
    const { accountId } = this.#context.account;
    const files = new CredentialFiles(this.#settings.authDir);
    const lock = await takeLock(files.directory, stop);
    try {
      this.#credentials = await loadCredentials(library, files, (why) => log.warn(`whatsapp/${accountId}: ${why}`));
      this.#context.status({ linked: true, self: selfStatus(this.self), ...(await ageOf(files)) });
      await this.#reconnecting(library, files, (await cursor.read(accountId)) ?? Date.now() - 30_000, stop);
    } finally {
      lock.release();
    }
  }

  async #reconnecting(library: Library, files: CredentialFiles, floor: number, stop: AbortSignal): Promise<void> {
    let restarts = 0;
    while (!stop.aborted) {
      const startedAt = performance.now();
      const { code, detail } = await this.#connected(library, files, floor, stop);
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
  async #connected(library: Library, files: CredentialFiles, floor: number, stop: AbortSignal): Promise<Closed> {
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
        for (const message of messages) this.#receive(message, kind, floor, connection);
      },
      onGroups: (groups) => groups.forEach((group) => this.#memory.groups.changed(group)),
    });
    this.#connection = connection;
    const watch = setInterval(() => {
      if (connection.silentMs > SILENT_MS) void connection.end(SILENT_CODE);
      void ageOf(files).then((age) => this.#context.status(age));
    }, this.#settings.heartbeatMs);
    const stopping = () => void this.#finish().then(() => connection.end());
    if (stop.aborted) stopping();
    stop.addEventListener("abort", stopping, { once: true });
    try {
      return await connection.closed;
    } finally {
      clearInterval(watch);
      stop.removeEventListener("abort", stopping);
      this.#connection = undefined;
      await this.#order;
      await files.settled();
    }
  }

  /** What is being sent may end, for a moment. */
  async #finish(): Promise<void> {
    for (const until = performance.now() + FINISH_MS; this.#sending > 0 && performance.now() < until;) await delay(25);
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
    const retryAfterMs = reconnectDelayMs(reconnect, this.#memory.failures);
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

  /** In the order in which they came: a lookup must not let the next one overtake. */
  #receive(message: WAMessage, kind: "notify" | "append", floor: number, connection: Connection): void {
    // what came while nobody was connected is new when it is younger than what was heard last
    if (kind === "append" && Number(message.messageTimestamp ?? 0) * 1_000 < floor - 60_000) return;
    this.#order = this.#order
      .then(() => this.#heard(message, connection))
      .catch((error: unknown) => {
        this.#parts.log.error(
          `whatsapp/${this.#context.account.accountId}: a message could not be taken in: ${errorText(error)}`,
        );
      });
  }

  async #heard(message: WAMessage, connection: Connection): Promise<void> {
    const { account } = this.#context;
    const facts = await this.#factsFor(message, connection);
    if (!facts) return;
    const read = toEnvelope(message, facts);
    if ("ignored" in read) {
      this.#parts.log.debug(`whatsapp/${account.accountId}: message ignored: ${read.ignored}`, {
        reason: read.ignored,
      });
      return;
    }
    const { envelope } = read;
    const to = message.key.remoteJid as string;
    // so that people find the ids of their groups
    this.#parts.log.debug(`whatsapp/${account.accountId}: message in ${envelope.chatId}`);
    this.#memory.received.set(`${to}/${envelope.messageId}`, message.key);
    await this.#accept({ ...envelope, replyTo: { channel: "whatsapp", accountId: account.accountId, to } });
    this.#context.status({ lastMessageAt: Date.now() });
    if (envelope.timestamp !== undefined) this.#parts.cursor.moved(account.accountId, envelope.timestamp);
  }

  /** The library has acknowledged the message by itself: it must not be lost because the disk is busy for a moment. */
  async #accept(envelope: Parameters<ChannelContext["accept"]>[0]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#context.accept(envelope);
        return;
      } catch (error) {
        if (attempt >= ACCEPT_ATTEMPTS || this.#context.signal.aborted) throw error;
        await delay(200 * 2 ** attempt);
      }
    }
  }

  async #factsFor(message: WAMessage, { socket }: Connection): Promise<Facts | undefined> {
    const { self } = this;
    if (!self) return undefined;
    const { account } = this.#context;
    const sender = senderJid(message);
    const number = isLidJid(sender)
      ? e164Of(await socket.signalRepository.lidMapping.getPNForLID(sender ?? ""))
      : undefined;
    const chat = message.key.remoteJid ?? "";
    const group = isGroupJid(chat) ? this.#memory.groups.facts(chat, (jid) => socket.groupMetadata(jid)) : undefined;
    return {
      self,
      selfChat: isSelfChat(account, self.jid),
      connectedAt: this.#since || Date.now(),
      ...(number !== undefined && { senderNumber: number }),
      ...(group && { group }),
      isOurs: (id) => this.#memory.sent.has(id),
    };
  }

  async #presence(kind: "composing" | "paused", to: string): Promise<void> {
    // only a courtesy: the connection may be gone by now
    await this.connection?.socket.sendPresenceUpdate(kind, to).catch(() => undefined);
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
