import { defineCollection } from "openclaw/plugin-sdk";
import type { StoreApi } from "openclaw/plugin-sdk";
import { isLater } from "./timestamp.ts";

/** The last message of a channel, or of a thread in it, that is durable: what came after it while nobody listened is asked for. */
export interface Cursor {
  readonly accountId: string;
  readonly channelId: string;
  readonly threadTs?: string;
  readonly lastTs: string;
  /** The bot has written in this thread: what is said there is said to it. */
  readonly hasSpoken?: true;
  readonly at: number;
}

const CURSORS = defineCollection<Cursor>("slack.cursor", {
  indexes: { account: ({ accountId }) => accountId, at: ({ at }) => at },
});

const MAX = 1_000;
const KEPT_MS = 30 * 24 * 3_600_000;
const WRITE_MS = 1_000;

/**
 * Cursors of one account, written now and then: one that lags behind costs a few messages that are asked for twice, and
 * those are known already.
 */
export class Cursors {
  readonly #store: StoreApi;
  readonly #accountId: string;
  readonly #failed: (error: unknown) => void;
  readonly #cursors = new Map<string, Cursor>();
  readonly #dirty = new Set<string>();
  readonly #gone = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  private constructor(store: StoreApi, accountId: string, failed: (error: unknown) => void) {
    this.#store = store;
    this.#accountId = accountId;
    this.#failed = failed;
  }

  static async load(store: StoreApi, accountId: string, failed: (error: unknown) => void): Promise<Cursors> {
    const cursors = new Cursors(store, accountId, failed);
    const found = await store.list(CURSORS, { by: "account", equals: accountId });
    for (const cursor of found.toSorted((a, b) => a.at - b.at)) {
      if (Date.now() - cursor.at < KEPT_MS) cursors.#put(cursor);
      else cursors.#gone.add(keyOf(cursor));
    }
    cursors.#dirty.clear();
    return cursors;
  }

  get(channelId: string, threadTs: string | undefined): Cursor | undefined {
    return this.#cursors.get(keyOf({ accountId: this.#accountId, channelId, ...(threadTs && { threadTs }) }));
  }

  /** The one heard of last first. */
  recent(most: number): Cursor[] {
    return [...this.#cursors.values()].toReversed().slice(0, most);
  }

  /** A message is durable. */
  passed(channelId: string, threadTs: string | undefined, ts: string): void {
    const before = this.get(channelId, threadTs);
    if (before && !isLater(ts, before.lastTs)) return;
    this.#put({ ...this.#fresh(channelId, threadTs), ...(before?.hasSpoken && { hasSpoken: true }), lastTs: ts });
    this.#later();
  }

  /** The bot wrote in a thread. */
  spoke(channelId: string, threadTs: string, ts: string): void {
    const before = this.get(channelId, threadTs);
    const lastTs = before && isLater(before.lastTs, ts) ? before.lastTs : ts;
    this.#put({ ...this.#fresh(channelId, threadTs), hasSpoken: true, lastTs });
    this.#later();
  }

  /** It is gone, or the bot is no longer in it. */
  forget({ channelId, threadTs }: Cursor): void {
    const key = keyOf({ accountId: this.#accountId, channelId, ...(threadTs && { threadTs }) });
    if (!this.#cursors.delete(key)) return;
    this.#dirty.delete(key);
    this.#gone.add(key);
    this.#later();
  }

  /** Write what is not written. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [keys, gone] = [[...this.#dirty], [...this.#gone]];
    this.#dirty.clear();
    this.#gone.clear();
    const changed = keys.flatMap((key) => this.#cursors.get(key) ?? []);
    const changes = [
      ...changed.map((cursor) => CURSORS.put(keyOf(cursor), cursor)),
      ...gone.map((key) => CURSORS.remove(key)),
    ];
    if (changes.length === 0) return;
    try {
      await this.#store.commit(changes);
    } catch (error) {
      for (const key of keys) this.#dirty.add(key);
      for (const key of gone) this.#gone.add(key);
      this.#failed(error);
    }
  }

  #fresh(channelId: string, threadTs: string | undefined) {
    return { accountId: this.#accountId, channelId, ...(threadTs !== undefined && { threadTs }), at: Date.now() };
  }

  /** The one heard of last is the last one; beyond the bound the first one goes. */
  #put(cursor: Cursor): void {
    const key = keyOf(cursor);
    this.#cursors.delete(key);
    this.#cursors.set(key, cursor);
    this.#dirty.add(key);
    this.#gone.delete(key);
    const [oldest] = this.#cursors.keys();
    if (this.#cursors.size <= MAX || oldest === undefined) return;
    this.#cursors.delete(oldest);
    this.#dirty.delete(oldest);
    this.#gone.add(oldest);
  }

  #later(): void {
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_MS);
  }
}

function keyOf({ accountId, channelId, threadTs = "" }: Pick<Cursor, "accountId" | "channelId" | "threadTs">): string {
  return `${accountId}/${channelId}/${threadTs}`;
}
