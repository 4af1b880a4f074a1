import type { Json } from "./source.ts";

export type Keys = readonly (string | number)[];

const PART = /(?:^|(?<=.)\.)([^.[\]"]+)|\[(\d+)\]|\["([^"]+)"\]/y;

/** `agents.list[0]["a.b"]` as keys: a bracketed number is an index, a bracketed text may hold dots. */
export function parsePath(path: string): Keys | undefined {
  const keys: (string | number)[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < path.length) {
    const [found, name, index, quoted] = PART.exec(path) ?? [];
    if (found === undefined) return undefined;
    keys.push(index === undefined ? ((name ?? quoted) as string) : Number(index));
  }
  return keys.length > 0 ? keys : undefined;
}

/** Value at `keys`, of what the value itself holds. */
export function valueAt(value: unknown, keys: Keys): Json | undefined {
  let found = value as Json | undefined;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as { [key: string]: Json })[key];
  }
  return found;
}
