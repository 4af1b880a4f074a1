import { setTimeout as delay } from "node:timers/promises";
import type { Api } from "./api.ts";
import type { Cursor } from "./cursors.ts";
import { failureOf } from "./failure.ts";
import { isLater, timestampAt } from "./timestamp.ts";
import type { WireMessage } from "./wire.ts";

/** So far back, and so many messages of one channel or thread. */
const WITHIN_MS = 24 * 3_600_000;
const PAGES = 3;
const PAGE = 100;
/** Channels that are asked at the same time. */
const AT_ONCE = 2;
const TRIES = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** What was said while nobody listened. Asks a few channels at a time, and again when Slack is busy. */
export class Missed {
  readonly #api: Api;
  readonly #signal: AbortSignal;
  readonly #waiting: (() => void)[] = [];
  #asking = 0;

  constructor(api: Api, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** Messages after the last one that is known, oldest first. Rejects when the channel cannot be read. */
  async since({ channelId, threadTs, lastTs }: Cursor): Promise<WireMessage[]> {
    const within = timestampAt(Date.now() - WITHIN_MS);
    const oldest = isLater(within, lastTs) ? within : lastTs;
    const method = threadTs === undefined ? "conversations.history" : "conversations.replies";
    const query = { channel: channelId, oldest, limit: PAGE, ...(threadTs !== undefined && { ts: threadTs }) };
    const found: WireMessage[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      const asked = { ...query, ...(cursor !== undefined && { cursor }) };
      const { messages, next } = await this.#inTurn(() => this.#page(method, asked));
      found.push(...messages);
      if (next === undefined) break;
      cursor = next;
    }
    // The thread's first message comes along whenever it was written.
    return found
      .filter(({ ts }) => typeof ts === "string" && isLater(ts, oldest))
      .map((message) => ({ ...message, channel: channelId }))
      .toSorted((a, b) => (isLater(a.ts ?? "", b.ts ?? "") ? 1 : -1));
  }

  async #page(method: string, query: object): Promise<{ readonly messages: WireMessage[]; readonly next?: string }> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { messages, response_metadata: more } = await this.#api.call(method, query, { signal: this.#signal });
        const next = (more as { readonly next_cursor?: string } | undefined)?.next_cursor;
        return { messages: Array.isArray(messages) ? (messages as WireMessage[]) : [], ...(next && { next }) };
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
