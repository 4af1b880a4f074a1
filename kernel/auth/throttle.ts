import { canonicalAddress } from "openclaw/plugin-sdk";

const WINDOW_MS = 60_000;
const FREE_FAILURES = 10;
const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 60_000;
const MAX_ENTRIES = 10_000;

interface Bucket {
  failures: number[];
  blockedUntil: number;
  /** The last wait; 0 as long as there was none. */
  delayMs: number;
}

/** Counts failed logins per address and kind of credential, and says how long to stay away (security.md S-07). */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Milliseconds until the next attempt is looked at; 0 = now. */
  waitMs(address: string, kind: string): number {
    const bucket = this.#buckets.get(key(address, kind));
    return bucket ? Math.max(0, Math.ceil(bucket.blockedUntil - this.#now())) : 0;
  }

  failed(address: string, kind: string): void {
    const id = key(address, kind);
    const now = this.#now();
    const known = this.#buckets.get(id);
    // Who waited and stayed away for as long again begins anew; who goes on waits longer each time.
    const isOver = known && known.delayMs > 0 && now - known.blockedUntil > WINDOW_MS;
    const bucket = known && !isOver ? known : { failures: [], blockedUntil: 0, delayMs: 0 };
    bucket.failures = [...bucket.failures.filter((at) => now - at < WINDOW_MS), now].slice(-FREE_FAILURES);
    if (bucket.delayMs > 0 || bucket.failures.length >= FREE_FAILURES) {
      bucket.delayMs = bucket.delayMs === 0 ? FIRST_DELAY_MS : Math.min(bucket.delayMs * 2, LAST_DELAY_MS);
      bucket.blockedUntil = now + bucket.delayMs;
    }
    this.#buckets.delete(id);
    this.#buckets.set(id, bucket);
    if (this.#buckets.size > MAX_ENTRIES) this.#buckets.delete(this.#buckets.keys().next().value as string);
  }

  succeeded(address: string, kind: string): void {
    this.#buckets.delete(key(address, kind));
  }
}

function key(address: string, kind: string): string {
  return `${kind} ${canonicalAddress(address)}`;
}
