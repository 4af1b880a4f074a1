import { GatewayError } from "openclaw/plugin-sdk";
import type { Change, Collection, Query } from "openclaw/plugin-sdk";
import type { Row } from "./layout.ts";
import type { Table } from "./table.ts";

export interface CollectionParts {
  readonly table: Table;
  /** Runs what reads the file, and gives its errors a name. */
  readonly read: <R>(work: () => R) => R;
  /** A record was left out of a list. */
  readonly skipped: (error: GatewayError) => void;
}

/** What users of the store get for one table: values instead of rows, promises instead of synchronous calls. */
export function createCollection({ table, read, skipped }: CollectionParts): Collection<unknown> {
  const { name } = table;
  const change = (kind: Change["kind"], id: string, value?: unknown): Change => ({ collection: name, kind, id, value });

  /** One broken record must not hide all others. */
  function valueOrNothing(row: Row): unknown[] {
    try {
      return [valueOf(name, row)];
    } catch (error) {
      skipped(error as GatewayError); // valueOf throws nothing else
      return [];
    }
  }

  return Object.freeze({
    async get(id: string) {
      const row = read(() => table.get(id));
      return row && valueOf(name, row);
    },
    async list(query: Query = {}) {
      return read(() => table.list(query)).flatMap(valueOrNothing);
    },
    async count(query: Query = {}) {
      return read(() => table.count(query));
    },
    put: (id: string, value: unknown) => change("put", id, value),
    insert: (id: string, value: unknown) => change("insert", id, value),
    remove: (id: string) => change("remove", id),
  });
}

function valueOf(collection: string, { id, value }: Row): unknown {
  try {
    return JSON.parse(value);
  } catch (cause) {
    const message = `record "${id}" of collection "${collection}" cannot be read; remove it or write it anew`;
    throw new GatewayError("UNAVAILABLE", message, { details: { code: "RECORD_UNREADABLE", collection, id }, cause });
  }
}
