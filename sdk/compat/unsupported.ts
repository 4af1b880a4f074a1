/** Thrown when a plugin calls something of the established contract that this gateway does not have. */
export class UnsupportedError extends Error {
  readonly code = "PLUGIN_UNSUPPORTED";

  constructor(name: string, pluginId: string) {
    super(`openclaw/plugin-sdk: ${name} is not available in this gateway (plugin ${pluginId})`);
    this.name = "UnsupportedError";
  }
}

/** Makes the error for a call of `name`, and sees to it that the operator hears of it. */
export type Refuse = (name: string) => Error;

/**
 * Stands in for something that is not there. Reading it and its members always works, so imports,
 * destructuring and `class extends` do; calling or constructing it throws what `refuse` makes.
 */
export function unsupported(name: string, refuse: Refuse): object {
  const fail = () => {
    throw refuse(name);
  };
  const self: object = new Proxy(function absent() {}, {
    apply: fail,
    construct: fail,
    get(target, key) {
      // Loaders bind what they hand on; a bound function could not be extended any more.
      if (key === "bind") return () => self;
      if (typeof key === "symbol" || key in target) return Reflect.get(target, key);
      return isProbe(key) ? undefined : unsupported(`${name}.${key}`, refuse);
    },
  });
  return self;
}

/** `known`, where any other name reads as {@link unsupported}. `in` and `Object.keys` tell the truth. */
export function withAbsent<T extends object>(known: T, path: string, refuse: Refuse): T {
  const absent = new Map<string, object>();
  return new Proxy(known, {
    get(target, key) {
      if (typeof key === "symbol" || key in target) return Reflect.get(target, key);
      if (isProbe(key)) return undefined;
      const member = absent.get(key) ?? unsupported(`${path}${key}`, refuse);
      absent.set(key, member);
      return member;
    },
  });
}

/** Names that the language looks for: a value that had them would be taken for a promise or for JSON. */
function isProbe(key: string): boolean {
  return key === "then" || key === "toJSON";
}
