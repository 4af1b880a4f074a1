import { defineService } from "../service.ts";

/** Values of a record's indexed fields: text, integers or nothing. */
export type IndexValue = string | number | null;

/** One write, made by a collection and handed to {@link StoreApi.commit}. */
export interface Change {
  readonly collection: string;
  readonly kind: "put" | "insert" | "remove";
  readonly id: string;
  readonly value?: unknown;
}

export interface Query {
  /** Indexed field to select and order by; without it, records come in order of id. */
  readonly by?: string;
  readonly equals?: IndexValue;
  /** Bounds, both included. A record whose field is null is outside of any. */
  readonly from?: IndexValue;
  readonly to?: IndexValue;
  readonly descending?: boolean;
  readonly limit?: number;
}

/** Records of one kind, keyed by text id. Values are JSON. */
export interface Collection<T> {
  get(id: string): Promise<T | undefined>;
  list(query?: Query): Promise<T[]>;
  /** How many records match, whatever the limit. */
  count(query?: Query): Promise<number>;
  /** Write or replace. */
  put(id: string, value: T): Change;
  /** Write, unless the id is taken: then the whole commit is refused with `details.code` `CONFLICT`. */
  insert(id: string, value: T): Change;
  remove(id: string): Change;
}

export interface CollectionOptions<T> {
  /** Fields to select and order by, each computed from the value. Adding one later rebuilds it. */
  readonly indexes?: Readonly<Record<string, (value: T) => IndexValue>>;
}

/**
 * The gateway's durable records. Commits made in one turn of the event loop share one transaction;
 * each is applied whole or refused whole. Contract and durability: architecture.md, State.
 */
export interface StoreApi {
  /** Ask for it before each use, which costs nothing: a collection ends with the generation that made it. */
  collection<T>(name: string, options?: CollectionOptions<T>): Collection<T>;
  /** Resolves when the changes are durable. */
  commit(changes: readonly Change[]): Promise<void>;
}

export const Store = defineService<StoreApi>("store");
