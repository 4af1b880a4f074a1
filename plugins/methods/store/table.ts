import type { DatabaseSync, StatementSync } from "node:sqlite";
import { GatewayError } from "openclaw/plugin-sdk";
import type { AnyCollection, Change, IndexValue, Logger, Query } from "openclaw/plugin-sdk";
import { isIdTaken } from "./failure.ts";
import { assertCollectionName, columnOf, layOut } from "./layout.ts";
import type { Row } from "./layout.ts";
import { isIndexValue, orderOf, whereOf } from "./query.ts";

/** A change as it is written: the value as text, and one value per indexed field. */
export interface Write {
  readonly table: Table;
  readonly kind: Change["kind"];
  readonly id: string;
  readonly text: string;
  readonly columns: readonly IndexValue[];
}

type Indexes = AnyCollection["indexes"];
type Index = Indexes[string];

/** One collection in the file: reads and writes of single records, each by a statement that is compiled once. */
export class Table {
  readonly name: string;
  /** Another object after each write. */
  revision: object = {};
  readonly #database: DatabaseSync;
  readonly #log: Logger;
  readonly #indexes = new Map<string, Index>();
  /** Their number is bounded by the kinds of queries and of changes in the code. */
  readonly #statements = new Map<string, StatementSync>();

  constructor(name: string, database: DatabaseSync, log: Logger) {
    assertCollectionName(name);
    this.name = name;
    this.#database = database;
    this.#log = log;
  }

  /** Whether the file would have to be changed for these fields. */
  lacks(indexes: Indexes): boolean {
    return Object.keys(indexes).some((field) => !this.#indexes.has(field));
  }

  /** Changes the file so that it has the fields known so far and these. Needs a transaction. */
  define(indexes: Indexes): void {
    const fields = new Set([...this.#indexes.keys(), ...Object.keys(indexes)]);
    layOut(this.#database, this.name, fields, (field, row) => this.#indexedOrNull(field, indexes[field], row));
  }

  /** Computes these fields by these functions from now on. */
  compute(indexes: Indexes): void {
    for (const [field, index] of Object.entries(indexes)) this.#indexes.set(field, index);
  }

  /** The change as it will be written. The value is taken now: what its owner does to it later does not count. */
  write({ kind, id, value }: Change): Write {
    if (typeof id !== "string" || id === "" || !id.isWellFormed()) {
      throw new GatewayError("INVALID_REQUEST", `a record of collection "${this.name}" needs a text id`);
    }
    if (kind === "remove") return { table: this, kind, id, text: "", columns: [] };
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) {
      throw new GatewayError("INVALID_REQUEST", `record "${id}" of collection "${this.name}" has no JSON value`);
    }
    const columns = [...this.#indexes].map(([field, index]) => this.#indexed(field, index, value));
    return { table: this, kind, id, text, columns };
  }

  /** Carries out the write. Throws `CONFLICT` for an insert whose id is taken. */
  apply({ kind, id, text, columns }: Write): void {
    this.revision = {};
    if (kind === "remove") {
      this.#statement(`DELETE FROM "${this.name}" WHERE id = ?`).run(id);
      return;
    }
    const fields = [...this.#indexes.keys()].map(columnOf);
    if (kind === "put" && this.#replace(fields, id, text, columns)) return;
    const places = fields.map(() => ", ?").join("");
    const sql = `INSERT INTO "${this.name}" (${["id", "value", ...fields].join(", ")}) VALUES (?, ?${places})`;
    try {
      this.#statement(sql).run(id, text, ...columns);
    } catch (error) {
      throw isIdTaken(error) ? this.#conflict(id, error) : error;
    }
  }

  /**
   * Writes anew what is there, or says that nothing is. Only indexes whose value is another one are touched: each that a
   * statement names is rewritten, whatever it had.
   */
  #replace(fields: readonly string[], id: string, text: string, columns: readonly IndexValue[]): boolean {
    const { name } = this;
    const known = this.#statement(`SELECT ${["id", ...fields].join(", ")} FROM "${name}" WHERE id = ?`, true).get(id);
    if (!known) return false;
    // With arrays asked for: the id, then the columns in this order.
    const before = known as unknown as readonly IndexValue[];
    const isChanged = (index: number) => !Object.is(before[index + 1], columns[index]);
    const set = ["value", ...fields.filter((_field, index) => isChanged(index))].map((one) => `${one} = ?`).join(", ");
    const values = columns.filter((_value, index) => isChanged(index));
    this.#statement(`UPDATE "${name}" SET ${set} WHERE id = ?`).run(text, ...values, id);
    return true;
  }

  /** Throws `CONFLICT` for an id that is taken. */
  assertFree(id: string): void {
    if (this.get(id)) throw this.#conflict(id);
  }

  get(id: string): Row | undefined {
    return this.#statement(`SELECT id, value FROM "${this.name}" WHERE id = ?`).get(id) as Row | undefined;
  }

  list(query: Query): Row[] {
    const by = this.#columnOf(query);
    const where = whereOf(query, by);
    const order = orderOf(query, by);
    const statement = this.#statement(`SELECT id, value FROM "${this.name}"${where.sql}${order.sql}`);
    // The columns are what the statement names.
    return statement.all(...where.values, ...order.values) as unknown as Row[];
  }

  count(query: Query): number {
    const where = whereOf(query, this.#columnOf(query));
    const row = this.#statement(`SELECT count(*) AS count FROM "${this.name}"${where.sql}`).get(...where.values);
    return (row as { count: number }).count;
  }

  #conflict(id: string, cause?: unknown): GatewayError {
    return new GatewayError("INVALID_REQUEST", `collection "${this.name}" has a record "${id}" already`, {
      details: { code: "CONFLICT", collection: this.name, id },
      ...(cause !== undefined && { cause }),
    });
  }

  #columnOf({ by }: Query): string {
    if (by === undefined) return "id";
    if (this.#indexes.has(by)) return columnOf(by);
    throw new GatewayError(
      "INVALID_REQUEST",
      `collection "${this.name}" has no index "${by}"; declare it where the collection is defined`,
    );
  }

  #statement(sql: string, asArrays = false): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      this.#statements.set(sql, (statement = this.#database.prepare(sql)));
      if (asArrays) statement.setReturnArrays(true);
    }
    return statement;
  }

  /** One record that cannot be indexed must not keep its collection from being opened. */
  #indexedOrNull(field: string, index: Index | undefined, { id, value }: Row): IndexValue {
    try {
      return index ? this.#indexed(field, index, JSON.parse(value)) : null;
    } catch (error) {
      this.#log.error(`record "${id}" of collection "${this.name}" is not in index "${field}"`, { err: error });
      return null;
    }
  }

  #indexed(field: string, index: Index, value: unknown): IndexValue {
    // What an index function gets is what the users of its collection put in.
    const result: unknown = index(value as never);
    if (isIndexValue(result)) return result;
    throw new GatewayError(
      "INVALID_REQUEST",
      `index "${field}" of collection "${this.name}" gave ${typeof result}; give text, a number or null`,
    );
  }
}
