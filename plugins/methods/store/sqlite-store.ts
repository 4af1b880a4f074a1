import type { DatabaseSync } from "node:sqlite";
import { GatewayError } from "openclaw/plugin-sdk";
import type { AnyCollection, Change, Collection, Logger, Query, StoreApi } from "openclaw/plugin-sdk";
import { CommitQueue } from "./commit-queue.ts";
import { openDatabase } from "./database.ts";
import { failure } from "./failure.ts";
import type { Row } from "./layout.ts";
import { Table } from "./table.ts";

/** What a commit survives: the end of the process, or the loss of power too. */
export type Durability = "process" | "full";

export interface SqliteStoreOptions {
  readonly file: string;
  readonly durability: Durability;
  readonly log: Logger;
}

/** `PRAGMA synchronous`: in WAL mode, NORMAL (1) syncs at checkpoints only, FULL (2) at each commit. */
const SYNCHRONOUS = { process: 1, full: 2 } as const;

/** The store in one SQLite file. Reads see what has been committed; a commit is seen once its promise has resolved. */
export class SqliteStore implements StoreApi {
  readonly #file: string;
  readonly #log: Logger;
  readonly #database: DatabaseSync;
  readonly #refusal: string | undefined;
  readonly #commits: CommitQueue;
  readonly #tables = new Map<string, Table>();
  /** By description. Weak, because a plugin that is loaded anew brings new ones. */
  readonly #opened = new WeakMap<AnyCollection, Table>();
  #failing = false;

  constructor({ file, durability, log }: SqliteStoreOptions) {
    const { database, refusal } = openDatabase(file, log);
    this.#file = file;
    this.#log = log;
    this.#database = database;
    this.#refusal = refusal;
    this.#commits = new CommitQueue({
      database,
      failure: (cause) => failure("write", file, cause),
      ended: (error) => this.#noteHealth(error),
    });
    this.durability = durability;
  }

  /** What the next commits survive. Can be changed at any time. */
  get durability(): Durability {
    const row = this.#database.prepare("PRAGMA synchronous").get() as { synchronous: number };
    return row.synchronous === SYNCHRONOUS.full ? "full" : "process";
  }

  set durability(durability: Durability) {
    this.#database.exec(`PRAGMA synchronous = ${SYNCHRONOUS[durability]}`);
  }

  async get<T>(collection: Collection<T>, id: string): Promise<T | undefined> {
    const row = this.#read(collection, (table) => table.get(id));
    return row && valueOf(collection, row);
  }

  async list<T>(collection: Collection<T>, query: Query = {}): Promise<T[]> {
    return this.#read(collection, (table) => table.list(query)).flatMap((row) => this.#valueOrNothing(collection, row));
  }

  async count(collection: AnyCollection, query: Query = {}): Promise<number> {
    return this.#read(collection, (table) => table.count(query));
  }

  async revision(collection: AnyCollection): Promise<object> {
    return this.#tableOf(collection).revision;
  }

  async commit(changes: readonly Change[]): Promise<void> {
    if (this.#refusal !== undefined) throw new GatewayError("UNAVAILABLE", this.#refusal);
    // First all tables, then the writes: opening a collection can add fields to the table of another change.
    const opened = changes.map((change) => ({ change, table: this.#tableOf(change.collection) }));
    // All of this runs before the first wait, so that a later change of a value has no effect.
    await this.#commits.add(opened.map(({ change, table }) => table.write(change)));
  }

  /** Carries out what waits, then lets go of the file. Twice is harmless. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#commits.flush();
    this.#database.close();
  }

  #tableOf(collection: AnyCollection): Table {
    return this.#opened.get(collection) ?? this.#open(collection);
  }

  /** One table per name, with the fields of all its descriptions; the latest to come says how its own are computed. */
  #open(collection: AnyCollection): Table {
    const { name, indexes } = collection;
    const known = this.#tables.get(name);
    const table = known ?? new Table(name, this.#database, this.#log);
    if ((!known || table.lacks(indexes)) && this.#refusal === undefined) {
      // Commits that wait were prepared for the table as it is.
      this.#commits.flush();
      this.#inTransaction(() => table.define(indexes));
    }
    table.compute(indexes);
    this.#tables.set(name, table);
    this.#opened.set(collection, table);
    return table;
  }

  #read<R>(collection: AnyCollection, work: (table: Table) => R): R {
    const table = this.#tableOf(collection);
    try {
      return work(table);
    } catch (cause) {
      const error = failure("read", this.#file, cause);
      // A newer version may have laid out its tables in another way.
      throw this.#refusal === undefined ? error : new GatewayError("UNAVAILABLE", this.#refusal, { cause: error });
    }
  }

  /** One broken record must not hide all others. */
  #valueOrNothing<T>(collection: Collection<T>, row: Row): T[] {
    try {
      return [valueOf(collection, row)];
    } catch (error) {
      const { message, cause } = error as GatewayError; // valueOf throws nothing else
      this.#log.error(`left out of a list: ${message}`, { err: cause });
      return [];
    }
  }

  #inTransaction(work: () => void): void {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw failure("write", this.#file, error);
    }
  }

  /** One line when writing stops to work and one when it works again: a full disk must not fill the log. */
  #noteHealth(error: GatewayError | undefined): void {
    if (error && !this.#failing) this.#log.error(error.message, { err: error.cause });
    if (!error && this.#failing) this.#log.info(`${this.#file} can be written again`);
    this.#failing = error !== undefined;
  }
}

function valueOf<T>({ name }: Collection<T>, { id, value }: Row): T {
  try {
    // A collection holds what its users say it holds.
    return JSON.parse(value) as T;
  } catch (cause) {
    const message = `record "${id}" of collection "${name}" cannot be read; remove it or write it anew`;
    throw new GatewayError("UNAVAILABLE", message, {
      details: { code: "RECORD_UNREADABLE", collection: name, id },
      cause,
    });
  }
}
