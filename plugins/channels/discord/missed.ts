import { setTimeout as delay } from "node:timers/promises";
import type { APIMessage } from "discord.js";
import { failureOf } from "./failure.ts";
import type { Session } from "./session.ts";
import { isLater, snowflakeAt } from "./snowflake.ts";

/** So far back, and so many messages of one channel. */
const WITHIN_MS = 24 * 3_600_000;
const PAGES = 3;
const PAGE = 100;
/** Channels that are asked at the same time. */
const AT_ONCE = 4;
const TRIES = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** What was said in channels while nobody listened. Asks a few at a time, and again when Discord is busy. */
export class Missed {
  readonly #session: Session;
  readonly #signal: AbortSignal;
  readonly #waiting: (() => void)[] = [];
  #asking = 0;

  constructor(session: Session, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
  }

  /** Messages after this one, oldest first, page by page. Rejects when the channel cannot be read. */
  async *since(channelId: string, lastId: string): AsyncGenerator<APIMessage[]> {
    const oldest = snowflakeAt(Date.now() - WITHIN_MS);
    let after: string | undefined = isLater(oldest, lastId) ? oldest : lastId;
    for (let page = 0; page < PAGES && after !== undefined; page++) {
      const messages = await this.#inTurn(() => this.#page(channelId, String(after)));
      yield messages;
      after = messages.length < PAGE ? undefined : messages.at(-1)?.id;
    }
  }

  async #page(channelId: string, after: string): Promise<APIMessage[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#session.api.history(channelId, { after, limit: String(PAGE) }, this.#signal);
      } catch (error) {
        const failure = failureOf(error);
        const isFinal = failure.kind === "refused" || failure.kind === "auth";
        if (isFinal || attempt >= TRIES || this.#signal.aborted) throw error;
        const waitMs = failure.kind === "throttled" ? failure.retryAfterMs : FIRST_WAIT_MS * 2 ** (attempt - 1);
        await delay(Math.min(waitMs, LONGEST_WAIT_MS), undefined, { signal: this.#signal });
      }
    }
  }

  async #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#asking >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#asking++;
    try {
      return await ask();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#asking--;
    }
  }
}
