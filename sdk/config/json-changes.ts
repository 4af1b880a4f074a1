import { isForbiddenKey, Json5TextError, MAX_DEPTH, type Path } from "./json5-scan.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One thing to do to a document: without a value, what is at the path goes away. */
export interface Change {
  readonly path: Path;
  readonly value?: Json;
}

/** A copy that a text can hold, or an error that names the path. As in JSON, `undefined` members are left out. */
export function toJson(value: unknown, path: Path): Json {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string") {
    return value;
  }
  if (typeof value !== "object")
    throw refusal(path, `it is ${value === undefined ? "undefined" : `a ${typeof value}`}`);
  if (path.length >= MAX_DEPTH) throw refusal(path, `it is nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    return Array.from(value, (element: unknown, index) => {
      if (!(index in value)) throw refusal([...path, index], "an array cannot have holes");
      return toJson(element, [...path, index]);
    });
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refusal(path, "it is not a plain object");
  const members: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    if (isForbiddenKey(key)) throw refusal([...path, key], `key "${key}" is not allowed`);
    if (member !== undefined) members.push([key, toJson(member, [...path, key])]);
  }
  return Object.fromEntries(members);
}

/** The fewest changes that lead from one value to the other; none when they are equal. Order of keys does not count. */
export function changes(before: Json, after: Json, path: Path): Change[] {
  if (isArray(before) && isArray(after)) return arrayChanges(before, after, path);
  if (isObject(before) && isObject(after)) return objectChanges(before, after, path);
  return Object.is(before, after) ? [] : [{ path, value: after }];
}

export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !isArray(value);
}

/** For messages: `agents.list.0.id`. */
export function pathText(path: Path): string {
  return path.length === 0 ? "the whole document" : path.join(".");
}

export function refusal(path: Path, reason: string): Json5TextError {
  return new Json5TextError(`cannot write ${pathText(path)}: ${reason}`);
}

function objectChanges(before: { readonly [key: string]: Json }, after: { readonly [key: string]: Json }, path: Path) {
  const list: Change[] = [];
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    list.push(...(old === undefined ? [{ path: [...path, key], value }] : changes(old, value, [...path, key])));
  }
  // removed last, so that new members still find old ones to take their style from
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) list.push({ path: [...path, key] });
  return list;
}

function arrayChanges(before: readonly Json[], after: readonly Json[], path: Path): Change[] {
  // what follows elements taken out of the middle keeps its own text and comments
  const tail = before.length > after.length ? equalTail(before, after) : 0;
  const list: Change[] = [];
  for (const [index, value] of after.slice(0, after.length - tail).entries()) {
    const old = before[index];
    list.push(...(old === undefined ? [{ path: [...path, index], value }] : changes(old, value, [...path, index])));
  }
  for (let index = before.length - tail - 1; index >= after.length - tail; index--)
    list.push({ path: [...path, index] });
  return list;
}

/** How many last elements are the same, of those that do not already match from the front. */
function equalTail(before: readonly Json[], after: readonly Json[]): number {
  const isSame = (one: Json | undefined, other: Json | undefined): boolean =>
    one !== undefined && other !== undefined && changes(one, other, []).length === 0;
  let head = 0;
  while (head < after.length && isSame(before[head], after[head])) head++;
  let tail = 0;
  while (tail < after.length - head && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  return tail;
}
