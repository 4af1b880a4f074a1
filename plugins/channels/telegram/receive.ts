import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelContext, Logger } from "openclaw/plugin-sdk";
import { keysOf, offersButtons } from "./account.ts";
import type { Client } from "./client.ts";
import { failureOf } from "./failure.ts";
import { Gather } from "./gather.ts";
import { parseUpdate } from "./parse.ts";
import type { Incoming, Parsed, Reader } from "./parse.ts";
import type { OwnMessages } from "./own-messages.ts";
import type { WireUpdate } from "./wire.ts";

export interface ReceiveParts {
  readonly account: ChannelAccount;
  readonly accept: ChannelContext["accept"];
  readonly client: Client;
  readonly log: Logger;
  readonly own: OwnMessages;
  readonly reader: () => Reader;
  /** A group has another id now. */
  readonly migrated: (from: string, to: string) => Promise<void>;
}

/** Takes updates in, in the order in which they are handed over. */
export class Receive {
  readonly #parts: ReceiveParts;
  readonly #gather: Gather;

  constructor(parts: ReceiveParts) {
    this.#parts = parts;
    this.#gather = new Gather((envelope) => this.#accept(envelope));
  }

  /** Resolves when the update may be acknowledged: what there is to keep of it is durable. */
  take(update: WireUpdate): Promise<void> {
    const parsed = this.#parse(update);
    switch (parsed.what) {
      case "message":
        if (parsed.envelope.kind === "join") this.#joined(parsed.envelope);
        return this.#gather.take(parsed.envelope, parsed.albumId);
      case "button":
        return this.#button(parsed.envelope, parsed.callbackId);
      case "reaction":
        return this.#isWanted(parsed.envelope) ? this.#accept(parsed.envelope) : Promise.resolve();
      case "migrated":
        return this.#parts.migrated(parsed.from, parsed.to);
      case "skipped":
        this.#parts.log.debug(`update skipped: ${parsed.reason}`, { accountId: this.#parts.account.accountId });
        return Promise.resolve();
    }
  }

  close(): void {
    this.#gather.close();
  }

  /** An update that is not what Telegram sends must not stand in the way of those behind it. */
  #parse(update: WireUpdate): Parsed {
    try {
      return parseUpdate(update, this.#parts.reader());
    } catch (error) {
      const { accountId } = this.#parts.account;
      this.#parts.log.warn(`an update could not be read and is skipped: ${errorText(error)}`, { accountId });
      return { what: "skipped", reason: "not readable" };
    }
  }

  /** Where else would the operator find the id that the configuration needs? */
  #joined({ conversationLabel = "" }: Incoming): void {
    const { account, log } = this.#parts;
    const text = `the bot was added to ${conversationLabel}; it is heard there once channels.telegram.groups names that id`;
    log.info(text, { accountId: account.accountId });
  }

  async #accept(envelope: Incoming): Promise<void> {
    try {
      await this.#parts.accept(envelope);
    } catch (error) {
      // What can never be kept must not come again and again, in front of everything else.
      if (!(error instanceof GatewayError) || error.code !== "INVALID_REQUEST") throw error;
      const { account, log } = this.#parts;
      log.error(`message ${envelope.messageId} is lost: ${error.message}`, { accountId: account.accountId });
    }
  }

  async #button(envelope: Incoming, callbackId: string): Promise<void> {
    const { account, client, log } = this.#parts;
    if (offersButtons(account, envelope.chatType === "direct")) await this.#gather.take(envelope);
    // Ends the hour-glass on the button; there is nobody to tell when that fails.
    client
      .call((raw, signal) => raw.answerCallbackQuery({ callback_query_id: callbackId }, signal))
      .catch((error: unknown) => log.debug(`a button was not answered: ${failureOf(error).message}`));
  }

  #isWanted({ chatId, messageId }: Incoming): boolean {
    const wanted = keysOf(this.#parts.account).reactionNotifications ?? "own";
    return wanted === "all" || (wanted === "own" && this.#parts.own.has(chatId, messageId));
  }
}
