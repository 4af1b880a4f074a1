import { hintedPaths, isSecretPath } from "openclaw/plugin-sdk/config";
import type { Keys } from "openclaw/plugin-sdk/config";

/** Sections that decide who may do what, which code runs and how the gateway is reached (channels.md §1.15). */
const SECTIONS: ReadonlySet<string> = new Set(
  "gateway plugins commands approvals env secrets auth hooks mcp $include".split(" "),
);
/** Below these a chat could let itself run commands. */
const BRANCHES = ["tools.exec", "tools.elevated", "tools.fs", "agents.defaults.cliBackends"];
/** Where credentials are sent to, which programs are started (channels.md §2.2), and where files are read and written. */
const ADDRESS = /(url|uri|root|host|path|proxy|file|dirs?)$/i;
const NAMED: ReadonlySet<string> = new Set(
  "homeserver authority command args env configWrites execApprovals workspace store allowHosts allowPrivate".split(" "),
);
const DANGEROUS = /^dangerously/;

/**
 * The first path that a chat may never write, of those that putting `value` at `path`, in the place of `before`, would
 * change.
 */
export function protectedPath(
  path: Keys,
  { before, value }: { readonly before: unknown; readonly value: unknown },
  hints: object,
): string | undefined {
  const hinted = hintedPaths(hints as Readonly<Record<string, object>>);
  const touched = [...pathsIn(path, value), ...pathsIn(path, before)];
  return touched.find((one) => isProtected(one, hinted))?.join(".");
}

function isProtected(path: Keys, hinted: (path: string) => boolean): boolean {
  const keys = path.map(String);
  const text = keys.join(".");
  if (SECTIONS.has(keys[0] ?? "")) return true;
  // An agent's own keys stand under the same names as the common ones.
  if (BRANCHES.some((branch) => text === branch || text.startsWith(`${branch}.`))) return true;
  if (/^agents\.list\.[^.]+\.tools(\.(exec|elevated)(\.|$)|$)/.test(text)) return true;
  return keys.some((key) => NAMED.has(key) || ADDRESS.test(key) || DANGEROUS.test(key)) || isSecretPath(keys, hinted);
}

/** The path itself and everything below it. */
function pathsIn(path: Keys, value: unknown): Keys[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => pathsIn([...path, key], member))];
}
