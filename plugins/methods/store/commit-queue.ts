import type { DatabaseSync } from "node:sqlite";
import { faultPoint, GatewayError } from "openclaw/plugin-sdk";
import type { Write } from "./table.ts";

/** One commit that waits for the end of the turn. */
interface Pending {
  readonly writes: readonly Write[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueueOptions {
  /** The one that is open now: a damaged file is replaced while the store runs. */
  readonly database: () => DatabaseSync;
  /** What a caller gets for an error of the database. */
  readonly failure: (cause: unknown) => GatewayError;
  /** Called after each transaction: with the error that ended it, or without one. */
  readonly ended: (error?: GatewayError) => void;
}

const AMONG_OTHERS = ["SAVEPOINT one", "ROLLBACK TO one; RELEASE one", "RELEASE one"] as const;
const ALONE = [undefined, "ROLLBACK; BEGIN IMMEDIATE", undefined] as const;

/**
 * Puts the commits of one event-loop turn into one transaction, so that they share its cost. Each is applied
 * whole or refused whole, and hears of it after the transaction has ended.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  #pending: Pending[] = [];

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  add(writes: readonly Write[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (this.#pending.length === 0) setImmediate(() => this.flush());
    this.#pending.push({ writes, resolve, reject });
    return promise;
  }

  /** Carries out now what waits. Never throws. */
  flush(): void {
    const group = this.#pending;
    this.#pending = [];
    if (group.length > 0) this.#transact(group);
  }

  #transact(group: readonly Pending[]): void {
    const { failure, ended } = this.#options;
    const database = this.#options.database();
    const settle: (() => void)[] = [];
    faultPoint("store.begin");
    try {
      database.exec("BEGIN IMMEDIATE");
    } catch (cause) {
      const error = failure(cause);
      ended(error);
      for (const { reject } of group) reject(error);
      return;
    }
    try {
      for (const one of group) settle.push(this.#applyWhole(one, group.length === 1));
      faultPoint("store.commit");
      database.exec("COMMIT");
      faultPoint("store.committed");
    } catch (cause) {
      this.#rollBack();
      // It may be the doing of one of them, such as a value for which the disk has no room.
      if (group.length > 1) for (const one of group) this.#transact([one]);
      else this.#refuse(group, failure(cause));
      return;
    }
    ended();
    for (const tell of settle) tell();
  }

  /** All writes of one commit or, when it is refused, none. Returns what to tell once the transaction has ended well. */
  #applyWhole({ writes, resolve, reject }: Pending, isAlone: boolean): () => void {
    const database = this.#options.database();
    // Of one alone the transaction is all there is to take back.
    const [begin, back, end] = isAlone ? ALONE : AMONG_OTHERS;
    if (begin !== undefined) database.exec(begin);
    try {
      for (const write of writes) write.table.apply(write);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      database.exec(back);
      return () => reject(error);
    }
    if (end !== undefined) database.exec(end);
    return resolve;
  }

  #refuse(group: readonly Pending[], error: GatewayError): void {
    this.#options.ended(error);
    for (const { reject } of group) reject(error);
  }

  #rollBack(): void {
    const database = this.#options.database();
    try {
      if (database.isTransaction) database.exec("ROLLBACK");
    } catch {
      // The database gives up the transaction by itself when it cannot even roll back.
    }
  }
}
