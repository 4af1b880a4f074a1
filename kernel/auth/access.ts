import { OPERATOR_SCOPES } from "openclaw/plugin-sdk";
import type { Client } from "openclaw/plugin-sdk";

/** Why `client` may not call a method that needs `scope`, or `undefined` (protocol.md §7). */
export function accessProblem({ role, scopes }: Client, scope: string): string | undefined {
  if (scope === "node") return role === "node" ? undefined : `unauthorized role: ${role}`;
  if (role === "node") return "unauthorized role: node";
  return grants(scopes, scope) ? undefined : `missing scope: ${scope}`;
}

/** Admin grants everything, write grants read; nothing else implies anything. */
export function grants(scopes: ReadonlySet<string>, scope: string): boolean {
  return (
    scopes.has("operator.admin") || scopes.has(scope) || (scope === "operator.read" && scopes.has("operator.write"))
  );
}

/**
 * What a credential that holds `granted` gives to a client that asks for `requested`: everything both
 * cover, never more than either (security.md S-09).
 */
export function commonScopes(requested: readonly string[], granted: readonly string[]): string[] {
  const [asked, held] = [new Set(requested), new Set(granted)];
  const both = [
    ...requested.filter((scope) => grants(held, scope)),
    ...granted.filter((scope) => grants(asked, scope)),
  ];
  return [...new Set(both)];
}

const shared = new Map<string, ReadonlySet<string>>();

/** Equal sets are one object: thousands of clients ask for the same few scopes. */
export function internScopes(scopes: readonly string[]): ReadonlySet<string> {
  const key = scopes.join(",");
  let set = shared.get(key);
  if (!set) {
    set = new Set(scopes);
    if (shared.size < 100) shared.set(key, set);
  }
  return set;
}

/** A scope name that does not exist, if `scopes` has one. */
export function unknownScope(scopes: readonly string[]): string | undefined {
  return scopes.find((scope) => !(OPERATOR_SCOPES as readonly string[]).includes(scope));
}
