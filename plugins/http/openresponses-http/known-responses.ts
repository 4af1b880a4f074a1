import { defineCollection } from "openclaw/plugin-sdk";
import type { StoreApi } from "openclaw/plugin-sdk";

interface Known {
  readonly id: string;
  readonly sessionKey: string;
  readonly agentId: string;
  /** Only who has asked for it may go on with it. */
  readonly caller: string;
  readonly at: number;
}

const RESPONSES = defineCollection<Known>("openresponses", { indexes: { at: ({ at }) => at } });
/** Sessions of single requests are forgotten after a day too (sessions.md §7). */
const KEPT_MS = 24 * 3_600_000;
const MAX_KEPT = 5_000;
const PRUNE_EVERY = 100;

/** Which session holds a response, for requests that go on from it. */
export class KnownResponses {
  readonly #store: StoreApi;
  #sincePruned = PRUNE_EVERY;

  constructor(store: StoreApi) {
    this.#store = store;
  }

  async remember(known: Omit<Known, "at">): Promise<void> {
    await this.#store.commit([RESPONSES.put(known.id, { ...known, at: Date.now() })]);
    if (++this.#sincePruned < PRUNE_EVERY) return;
    this.#sincePruned = 0;
    await this.#prune();
  }

  /** As `caller` may know it. */
  async find(id: string, caller: string): Promise<Known | undefined> {
    const known = await this.#store.get(RESPONSES, id);
    return known?.caller === caller && known.at > Date.now() - KEPT_MS ? known : undefined;
  }

  async #prune(): Promise<void> {
    const total = await this.#store.count(RESPONSES, { by: "at", from: 0 });
    const old = await this.#store.list(RESPONSES, { by: "at", from: 0, to: Date.now() - KEPT_MS, limit: MAX_KEPT });
    const most = await this.#store.list(RESPONSES, { by: "at", from: 0, limit: Math.max(0, total - MAX_KEPT) });
    const ids = new Set([...old, ...most].map(({ id }) => id));
    if (ids.size > 0) await this.#store.commit([...ids].map((id) => RESPONSES.remove(id)));
  }
}
