import type { Json } from "./source.ts";

/** What stands in a reading for a secret; writing it back keeps the stored value (config.md §12.1). */
export const PLACEHOLDER = "__OPENCLAW_REDACTED__";

const NAMES = "token|secret|password|passphrase|apikey|api_key|api-key|privatekey|webhooksecret|authorization";
const SENSITIVE = new RegExp(`(^|[a-z0-9_-])(${NAMES})$`, "i");
/** Credentials in an address: before its host, or as a parameter. */
const ADDRESS = new RegExp(`^[a-z][a-z0-9+.-]*://([^/?#\\s]*:[^/?#\\s]+@|\\S*[?&][a-z_-]*(${NAMES}|key)=[^&\\s])`, "i");
const REFERENCE = /^\$\{[A-Z_][A-Z0-9_]*\}$/;

export interface Secret {
  readonly path: readonly string[];
  readonly value: string;
}

/**
 * Every string in `value` that is a secret by the name of its key, by what it is or by a hint. Numbers and booleans
 * never are, `${NAME}` is a reference and not a secret.
 */
export function secretsIn(value: Json, hinted: (path: string) => boolean, path: readonly string[] = []): Secret[] {
  if (typeof value === "string") {
    const key = path.at(-1) ?? "";
    const sensitive = SENSITIVE.test(key) || ADDRESS.test(value) || hinted(path.join("."));
    return sensitive && value !== "" && !REFERENCE.test(value) ? [{ path, value }] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => secretsIn(member as Json, hinted, [...path, key]));
}

/** Is what stands there a secret, by the name of its key or by a hint (config.md §12.1)? */
export function isSecretPath(path: readonly (string | number)[], hinted: (path: string) => boolean): boolean {
  return SENSITIVE.test(String(path.at(-1) ?? "")) || hinted(path.join("."));
}

/** A text that does not parse, with what follows a sensitive key on its line replaced: too much rather than too little. */
export function redactLines(text: string, hints: Readonly<Record<string, object>>): string {
  const hinted = Object.entries(hints).filter(([, hint]) => isSensitive(hint));
  const names = hinted.map(([path]) => path.slice(path.lastIndexOf(".") + 1)).filter((name) => /^[\w-]+$/.test(name));
  const line = new RegExp(`(["']?[\\w-]*(?:${[NAMES, ...names].join("|")})["']?\\s*:).*`, "gi");
  return text.replace(line, `$1 "${PLACEHOLDER}"`).replace(/[a-z][a-z0-9+.-]*:\/\/\S*[@?]\S*/gi, PLACEHOLDER);
}

function isSensitive(hint: object): boolean {
  return (hint as { sensitive?: boolean }).sensitive === true;
}

/** A copy with every secret replaced. */
export function redact(value: Json, secrets: readonly Secret[]): Json {
  const copy = structuredClone(value);
  for (const { path } of secrets) {
    let node = copy as { [key: string]: Json };
    for (const key of path.slice(0, -1)) node = node[key] as { [key: string]: Json };
    node[path.at(-1) as string] = PLACEHOLDER;
  }
  return copy;
}

/** Paths at which `value` holds the placeholder. */
export function placeholdersIn(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (value === PLACEHOLDER) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => placeholdersIn(member as Json, [...path, key]));
}

/** Is `path` marked sensitive by a hint? `*` in a hint's path stands for any one key. */
export function hintedPaths(hints: Readonly<Record<string, object>>): (path: string) => boolean {
  const patterns = Object.entries(hints)
    .filter(([, hint]) => isSensitive(hint))
    .map(([path]) => path.split("."));
  return (path) => {
    const keys = path.split(".");
    return patterns.some(
      (pattern) => pattern.length === keys.length && pattern.every((part, i) => part === "*" || part === keys[i]),
    );
  };
}
