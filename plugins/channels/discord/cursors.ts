import { defineCollection } from "openclaw/plugin-sdk";
import type { StoreApi } from "openclaw/plugin-sdk";
import { isLater } from "./snowflake.ts";

/** The last message of a channel that is durable: what came after it while nobody listened is asked for. */
export interface Cursor {
  readonly accountId: string;
  readonly channelId: string;
  /** None for a direct conversation. */
  readonly guildId?: string;
  readonly lastId: string;
  readonly at: number;
}

const CURSORS = defineCollection<Cursor>("discord.cursor", {
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
  #timer: NodeJS.Timeout | undefined;

  private constructor(store: StoreApi, accountId: string, failed: (error: unknown) => void) {
    this.#store = store;
    this.#accountId = accountId;
    this.#failed = failed;
  }

  static async load(store: StoreApi, accountId: string, failed: (error: unknown) => void): Promise<Cursors> {
    const cursors = new Cursors(store, accountId, failed);
    const found = await store.list(CURSORS, { by: "account", equals: accountId });
    const kept = found
      .toSorted((a, b) => b.at - a.at)
      .filter(({ at }, index) => index < MAX && Date.now() - at < KEPT_MS);
    for (const cursor of kept) cursors.#cursors.set(cursor.channelId, cursor);
    const gone = found.filter((one) => !kept.includes(one));
    if (gone.length > 0) await store.commit(gone.map((one) => CURSORS.remove(keyOf(one))));
    return cursors;
  }

  get(channelId: string): Cursor | undefined {
    return this.#cursors.get(channelId);
  }

  /** Of direct conversations, the one heard of last first. */
  directs(): Cursor[] {
    const all = [...this.#cursors.values()].filter(({ guildId }) => guildId === undefined);
    return all.toSorted((a, b) => b.at - a.at);
  }

  /** A message is durable. */
  passed(channelId: string, lastId: string, guildId: string | undefined): void {
    const before = this.#cursors.get(channelId);
    if (before && !isLater(lastId, before.lastId)) return;
    if (!before && this.#cursors.size >= MAX) return;
    const place = guildId === undefined ? {} : { guildId };
    this.#cursors.set(channelId, { accountId: this.#accountId, channelId, ...place, lastId, at: Date.now() });
    this.#dirty.add(channelId);
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_MS);
  }

  /** A message could not be kept: it is asked for again, also in a channel where nothing was kept before. */
  missed(channelId: string, id: string, guildId: string | undefined): void {
    if (!this.#cursors.has(channelId)) this.passed(channelId, String(BigInt(id) - 1n), guildId);
  }

  /** Write what is not written. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = [...this.#dirty];
    const changed = ids.flatMap((id) => this.#cursors.get(id) ?? []);
    this.#dirty.clear();
    if (changed.length === 0) return;
    try {
      await this.#store.commit(changed.map((cursor) => CURSORS.put(keyOf(cursor), cursor)));
    } catch (error) {
      for (const id of ids) this.#dirty.add(id);
      this.#failed(error);
    }
  }
}

function keyOf({ accountId, channelId }: Cursor): string {
  return `${accountId}/${channelId}`;
}
