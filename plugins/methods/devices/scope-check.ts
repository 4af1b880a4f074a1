import { GatewayError, OPERATOR_SCOPES } from "openclaw/plugin-sdk";
import type { Client } from "openclaw/plugin-sdk";
import { without } from "./record.ts";

/** Nobody hands out more than they have (security.md S-10). Admin has everything, write has read. */
export function requireGrantable({ scopes }: Client, wanted: readonly string[]): void {
  const lacking = wanted.find(
    (scope) =>
      !scopes.has("operator.admin") &&
      !scopes.has(scope) &&
      !(scope === "operator.read" && scopes.has("operator.write")),
  );
  if (lacking !== undefined) refuse(`missing scope: ${lacking}`, "UNAUTHORIZED", "scope_beyond_caller");
}

/** A token never has a scope that its device was not let in with, nor one that does not exist. */
export function requireWithin(wanted: readonly string[], approved: readonly string[]): void {
  const [unknown] = without<string>(wanted, OPERATOR_SCOPES);
  if (unknown !== undefined) refuse(`unknown scope: ${unknown}`, "NOT_FOUND", "unknown_scope");
  const [extra] = without(wanted, approved);
  if (extra !== undefined) {
    refuse(
      `scope ${extra} was not approved for this device; let it ask for it and approve that`,
      "UNAUTHORIZED",
      "scope_not_approved",
    );
  }
}

function refuse(message: string, code: string, reason: string): never {
  throw new GatewayError("INVALID_REQUEST", message, { details: { code, reason } });
}
