import type { ChannelLimits, OutboxEntry } from "openclaw/plugin-sdk";
import { Buckets } from "./buckets.ts";
import { laneOf } from "./entries.ts";

/**
 * How long an entry has to wait so that nobody is asked too often: one bucket per account and per target, and what the
 * network itself asked for. Shared by all senders (reliability.md R-42). Monotonic time.
 */
export class Pace {
  readonly #buckets = new Buckets();
  readonly #blocked = new Map<string, number>();

  /** Milliseconds until it may go; 0 means now, and then it counts as gone. */
  wait(entry: OutboxEntry, rate: ChannelLimits["rate"]): number {
    const now = performance.now();
    const { channel, accountId } = entry.address;
    const account = `${channel}/${accountId}`;
    const blocked = (this.#blocked.get(account) ?? 0) - now;
    if (blocked > 0) return blocked;
    this.#blocked.delete(account);
    const rows = [
      rate?.account && ([account, rate.account] as const),
      rate?.target && ([laneOf(entry), rate.target] as const),
    ].filter((row) => row !== undefined);
    const waits = rows.map(([key, one]) => this.#buckets.waitFor(key, one, now));
    const longest = Math.max(0, ...waits);
    if (longest > 0) return longest;
    for (const [key] of rows) this.#buckets.take(key);
    return 0;
  }

  /** The network asked that nothing of this account comes before. */
  block({ address: { channel, accountId } }: OutboxEntry, ms: number): void {
    const account = `${channel}/${accountId}`;
    this.#blocked.set(account, Math.max(this.#blocked.get(account) ?? 0, performance.now() + ms));
  }
}
