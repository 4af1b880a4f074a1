/** An item in the order of its lane. */
export interface Queued {
  readonly id: string;
  readonly seq?: number;
}

export interface BacklogLimits {
  readonly lane: number;
  readonly account: number;
  readonly total: number;
}

export interface BacklogOptions<T extends Queued> {
  readonly limits: BacklogLimits;
  readonly laneOf: (item: T) => string;
  readonly accountOf: (item: T) => string | undefined;
  /** Open items of a lane on disk with a higher number, in order. */
  readonly load: (lane: string, after: number, limit: number) => Promise<readonly T[]>;
  readonly run: (item: T, wasDeferred: boolean) => void;
  readonly failed: (error: unknown) => void;
}

interface Lane {
  /** Items in memory. */
  held: number;
  /** Items on disk only, behind those. */
  deferred: number;
  /** The number of the last item that was taken into memory. */
  last: number;
  account: string | undefined;
  loading: boolean;
}

const LOADED_AT_ONCE = 25;
/** What could not be read is read again after so long. */
const AGAIN_MS = 1_000;
/** How many waiting lanes are looked at when one item ends. */
const LOOKED_AT = 32;

/**
 * Keeps so many open items in memory, per lane, per account and in all; the rest stay on disk where they are safe, and
 * come in order as room comes. Nothing is dropped, and an item never overtakes another of its lane.
 */
export class Backlog<T extends Queued> {
  readonly #options: BacklogOptions<T>;
  readonly #lanes = new Map<string, Lane>();
  readonly #accounts = new Map<string, number>();
  /** Lanes that have deferred items, in the order in which they are looked at. */
  readonly #waiting = new Set<string>();
  #total = 0;
  #deferred = 0;
  #stopped = false;

  constructor(options: BacklogOptions<T>) {
    this.#options = options;
  }

  get held(): number {
    return this.#total;
  }

  get deferred(): number {
    return this.#deferred;
  }

  hasDeferred(lane: string): boolean {
    return this.#waiting.has(lane);
  }

  /** Take nothing more from disk: somebody else does. */
  stop(): void {
    this.#stopped = true;
  }

  /** Take up an item that is on disk, now or later. Items of a lane are offered in their order. */
  offer(item: T): void {
    const key = this.#options.laneOf(item);
    const account = this.#options.accountOf(item);
    const lane = this.#lanes.get(key) ?? { held: 0, deferred: 0, last: 0, account, loading: false };
    this.#lanes.set(key, lane);
    if (lane.deferred > 0 || !this.#hasRoom(lane)) {
      lane.deferred++;
      this.#deferred++;
      this.#waiting.add(key);
      // Room may have come while it was written.
      this.#fill(key);
    } else this.#take(lane, item, false);
  }

  /** An item has ended and makes room. */
  done(item: T): void {
    const key = this.#options.laneOf(item);
    const lane = this.#lanes.get(key);
    if (!lane) return;
    this.#count(lane, -1);
    this.#fill(key);
    this.#forget(key);
    for (const other of Array.from(this.#firstWaiting())) this.#fill(other);
  }

  *#firstWaiting(): Iterable<string> {
    let looked = 0;
    for (const key of this.#waiting) {
      if (looked++ >= LOOKED_AT) return;
      yield key;
    }
  }

  #hasRoom({ held, account }: Lane): boolean {
    const { limits } = this.#options;
    const ofAccount = account === undefined ? 0 : (this.#accounts.get(account) ?? 0);
    return held < limits.lane && ofAccount < limits.account && this.#total < limits.total;
  }

  #take(lane: Lane, item: T, wasDeferred: boolean): void {
    this.#count(lane, 1);
    lane.last = Math.max(lane.last, item.seq ?? 0);
    this.#options.run(item, wasDeferred);
  }

  #count(lane: Lane, by: 1 | -1): void {
    lane.held += by;
    this.#total += by;
    if (lane.account === undefined) return;
    const next = (this.#accounts.get(lane.account) ?? 0) + by;
    if (next > 0) this.#accounts.set(lane.account, next);
    else this.#accounts.delete(lane.account);
  }

  #fill(key: string): void {
    const lane = this.#lanes.get(key);
    if (!lane || this.#stopped || lane.loading || lane.deferred === 0) return;
    // Lanes take turns, so that one that always finds the account full is not looked at again and again.
    this.#waiting.delete(key);
    this.#waiting.add(key);
    if (!this.#hasRoom(lane)) return;
    lane.loading = true;
    this.#load(key, lane)
      .catch((error: unknown) => {
        this.#options.failed(error);
        // Nothing may be held whose end would look here again.
        setTimeout(() => this.#fill(key), AGAIN_MS).unref();
      })
      .finally(() => {
        lane.loading = false;
        this.#forget(key);
      });
  }

  async #load(key: string, lane: Lane): Promise<void> {
    while (lane.deferred > 0 && this.#hasRoom(lane)) {
      const items = await this.#options.load(key, lane.last, LOADED_AT_ONCE);
      if (items.length === 0) return this.#settle(key, lane, lane.deferred);
      for (const item of items) {
        // What is on disk beyond those has not been offered yet.
        if (this.#stopped || lane.deferred <= 0 || !this.#hasRoom(lane)) return;
        this.#settle(key, lane, 1);
        this.#take(lane, item, true);
      }
    }
  }

  #settle(key: string, lane: Lane, count: number): void {
    lane.deferred -= count;
    this.#deferred -= count;
    if (lane.deferred <= 0) this.#waiting.delete(key);
  }

  #forget(key: string): void {
    const lane = this.#lanes.get(key);
    if (lane && lane.held === 0 && lane.deferred <= 0 && !lane.loading) this.#lanes.delete(key);
  }
}
