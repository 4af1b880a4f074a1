import { createHash } from "node:crypto";
import { defineCollection } from "openclaw/plugin-sdk";
import type { Change, StoreApi } from "openclaw/plugin-sdk";
import { isConflict, otherParameters } from "./work.ts";

/** Keys mean something for so long (reliability.md R-11). */
const LIFETIME_MS = 24 * 3_600_000;

interface Used {
  readonly id: string;
  readonly fingerprint: string;
  /** What the first request made. */
  readonly entryId: string;
  readonly createdAt: number;
}

const KEYS = defineCollection<Used>("idempotency", { indexes: { createdAt: ({ createdAt }) => createdAt } });

/**
 * One effect per key, however many ask at once and across restarts: the key and what the request made are written in one
 * commit, and only one commit can take a key. The gateway's own table of answers is the fast path before this.
 */
export class IdempotencyKeys {
  readonly #store: StoreApi;

  constructor(store: StoreApi) {
    this.#store = store;
  }

  /**
   * The id of the entry that belongs to the key: `entryId`, written with `changes`, or that of the first request.
   * Refuses a key that was used with other parameters.
   */
  async once(
    method: string,
    key: string,
    params: object,
    make: () => Promise<{ readonly entryId: string; readonly changes: readonly Change[] }>,
  ): Promise<{ readonly entryId: string; readonly isFirst: boolean }> {
    const id = idOf(method, key);
    const fingerprint = hash(canonical(params));
    const known = await this.#living(id);
    if (known) return { entryId: same(known, fingerprint), isFirst: false };
    const { entryId, changes } = await make();
    try {
      await this.#store.commit([KEYS.insert(id, { id, fingerprint, entryId, createdAt: Date.now() }), ...changes]);
      return { entryId, isFirst: true };
    } catch (error) {
      const first = isConflict(error) ? await this.#living(id) : undefined;
      if (!first) throw error;
      return { entryId: same(first, fingerprint), isFirst: false };
    }
  }

  /** The entry that a key of any method made, for traces. */
  async find(key: string): Promise<string | undefined> {
    for (const method of ["send", "poll"]) {
      const used = await this.#store.get(KEYS, idOf(method, key));
      if (used) return used.entryId;
    }
    return undefined;
  }

  /** Forgets up to `limit` keys that mean nothing any more. Resolves with how many. */
  async prune(limit: number): Promise<number> {
    const to = Date.now() - LIFETIME_MS;
    const old = await this.#store.list(KEYS, { by: "createdAt", to, limit });
    if (old.length === 0) return 0;
    await this.#store.commit(old.map((used) => KEYS.remove(used.id)));
    return old.length;
  }

  /** One that is too old is taken away first, so that the key can be taken again. */
  async #living(id: string): Promise<Used | undefined> {
    const used = await this.#store.get(KEYS, id);
    if (!used || Date.now() - used.createdAt <= LIFETIME_MS) return used;
    await this.#store.commit([KEYS.remove(id)]);
    return undefined;
  }
}

function same(used: Used, fingerprint: string): string {
  if (used.fingerprint !== fingerprint) throw otherParameters();
  return used.entryId;
}

/** Keys come from outside and can be long. */
function idOf(method: string, key: string): string {
  return `${method}:${hash(key)}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** As JSON with sorted keys: the same parameters in another order are the same parameters. */
function canonical(params: object): string {
  return JSON.stringify(params, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
