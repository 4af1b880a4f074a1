import type { DatabaseSync } from "node:sqlite";
import { GatewayError } from "openclaw/plugin-sdk";
import type { Change, Collection, CollectionOptions, Logger, StoreApi } from "openclaw/plugin-sdk";
import { createCollection } from "./collection.ts";
import { CommitQueue } from "./commit-queue.ts";
import { openDatabase } from "./database.ts";
import { failure } from "./failure.ts";
import { Table } from "./table.ts";
import type { Indexes } from "./table.ts";

/** What a commit survives: the end of the process, or the loss of power too. */
export type Durability = "process" | "full";

export interface SqliteStoreOptions {
  readonly file: string;
  readonly durability: Durability;
  readonly log: Logger;
}

/** `PRAGMA synchronous`: in WAL mode, NORMAL (1) syncs at checkpoints only, FULL (2) at each commit. */
const SYNCHRONOUS = { process: 1, full: 2 } as const;

/** One object, so that asking again without options is asking for the same. */
const NO_OPTIONS = {};

interface OpenCollection {
  readonly table: Table;
  readonly facade: Collection<unknown>;
  options: object | undefined;
}

/** The store in one SQLite file. Reads see what has been committed; a commit is seen once its promise has resolved. */
export class SqliteStore implements StoreApi {
  readonly #file: string;
  readonly #log: Logger;
  readonly #database: DatabaseSync;
  readonly #refusal: string | undefined;
  readonly #commits: CommitQueue;
  readonly #collections = new Map<string, OpenCollection>();
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

  collection<T>(name: string, options: CollectionOptions<T> = NO_OPTIONS): Collection<T> {
    this.#assertOpen();
    const known = this.#collections.get(name);
    // The collection is asked for before each use, mostly with the same object.
    if (!known || known.options !== options) this.#define(name, options, known);
    // A collection holds what its users say it holds.
    return this.#collections.get(name)?.facade as Collection<T>;
  }

  async commit(changes: readonly Change[]): Promise<void> {
    this.#assertOpen();
    if (this.#refusal !== undefined) throw new GatewayError("UNAVAILABLE", this.#refusal);
    // All of this runs before the first wait, so that a later change of a value has no effect.
    await this.#commits.add(changes.map((change) => this.#table(change.collection).write(change)));
  }

  /** Carries out what waits, then lets go of the file. Twice is harmless. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#commits.flush();
    this.#database.close();
  }

  #define(name: string, options: CollectionOptions<never>, known: OpenCollection | undefined): void {
    // What an index function gets is what its owner put into the collection.
    const indexes = (options.indexes ?? {}) as Indexes;
    const table = known?.table ?? new Table(name, this.#database, this.#log);
    if ((!known || table.lacks(indexes)) && this.#refusal === undefined) {
      // Commits that wait were prepared for the table as it is.
      this.#commits.flush();
      this.#inTransaction(() => table.define(indexes));
    }
    table.compute(indexes);
    if (known) known.options = options;
    else this.#collections.set(name, { table, facade: this.#facade(table), options });
  }

  #facade(table: Table): Collection<unknown> {
    return createCollection({
      table,
      read: (work) => this.#read(work),
      skipped: (error) => this.#log.error(`left out of a list: ${error.message}`, { err: error.cause }),
    });
  }

  #table(name: string): Table {
    const known = this.#collections.get(name);
    if (known) return known.table;
    throw new GatewayError("UNAVAILABLE", `collection "${name}" is not open; ask the store for it before each use`);
  }

  #read<T>(work: () => T): T {
    this.#assertOpen();
    try {
      return work();
    } catch (cause) {
      const error = failure("read", this.#file, cause);
      // A newer version may have laid out its tables in another way.
      throw this.#refusal === undefined ? error : new GatewayError("UNAVAILABLE", this.#refusal, { cause: error });
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

  #assertOpen(): void {
    if (this.#database.isOpen) return;
    throw new GatewayError("UNAVAILABLE", "the store has been closed; ask for the collection again before each use", {
      retryable: true,
    });
  }

  /** One line when writing stops to work and one when it works again: a full disk must not fill the log. */
  #noteHealth(error: GatewayError | undefined): void {
    if (error && !this.#failing) this.#log.error(error.message, { err: error.cause });
    if (!error && this.#failing) this.#log.info(`${this.#file} can be written again`);
    this.#failing = error !== undefined;
  }
}
