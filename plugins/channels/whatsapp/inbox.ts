import { setTimeout as delay } from "node:timers/promises";
import { errorText, Lanes } from "openclaw/plugin-sdk";
import type { ChannelContext, Logger } from "openclaw/plugin-sdk";
import type { WAMessage, WASocket } from "@whiskeysockets/baileys";
import type { Cursor } from "./cursor.ts";
import { senderJid, toEnvelope } from "./envelope.ts";
import type { Facts } from "./envelope.ts";
import { e164Of, isGroupJid, isLidJid } from "./jid.ts";
import type { AccountMemory } from "./memory.ts";
import { isSelfChat } from "./settings.ts";

const ACCEPT_ATTEMPTS = 5;
/** Clocks differ, and messages overtake each other; what was heard already is known by its id. */
const OVERLAP_MS = 60_000;

/** What is asked of the library's socket while a message is taken in. */
export type InboxSocket = Pick<WASocket, "signalRepository" | "groupMetadata">;

export interface InboxParts {
  readonly context: ChannelContext;
  readonly memory: AccountMemory;
  readonly log: Logger;
  readonly cursor: Cursor;
  /** Messages that waited for us are new when they are younger. */
  readonly floor: number;
  /** Our own addresses. */
  readonly self: () => Facts["self"] | undefined;
  /** When the connection was made. */
  readonly since: () => number;
}

/** Everything an account hears: in each conversation in the order in which it came. */
export class Inbox {
  readonly #parts: InboxParts;
  /** Who writes is looked up one after the other: only then is it known which conversation it is. */
  #order: Promise<void> = Promise.resolve();
  /** Messages of several conversations share the cost of the disk. */
  readonly #lanes = new Lanes();

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** Resolves when everything that came until now is taken in. */
  async settled(): Promise<void> {
    await this.#order;
    await this.#lanes.idle();
  }

  /** One after the other: a lookup must not let the next message overtake. */
  receive(message: WAMessage, kind: "notify" | "append", socket: InboxSocket): void {
    // what came while nobody was connected is new when it is younger than what was heard last
    if (kind === "append" && Number(message.messageTimestamp ?? 0) * 1_000 < this.#parts.floor - OVERLAP_MS) return;
    this.#order = this.#order.then(() => this.#heard(message, socket)).catch((error: unknown) => this.#lost(error));
  }

  #lost(error: unknown): void {
    const { context, log } = this.#parts;
    log.error(`whatsapp/${context.account.accountId}: a message could not be taken in: ${errorText(error)}`);
  }

  async #heard(message: WAMessage, socket: InboxSocket): Promise<void> {
    const { account } = this.#parts.context;
    const facts = await this.#factsFor(message, socket);
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
    this.#parts.memory.received.set(`${to}/${envelope.messageId}`, message.key);
    const addressed = { ...envelope, replyTo: { channel: "whatsapp", accountId: account.accountId, to } };
    void this.#lanes.run(envelope.chatId, () => this.#accept(addressed)).catch((error: unknown) => this.#lost(error));
  }

  /** The library has acknowledged the message by itself: it must not be lost because the disk is busy for a moment. */
  async #accept(envelope: Parameters<ChannelContext["accept"]>[0]): Promise<void> {
    const { context, cursor } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      try {
        await context.accept(envelope);
        const now = Date.now();
        context.status({ lastMessageAt: now, lastEventAt: now });
        if (envelope.timestamp !== undefined) cursor.moved(context.account.accountId, envelope.timestamp);
        return;
      } catch (error) {
        if (attempt >= ACCEPT_ATTEMPTS || context.signal.aborted) throw error;
        await delay(200 * 2 ** attempt);
      }
    }
  }

  async #factsFor(message: WAMessage, socket: InboxSocket): Promise<Facts | undefined> {
    const self = this.#parts.self();
    if (!self) return undefined;
    const { account } = this.#parts.context;
    const sender = senderJid(message);
    const number = isLidJid(sender)
      ? e164Of(await socket.signalRepository.lidMapping.getPNForLID(sender ?? ""))
      : undefined;
    const chat = message.key.remoteJid ?? "";
    const group = isGroupJid(chat)
      ? this.#parts.memory.groups.facts(chat, (jid) => socket.groupMetadata(jid))
      : undefined;
    return {
      self,
      selfChat: isSelfChat(account, self.jid),
      connectedAt: this.#parts.since(),
      ...(number !== undefined && { senderNumber: number }),
      ...(group && { group }),
      isOurs: (id) => this.#parts.memory.sent.has(id),
    };
  }
}
