import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";
import { createCheck } from "../check.ts";
import type { Json } from "../config/source.ts";
import { validateConfig } from "../config/validate.ts";
import { Manifest } from "../manifest.ts";
import { OPERATOR_SCOPES } from "../method.ts";
import { SDK_VERSION } from "../version.ts";

/** Owner of what the gateway itself adds. No plugin can have this id. */
export const KERNEL = "kernel";

export const MANIFEST_FILE = "openclaw.plugin.json";
export const MANIFESTS_FILE = "manifests.json";
const MAX_BYTES = 1_048_576;
const SCOPES: readonly string[] = [...OPERATOR_SCOPES, "node"];
const check = createCheck(Manifest);

/** A manifest that cannot be used. `reason` is the machine-readable kind. */
export class ManifestError extends Error {
  readonly reason: string;

  constructor(reason: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ManifestError";
    this.reason = reason;
  }
}

/** What was read and found good, as long as the file is the same: a start reads all of them several times. */
const good = new Map<string, { readonly stamp: string; readonly content: unknown }>();

/** Read and check the manifest in `folder`. Runs no plugin code. */
export function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST_FILE);
  return readOnce(file, (text) => checkManifest(parse(text, file), file));
}

/**
 * The manifests of a release's stock plugins by folder, e.g. `methods/store`. The build has checked them and put them
 * in one file, since a start pays per file.
 */
export function readManifests(bundled: string): Readonly<Record<string, Manifest>> {
  return readOnce(join(bundled, MANIFESTS_FILE), (text) => JSON.parse(text) as Record<string, Manifest>);
}

function readOnce<T>(file: string, read: (text: string) => T): T {
  let text: string;
  let stamp: string;
  try {
    const { size, ino, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    stamp = `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
    const known = good.get(file);
    if (known?.stamp === stamp) return known.content as T;
    if (size > MAX_BYTES) throw new ManifestError("manifest_invalid", `${file} is larger than 1 MiB`);
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof ManifestError) throw cause;
    throw new ManifestError("manifest_missing", `cannot read ${file}; a plugin folder needs this file`, cause);
  }
  const content = read(text);
  good.set(file, { stamp, content });
  return content;
}

/** What is wrong with each key, for people. */
function problems(value: unknown): string {
  const { issues } = validateConfig(value as Json, [{ path: "", schema: Manifest, owner: undefined }]);
  return issues.map(({ path, message }) => [path.replace(/^\./, ""), message].filter(Boolean).join(": ")).join("; ");
}

/** The checked manifest. `where` names it in errors. */
export function checkManifest(value: unknown, where: string): Manifest {
  if (check(value) !== undefined) throw new ManifestError("manifest_invalid", `${where}: ${problems(value)}`);
  const manifest = value as Manifest;
  if (manifest.id === KERNEL) throw new ManifestError("manifest_invalid", `${where}: id "${KERNEL}" is reserved`);
  for (const [name, scope] of declaredMethods(manifest)) {
    if (SCOPES.includes(scope)) continue;
    const text = `contributes.methods.${name}: "${scope}" is no scope; use one of ${SCOPES.join(", ")}`;
    throw new ManifestError("manifest_invalid", `${where}: ${text}`);
  }
  const range = manifest.engines?.openclaw;
  if (range !== undefined && validRange(range) === null) {
    throw new ManifestError("engines_invalid", `${where}: engines.openclaw "${range}" is not a version range`);
  }
  return manifest;
}

/** Why this gateway cannot run the plugin, or `undefined`. Checked before its code is imported. */
export function enginesProblem(manifest: Manifest): string | undefined {
  const range = manifest.engines?.openclaw;
  if (range === undefined || satisfies(SDK_VERSION, range)) return undefined;
  return `needs plugin SDK ${range}, this gateway has ${SDK_VERSION}`;
}

/** Method names with the scope each needs; a plain list needs admin. */
export function declaredMethods(manifest: Manifest): ReadonlyMap<string, string> {
  const methods = manifest.contributes?.methods ?? [];
  if (Array.isArray(methods)) return new Map(methods.map((name) => [name, "operator.admin"]));
  return new Map(Object.entries(methods));
}

/** Plugins that say nothing of what they contribute cannot be activated by use. */
export function startsAtOnce({ activation, contributes }: Manifest): boolean {
  return activation === "startup" || (activation === undefined && contributes === undefined);
}

const listed = new WeakMap<Manifest, Readonly<Record<string, readonly string[]>>>();

/** What the manifest says the plugin adds, by kind, as lists of names. Asked for each name that anybody offers. */
export function contributions(manifest: Manifest): Readonly<Record<string, readonly string[]>> {
  let names = listed.get(manifest);
  if (!names) listed.set(manifest, (names = listNames(manifest)));
  return names;
}

function listNames(manifest: Manifest): Record<string, string[]> {
  const { methods: _methods, cli, http, ...named } = manifest.contributes ?? {};
  return {
    ...named,
    ...(manifest.contributes?.methods && { methods: [...declaredMethods(manifest).keys()] }),
    ...(cli && { cli: cli.map((entry) => entry.name) }),
    ...(http && { http: http.map((route) => route.path) }),
    ...(manifest.channels && { channels: [...new Set([...(named.channels ?? []), ...manifest.channels])] }),
  };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ManifestError("manifest_invalid", `${file} is not JSON: ${(cause as Error).message}`, cause);
  }
}
