import type { DatabaseSync } from "node:sqlite";
import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type {
  AnyCollection,
  Change,
  Collection,
  CommitOptions,
  Logger,
  Query,
  StoreApi,
  StoreHealth,
} from "openclaw/plugin-sdk";
import { CommitQueue } from "./commit-queue.ts";
import { beginLog, openDatabase, replaceDatabase } from "./database.ts";
import type { OpenedDatabase } from "./database.ts";
import type { DiskSpace } from "./disk-space.ts";
import { failure, isDamage, isFull } from "./failure.ts";
import type { Row } from "./layout.ts";
import { compact } from "./compact.ts";
import { Table } from "./table.ts";

/** What a commit survives: the end of the process, or the loss of power too. */
export type Durability = "process" | "full";

export interface SqliteStoreOptions {
  readonly file: string;
  readonly durability: Durability;
  readonly log: Logger;
  readonly space: DiskSpace;
}

/** Room is looked at this often. */
const INTAKE_RETRY_MS = 10_000;
/** `PRAGMA synchronous`: in WAL mode, NORMAL (1) syncs at checkpoints only, FULL (2) at each commit. */
const SYNCHRONOUS = { process: 1, full: 2 } as const;

/** The store in one SQLite file. Reads see what has been committed; a commit is seen once its promise has resolved. */
export class SqliteStore implements StoreApi {
  readonly #file: string;
  readonly #log: Logger;
  readonly #space: DiskSpace;
  readonly #commits: CommitQueue;
  #opened: OpenedDatabase;
  #tables = new Map<string, Table>();
  /** By description. Weak, because a plugin that is loaded anew brings new ones. */
  #described = new WeakMap<AnyCollection, Table>();
  /** What damaged files have cost since the start. */
  readonly #losses: string[] = [];
  #failing = false;

  constructor({ file, durability, log, space }: SqliteStoreOptions) {
    this.#file = file;
    this.#log = log;
    this.#space = space;
    this.#opened = this.#noted(openDatabase({ file, log }));
    this.#commits = new CommitQueue({
      database: () => this.#database,
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

  async commit(changes: readonly Change[], { intake = false }: CommitOptions = {}): Promise<void> {
    if (this.#refusal !== undefined) throw new GatewayError("UNAVAILABLE", this.#refusal);
    if (intake && !this.#space.intake.isOpen) this.#refuse(changes);
    // First all tables, then the writes: opening a collection can add fields to the table of another change.
    const opened = changes.map((change) => ({ change, table: this.#tableOf(change.collection) }));
    // All of this runs before the first wait, so that a later change of a value has no effect.
    await this.#commits.add(opened.map(({ change, table }) => table.write(change)));
  }

  async health(): Promise<StoreHealth> {
    const issues = [this.#refusal, ...this.#losses, this.#space.issue].filter((issue) => issue !== undefined);
    const intake =
      this.#refusal === undefined ? this.#space.intake : ({ isOpen: false, reason: this.#refusal } as const);
    return { intake, freeBytes: this.#space.freeBytes, issues };
  }

  /** Makes the first commit as fast as those that follow. What cannot be written now tells the next who writes. */
  prepareToWrite(): void {
    if (this.#refusal !== undefined || !this.#database.isOpen || this.#database.isTransaction) return;
    try {
      beginLog(this.#database, this.#file);
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      this.#log.debug(`${this.#file} is not prepared to be written: ${errorText(error)}`);
    }
  }

  /** Gives room that nothing uses any more back to the disk. Everything else waits meanwhile. Returns the bytes won. */
  compact(): number {
    if (this.#refusal !== undefined) throw new GatewayError("UNAVAILABLE", this.#refusal);
    this.#commits.flush();
    try {
      return compact(this.#database, this.#file);
    } catch (cause) {
      throw failure("write", this.#file, cause);
    }
  }

  /** Carries out what waits, then lets go of the file. Twice is harmless. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#commits.flush();
    this.#database.close();
  }

  get #database(): DatabaseSync {
    return this.#opened.database;
  }

  get #refusal(): string | undefined {
    return this.#opened.refusal;
  }

  #noted(opened: OpenedDatabase): OpenedDatabase {
    if (opened.loss !== undefined) this.#losses.push(opened.loss);
    return opened;
  }

  /** What was taken in before is told so; everything else has to wait for room. */
  #refuse(changes: readonly Change[]): never {
    for (const change of changes) if (change.kind === "insert") this.#tableOf(change.collection).assertFree(change.id);
    throw new GatewayError("UNAVAILABLE", this.#space.intake.reason ?? "no new messages are taken in", {
      details: { code: "INTAKE_CLOSED" },
      retryable: true,
      retryAfterMs: INTAKE_RETRY_MS,
    });
  }

  /** The file is damaged: a new one takes its place, with all that could be read. What waits is refused. */
  #replace(cause: unknown): void {
    const { durability } = this;
    this.#database.close();
    this.#opened = this.#noted(replaceDatabase({ file: this.#file, log: this.#log }, (cause as Error).message));
    this.#tables = new Map();
    this.#described = new WeakMap();
    this.durability = durability;
  }

  #tableOf(collection: AnyCollection): Table {
    return this.#described.get(collection) ?? this.#open(collection);
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
    this.#described.set(collection, table);
    return table;
  }

  #read<R>(collection: AnyCollection, work: (table: Table) => R): R {
    try {
      return work(this.#tableOf(collection));
    } catch (cause) {
      if (this.#isBroken(cause)) {
        this.#replace(cause);
        return work(this.#tableOf(collection));
      }
      const error = failure("read", this.#file, cause);
      // A newer version may have laid out its tables in another way.
      throw this.#refusal === undefined ? error : new GatewayError("UNAVAILABLE", this.#refusal, { cause: error });
    }
  }

  /** A file that we may write, and that is no more what we wrote. */
  #isBroken(error: unknown): boolean {
    return isDamage(error) && this.#refusal === undefined;
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
    if (isFull(error?.cause)) this.#space.full();
    if (this.#isBroken(error?.cause)) this.#replace(error?.cause);
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
