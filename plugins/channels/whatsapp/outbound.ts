import { setTimeout as delay } from "node:timers/promises";
import type { DeliveryOutcome, OutboxEntry } from "openclaw/plugin-sdk";
import type { WAMessageKey } from "@whiskeysockets/baileys";
import type { Connection } from "./connection.ts";
import { deliverEntry } from "./delivery.ts";
import { isGroupJid } from "./jid.ts";
import type { AccountMemory } from "./memory.ts";

/** How long sends under way may take once the account is told to stop. */
const FINISH_MS = 3_000;

/** Everything an account says: messages, reactions, receipts, that it writes. */
export class Outbound {
  readonly #memory: AccountMemory;
  /** The connection, while there is one that is open. */
  readonly #connection: () => Connection | undefined;
  #sending = 0;

  constructor(memory: AccountMemory, connection: () => Connection | undefined) {
    this.#memory = memory;
    this.#connection = connection;
  }

  async deliver(entry: OutboxEntry): Promise<DeliveryOutcome> {
    const connection = this.#connection();
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
    await this.#connection()?.socket.readMessages([key]);
  }

  async react(to: string, messageId: string, emoji: string): Promise<void> {
    const connection = this.#connection();
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

  /** What is being sent may end, for a moment. */
  async finish(): Promise<void> {
    for (const until = performance.now() + FINISH_MS; this.#sending > 0 && performance.now() < until;) await delay(25);
  }

  async #presence(kind: "composing" | "paused", to: string): Promise<void> {
    // only a courtesy: the connection may be gone by now
    await this.#connection()
      ?.socket.sendPresenceUpdate(kind, to)
      .catch(() => undefined);
  }
}
