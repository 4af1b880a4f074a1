import { Type } from "@sinclair/typebox";
import type { TOptional, TSchema } from "@sinclair/typebox";
import type { PluginHttpRoute } from "./contract.ts";

/** Mounts a route; returns the way to take it down. */
export type Mount = (route: PluginHttpRoute) => () => void;

/** Names of the established SDK besides our own. `mount` is there once `register` is about to run. */
export function createSdkNames(mount: () => Mount | undefined) {
  return {
    definePluginEntry,
    stringEnum,
    optionalStringEnum,
    /** Mounts a route at any time. Returns the undo. */
    registerPluginHttpRoute(route: PluginHttpRoute): () => void {
      const ready = mount();
      if (!ready) throw new Error(`route ${route.path} cannot be mounted before register is called; move it there`);
      return ready(route);
    },
  };
}

/** Types an entry; the object is the module's default export. */
function definePluginEntry<T extends object>(entry: T): T {
  return entry;
}

/** `{ type: "string", enum }`, which some providers take and an `anyOf` of constants they do not. */
function stringEnum(values: readonly string[], options: object = {}): TSchema {
  return Type.Unsafe<string>({ type: "string", enum: [...values], ...options });
}

function optionalStringEnum(values: readonly string[], options: object = {}): TOptional<TSchema> {
  return Type.Optional(stringEnum(values, options));
}
