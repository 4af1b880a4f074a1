import { defineCollection } from "openclaw/plugin-sdk";
import type { Change, OutboxEntry, StoreApi } from "openclaw/plugin-sdk";
import { digits } from "./sequence.ts";

export type EntryState = OutboxEntry["state"];

const OUTBOX = defineCollection<OutboxEntry>("outbox", {
  indexes: {
    /** Not at an end, in the order in which they were made. */
    waiting: (entry) => (isOpenEntry(entry) ? (entry.seq ?? entry.createdAt) : null),
    lane: (entry) => (isOpenEntry(entry) ? `${laneOf(entry)} ${digits(entry.seq ?? 0)}` : null),
    workId: (entry) => entry.workId ?? null,
    state: (entry) => `${entry.state} ${digits(entry.updatedAt ?? entry.createdAt)}`,
  },
});

/** Everything on its way out, in the store. */
export class Entries {
  readonly #store: StoreApi;

  constructor(store: StoreApi) {
    this.#store = store;
  }

  insert(entry: OutboxEntry): Change {
    return OUTBOX.insert(entry.id, entry);
  }

  add(entries: readonly OutboxEntry[]): Promise<void> {
    return this.#store.commit(entries.map((entry) => this.insert(entry)));
  }

  get(id: string): Promise<OutboxEntry | undefined> {
    return this.#store.get(OUTBOX, id);
  }

  async save(entry: OutboxEntry, change: Partial<OutboxEntry>): Promise<OutboxEntry> {
    const next = { ...entry, ...change, updatedAt: Date.now() };
    await this.#store.commit([OUTBOX.put(entry.id, next)]);
    return next;
  }

  /** Those that answer one message, in order. */
  async ofWork(workId: string): Promise<OutboxEntry[]> {
    const entries = await this.#store.list(OUTBOX, { by: "workId", equals: workId });
    return entries.toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  }

  open(after: number, limit: number): Promise<OutboxEntry[]> {
    return this.#store.list(OUTBOX, { by: "waiting", from: after + 1, limit });
  }

  openIn(lane: string, after: number, limit: number): Promise<OutboxEntry[]> {
    const [from, to] = [`${lane} ${digits(after + 1)}`, `${lane} ~`];
    return this.#store.list(OUTBOX, { by: "lane", from, to, limit });
  }

  async highest(): Promise<number> {
    const [last] = await this.#store.list(OUTBOX, { by: "waiting", from: 0, descending: true, limit: 1 });
    return last?.seq ?? 0;
  }

  /** In one state, the one that moved last first. */
  inState(state: EntryState, limit: number): Promise<OutboxEntry[]> {
    return this.#store.list(OUTBOX, { by: "state", ...rangeOf(state), descending: true, limit });
  }

  count(state: EntryState): Promise<number> {
    return this.#store.count(OUTBOX, { by: "state", ...rangeOf(state) });
  }

  /** Forgets up to `limit` entries that came into this state before `before`. Resolves with how many. */
  async prune(state: EntryState, before: number, limit: number): Promise<number> {
    const old = await this.#store.list(OUTBOX, { by: "state", ...rangeOf(state, before), limit });
    if (old.length > 0) await this.#store.commit(old.map(({ id }) => OUTBOX.remove(id)));
    return old.length;
  }
}

export function isOpenEntry({ state }: { readonly state: EntryState }): boolean {
  return state === "pending" || state === "attempting";
}

/** Order is kept in a lane: everything that goes to one target of one account. */
export function laneOf({ address: { channel, accountId, to } }: OutboxEntry): string {
  return JSON.stringify([channel, accountId, to]);
}

function rangeOf(state: EntryState, to?: number): { readonly from: string; readonly to: string } {
  return { from: `${state} `, to: to === undefined ? `${state} ~` : `${state} ${digits(to)}` };
}
