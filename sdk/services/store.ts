import { SyncHook } from "tapable";
import { defineService } from "../service.ts";

/** Values of a record's indexed fields: text, integers or nothing. */
export type IndexValue = string | number | null;

/** Any collection, whatever its values are: what an engine has to know of it. */
export interface AnyCollection {
  /** Up to 64 of a-z 0-9 _ . - starting with a letter. */
  readonly name: string;
  /** `never`, because functions of any values fit here; whoever calls one has to know that the value is of its kind. */
  readonly indexes: Readonly<Record<string, (value: never) => IndexValue>>;
}

/**
 * Records of one kind, keyed by text id. Values are JSON. A plain description that makes changes and holds nothing:
 * reads and commits go through the store. One `T`, neither wider nor narrower, because values go in and come out.
 */
export interface Collection<in out T> extends AnyCollection {
  readonly indexes: Readonly<Record<string, (value: T) => IndexValue>>;
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

/** One write, made by a collection and handed to {@link StoreApi.commit}. */
export interface Change {
  readonly collection: AnyCollection;
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

/** Describes a collection: a constant of a module. The store opens it when it first meets it, under its name. */
export function defineCollection<T>(name: string, { indexes = {} }: CollectionOptions<T> = {}): Collection<T> {
  const collection: Collection<T> = Object.freeze({
    name,
    indexes: Object.freeze({ ...indexes }),
    put: (id: string, value: T): Change => ({ collection, kind: "put", id, value }),
    insert: (id: string, value: T): Change => ({ collection, kind: "insert", id, value }),
    remove: (id: string): Change => ({ collection, kind: "remove", id }),
  });
  return collection;
}

export interface CommitOptions {
  /**
   * These changes take new work in. Refused with `UNAVAILABLE`, retryable, `details.code` `INTAKE_CLOSED`, while the
   * store has too little room left; an insert whose id is taken is a `CONFLICT` then as ever, so a repeat gets its answer.
   * All other commits go on, so that what was taken in can come to its end.
   */
  readonly intake?: boolean;
}

/** Whether new work is taken in, and why not. */
export interface StoreIntake {
  readonly isOpen: boolean;
  readonly reason?: string;
}

/** How the store is. */
export interface StoreHealth {
  readonly intake: StoreIntake;
  /** Room left where the records are; undefined where nobody can tell. */
  readonly freeBytes: number | undefined;
  /** What a person should look at: little room, a refused file, records that were lost. */
  readonly issues: readonly string[];
}

/**
 * The gateway's durable records. Commits made in one turn of the event loop share one transaction;
 * each is applied whole or refused whole. Contract and durability: architecture.md, State.
 */
export interface StoreApi {
  get<T>(collection: Collection<T>, id: string): Promise<T | undefined>;
  list<T>(collection: Collection<T>, query?: Query): Promise<T[]>;
  /** How many records match, whatever the limit. */
  count(collection: AnyCollection, query?: Query): Promise<number>;
  /** The same object as long as no commit has touched the collection: what was worked out from it still holds. */
  revision(collection: AnyCollection): Promise<object>;
  /** Resolves when the changes are durable. */
  commit(changes: readonly Change[], options?: CommitOptions): Promise<void>;
  health(): Promise<StoreHealth>;
}

export const Store = defineService<StoreApi, ReturnType<typeof createHooks>>("store", createHooks);

function createHooks() {
  return {
    /** New work is refused from now on, or taken in again. */
    intake: new SyncHook<[StoreIntake]>(["intake"], "store.intake"),
  };
}
