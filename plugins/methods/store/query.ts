import { GatewayError } from "openclaw/plugin-sdk";
import type { IndexValue, Query } from "openclaw/plugin-sdk";

/** The part of a statement after the table's name, with the values to bind to it. */
export interface Clause {
  readonly sql: string;
  readonly values: readonly IndexValue[];
}

/** Which records. `column` is the quoted name of what `query.by` stands for; nothing in the text comes from outside. */
export function whereOf({ equals, from, to }: Query, column: string): Clause {
  const conditions: string[] = [];
  const values: IndexValue[] = [];
  const compare = (operator: string, value: IndexValue) => {
    conditions.push(`${column} ${operator} ?`);
    values.push(checked(value));
  };
  if (equals === null) conditions.push(`${column} IS NULL`);
  else if (equals !== undefined) compare("=", equals);
  if (from !== undefined && from !== null) compare(">=", from);
  if (to !== undefined && to !== null) compare("<=", to);
  return { sql: conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "", values };
}

/** In which order and how many. Equal values come in order of id, so that the order is one and the same each time. */
export function orderOf({ descending = false, limit }: Query, column: string): Clause {
  const direction = descending ? "DESC" : "ASC";
  const sql = ` ORDER BY ${column} ${direction}, id ${direction}`;
  if (limit === undefined) return { sql, values: [] };
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new GatewayError("INVALID_REQUEST", `limit ${limit} is not a count; use a whole number from 0`);
  }
  return { sql: `${sql} LIMIT ?`, values: [limit] };
}

function checked(value: IndexValue): IndexValue {
  if (isIndexValue(value)) return value;
  throw new GatewayError("INVALID_REQUEST", `${String(value)} cannot be looked up; use text, a number or null`);
}

export function isIndexValue(value: unknown): value is IndexValue {
  return value === null || typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}
