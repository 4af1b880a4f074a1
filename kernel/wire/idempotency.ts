import { createHash } from "node:crypto";
import { GatewayError, IDEMPOTENCY_ENTRIES, IDEMPOTENCY_TTL_MS } from "openclaw/plugin-sdk";

const SWEEP_MS = 60_000;

export type Outcome =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: unknown };

/** What became of one key. */
export class IdempotencyRecord {
  readonly fingerprint: string;
  endedAt: number = Infinity;
  /** First answer of a two-phase method. */
  accepted: unknown;
  outcome: Outcome | undefined;
  readonly done: Promise<Outcome>;
  readonly #resolve: (outcome: Outcome) => void;

  constructor(fingerprint: string) {
    this.fingerprint = fingerprint;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.done = promise;
    this.#resolve = resolve;
  }

  finish(outcome: Outcome): void {
    this.outcome = outcome;
    this.endedAt = performance.now();
    this.#resolve(outcome);
  }
}

/** Answers by key, for the whole gateway (protocol.md §8). Refused requests are not remembered. */
export class Idempotency {
  readonly #records = new Map<string, IdempotencyRecord>();
  readonly #sweeper: NodeJS.Timeout = setInterval(() => this.#sweep(), SWEEP_MS).unref();

  /** The record of `key`; `first` when this call is to do the work. */
  begin(key: string, params: string): { readonly first: boolean; readonly record: IdempotencyRecord } | "mismatch" {
    const fingerprint = createHash("sha256").update(params).digest("base64");
    const known = this.#records.get(key);
    if (known && !expired(known) && !refused(known)) {
      return known.fingerprint === fingerprint ? { first: false, record: known } : "mismatch";
    }
    const record = new IdempotencyRecord(fingerprint);
    this.#records.delete(key);
    this.#records.set(key, record);
    return { first: true, record };
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  #sweep(): void {
    for (const [key, record] of this.#records) {
      if (expired(record) || refused(record) || this.#records.size > IDEMPOTENCY_ENTRIES) {
        if (record.outcome) this.#records.delete(key);
      }
    }
  }
}

function expired(record: IdempotencyRecord): boolean {
  return performance.now() - record.endedAt > IDEMPOTENCY_TTL_MS;
}

function refused({ outcome }: IdempotencyRecord): boolean {
  return outcome?.ok === false && outcome.error instanceof GatewayError && outcome.error.code === "INVALID_REQUEST";
}
