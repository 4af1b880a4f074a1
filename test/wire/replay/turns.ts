import type { Recorded } from "./capture.ts";

/** One thing that happened on one connection: its opening, a frame, its close. */
interface Entry {
  readonly connection: Recorded;
  readonly moment: Recorded["moments"][number];
}

/** Lets several connections take their steps in the order in which they were recorded. */
export class Turns {
  readonly #order: readonly Entry[];
  readonly #done = new Set<Entry>();
  readonly #waiting = new Map<Entry, () => void>();
  #next = 0;

  constructor(connections: readonly Recorded[]) {
    this.#order = connections
      .flatMap(entries)
      .toSorted((a, b) => a.at - b.at || a.rank - b.rank || a.entry.moment.line - b.entry.moment.line)
      .map(({ entry }) => entry);
  }

  /** Resolves when it is the turn of this connection's `index`th moment; the one before it is over. */
  take(connection: Recorded, index: number): Promise<void> {
    const own = this.#order.filter((entry) => entry.connection === connection);
    for (const past of own.slice(0, index)) this.#done.add(past);
    const entry = own[index] as Entry;
    return new Promise((resolve) => {
      this.#waiting.set(entry, resolve);
      this.#advance();
    });
  }

  /** The connection has had its last turn. */
  leave(connection: Recorded): void {
    for (const entry of this.#order) if (entry.connection === connection) this.#done.add(entry);
    this.#advance();
  }

  #advance(): void {
    while (this.#next < this.#order.length && this.#done.has(this.#order[this.#next] as Entry)) this.#next++;
    const turn = this.#order[this.#next];
    if (turn) this.#waiting.get(turn)?.();
  }
}

interface Placed {
  readonly at: number;
  readonly rank: number;
  readonly entry: Entry;
}

/** Of one millisecond: a login first, then what clients said, then what they heard of it. Each in its own order. */
function entries(connection: Recorded): Placed[] {
  let rank = 0;
  return connection.moments.map((moment, index) => {
    const step = connection.steps[index - 1];
    if (connection.moments[index - 1]?.at !== moment.at) rank = 0;
    const isLogin = index === 0 || step?.received?.payload?.["type"] === "hello-ok";
    rank = Math.max(rank, isLogin ? 0 : step?.received ? 2 : 1);
    return { at: moment.at, rank, entry: { connection, moment } };
  });
}
