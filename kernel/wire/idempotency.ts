import { createHash } from "node:crypto";
import { GatewayError, IDEMPOTENCY_ENTRIES, IDEMPOTENCY_TTL_MS } from "openclaw/plugin-sdk";

const SWEEP_MS = 60_000;
/** Between two sweeps: memory must not depend on how fast somebody makes up keys. */
const MAX_ENTRIES = 10 * IDEMPOTENCY_ENTRIES;
/** Of all answers kept (reliability.md §9). */
const MAX_BYTES = 33_554_432;

export type Outcome =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: unknown };

/** What became of one key. */
export class IdempotencyRecord {
  readonly fingerprint: string;
  endedAt: number = Infinity;
  /** What the answer takes. */
  bytes = 0;
  outcome: Outcome | undefined;
  readonly #first = Promise.withResolvers<Outcome>();

  constructor(fingerprint: string) {
    this.fingerprint = fingerprint;
  }

  /** What a repeated request gets: the end, else the first answer as soon as there is one. */
  get answer(): Promise<Outcome> | Outcome {
    return this.outcome ?? this.#first.promise;
  }

  /** The first answer of a two-phase method. */
  accept(payload: unknown): void {
    this.#first.resolve({ ok: true, payload });
  }

  finish(outcome: Outcome, now: number): void {
    this.outcome = outcome;
    this.endedAt = now;
    this.#first.resolve(outcome);
  }
}

/** Answers by key, for the whole gateway (protocol.md §8). Refused requests are not remembered. */
export class Idempotency {
  readonly #records = new Map<string, IdempotencyRecord>();
  readonly #sweeper: NodeJS.Timeout = setInterval(() => this.sweep(), SWEEP_MS).unref();
  readonly #now: () => number;
  #bytes = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#records.size;
  }

  /** The record of `key`; `first` when this call is to do the work. */
  begin(key: string, params: object): { readonly first: boolean; readonly record: IdempotencyRecord } | "mismatch" {
    const fingerprint = createHash("sha256").update(canonical(params)).digest("base64");
    const known = this.#records.get(key);
    if (known && !this.#expired(known) && !refused(known)) {
      return known.fingerprint === fingerprint ? { first: false, record: known } : "mismatch";
    }
    const record = new IdempotencyRecord(fingerprint);
    if (known) this.#forget(key, known);
    this.#records.set(key, record);
    if (this.#records.size > MAX_ENTRIES) this.sweep();
    return { first: true, record };
  }

  finish(record: IdempotencyRecord, outcome: Outcome): void {
    record.finish(outcome, this.#now());
    record.bytes = sizeOf(outcome);
    this.#bytes += record.bytes;
    for (const [key, old] of this.#records) {
      if (this.#bytes <= MAX_BYTES) break;
      if (old.outcome && old !== record) this.#forget(key, old);
    }
  }

  /** Forget what is too old, then the oldest beyond the limit. What has not ended stays. */
  sweep(): void {
    for (const [key, record] of this.#records) {
      const over = this.#records.size > IDEMPOTENCY_ENTRIES;
      if (record.outcome && (over || this.#expired(record) || refused(record))) this.#forget(key, record);
    }
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  #forget(key: string, record: IdempotencyRecord): void {
    this.#records.delete(key);
    this.#bytes -= record.bytes;
  }

  #expired(record: IdempotencyRecord): boolean {
    return this.#now() - record.endedAt > IDEMPOTENCY_TTL_MS;
  }
}

function sizeOf(outcome: Outcome): number {
  try {
    return JSON.stringify(outcome.ok ? outcome.payload : outcome.error)?.length ?? 0;
  } catch {
    // Not JSON: the caller is told so, and nothing of it goes out.
    return 0;
  }
}

function refused({ outcome }: IdempotencyRecord): boolean {
  return outcome?.ok === false && outcome.error instanceof GatewayError && outcome.error.code === "INVALID_REQUEST";
}

/** As JSON with sorted keys: the same parameters in another order are the same parameters. */
function canonical(params: object): string {
  return JSON.stringify(params, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
