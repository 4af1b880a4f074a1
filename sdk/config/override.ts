import { ConfigError } from "./config-error.ts";
import { parsePath } from "./path.ts";
import type { Keys } from "./path.ts";
import { POLLUTING } from "./source.ts";
import type { Json } from "./source.ts";

/** Values by dotted path that run over what the file says. */
export type Overrides = ReadonlyMap<string, unknown>;

/** A frozen copy of `resolved` with the overrides in it; what they leave alone is shared. Throws a {@link ConfigError}. */
export function overridden(resolved: Json, overrides: Overrides): Json {
  return [...overrides].reduce((value, [path, member]) => {
    const keys = parsePath(path);
    if (!keys) throw new ConfigError(`"${path}" is not a path; write it like messages.queue.cap or agents.list[0].id`);
    return put(value, keys, member as Json);
  }, resolved);
}

/** Above a value stand objects, or the lists that are there; nothing is put beyond the end of one. */
function put(value: Json | undefined, [key, ...keys]: Keys, member: Json): Json {
  if (key === undefined) return frozen(member);
  if (POLLUTING.has(key)) throw new ConfigError(`key "${key}" is not allowed`);
  if (Array.isArray(value)) {
    if (typeof key !== "number" || key >= value.length)
      throw new ConfigError(`a list of ${value.length} has no member ${key}`);
    return Object.freeze(value.with(key, put(value[key], keys, member))) as Json;
  }
  const members = typeof value === "object" && value !== null ? value : {};
  const before = Object.hasOwn(members, key) ? members[key] : undefined;
  return Object.freeze({ ...members, [key]: put(before, keys, member) });
}

function frozen(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  for (const [key, member] of Object.entries(value)) {
    if (POLLUTING.has(key)) throw new ConfigError(`key "${key}" is not allowed`);
    frozen(member as Json);
  }
  return Object.freeze(value) as Json;
}
