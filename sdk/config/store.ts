import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { acquireLock } from "../file-lock.ts";
import { appendLine, writeFileAtomic } from "../files.ts";
import type { Manifest } from "../manifest.ts";
import type { Env } from "../paths.ts";
import { renameOver } from "../rename-over.ts";
import type { ConfigEdit, ConfigIssue, ConfigSnapshot, ConfigWriteOptions, ReloadPlan } from "../services/config.ts";
import { duplicateKeys, Json5TextError, locate, locateKey, removeValue, setValue } from "./json5-text.ts";
import { ConfigError } from "./config-error.ts";
import { overridden } from "./override.ts";
import type { Overrides } from "./override.ts";
import { parsePath, valueAt } from "./path.ts";
import type { Keys } from "./path.ts";
import { diff, effectAt, ownersOf, planReload } from "./plan.ts";
import { parseText, readSource, sourceOf } from "./source.ts";
import type { Json, Source, SourceFile } from "./source.ts";
import { hintedPaths, placeholdersIn, PLACEHOLDER, redact, redactLines, secretsIn } from "./redact.ts";
import { KERNEL_SECTIONS, mergedHints, mergedSchema, schemaParts } from "./schema.ts";
import { validateConfig } from "./validate.ts";
import { ConfigWriteError } from "./write-error.ts";

const LOCK_WAIT_MS = 5_000;
const BACKUPS = 5;
const GOOD_VERSIONS = 10;

/** A configuration with everything that is known about it. */
export interface Loaded {
  readonly source: Source;
  /** What the gateway cannot run with. */
  readonly issues: readonly ConfigIssue[];
  readonly pluginIssues: ReadonlyMap<string, readonly ConfigIssue[]>;
  readonly warnings: readonly ConfigIssue[];
  readonly manifests: readonly Manifest[];
}

export interface StoreOptions {
  readonly path: string;
  readonly stateDir: string;
  readonly env: Env;
  /** Manifests of the plugins that a configuration can reach. */
  readonly manifests: (config: Json) => readonly Manifest[];
  /** Settings that count on what no enabled plugin contributes, by plugin. Asked after `manifests`. */
  readonly unmet: (config: Json) => ReadonlyMap<string, readonly ConfigIssue[]>;
}

/** The configuration file: reading with every check, and writing that keeps what people wrote. */
export class ConfigStore {
  readonly options: StoreOptions;

  constructor(options: StoreOptions) {
    this.options = options;
  }

  read(): Loaded {
    return this.#check(readSource(this.options.path, this.options.env));
  }

  /** What the file would be after `edit`, with the files whose text changes. Throws a {@link ConfigError}. */
  preview(
    edit: ConfigEdit,
    replaceReferences = false,
  ): { before: Loaded; after: Loaded; files: SourceFile[]; changed: string[] } {
    const before = this.read();
    const texts = new Map(before.source.files.map((file) => [file.path, file.text]));
    if ("raw" in edit) texts.set(this.options.path, restoreSecrets(edit.raw, before.source));
    else {
      const values = "set" in edit ? [...edit.set].map(parsed) : flatten(edit.patch as Json);
      for (const { keys, value } of values) change(before.source, texts, keys, value, replaceReferences);
    }
    const after = this.#check(sourceOf(this.options.path, texts.get(this.options.path) ?? "", this.options.env, texts));
    const files = before.source.files
      .filter((file) => texts.get(file.path) !== file.text)
      .map((file) => ({ ...file, text: texts.get(file.path) ?? "" }));
    return { before, after, files, changed: diff(before.source.resolved, after.source.resolved) };
  }

  plan(edit: ConfigEdit, replaceReferences = false): ReloadPlan {
    const { before, after, changed } = this.preview(edit, replaceReferences);
    refuseNew(before, after);
    return planReload(changed, [...before.manifests, ...after.manifests]);
  }

  /** Check, write atomically and keep the versions before. Nothing is written on any error. */
  async write(edit: ConfigEdit, options: ConfigWriteOptions): Promise<{ loaded: Loaded; changed: string[] }> {
    mkdirSync(dirname(this.options.path), { recursive: true, mode: 0o700 });
    const lock = await acquireLock(`${this.options.path}.lock`, { waitMs: LOCK_WAIT_MS });
    try {
      const { before, after, files, changed } = this.preview(edit, options.replaceReferences);
      const stale = options.baseHash !== undefined && before.source.exists && options.baseHash !== before.source.hash;
      if (stale) throw new ConfigError("config changed since last load; re-run config.get and retry");
      refuseNew(before, after);
      for (const file of files) {
        await replace(file).catch((cause: unknown) => {
          throw new ConfigWriteError(file.path, cause);
        });
      }
      if (files.length > 0)
        this.#audit(options.actor, changed, { before: before.source.hash, after: after.source.hash });
      return { loaded: after, changed };
    } finally {
      lock.release();
    }
  }

  /** `loaded` with values over the file's. Throws a {@link ConfigError} for what an edit may not say either. */
  overlay(loaded: Loaded, overrides: Overrides): Loaded {
    if (overrides.size === 0) return loaded;
    const { source } = loaded;
    const after = this.#check({ ...source, resolved: overridden(source.resolved, overrides) });
    refuseNew(loaded, after);
    // A section of the file that is wrong stays so, though the one before it runs.
    return { ...after, pluginIssues: new Map([...loaded.pluginIssues, ...after.pluginIssues]) };
  }

  /** Note who set what over the file: its hash stays. */
  auditOverrides(actor: string, paths: readonly string[], { source: { hash } }: Loaded): void {
    this.#audit(actor, paths, { before: hash, after: hash });
  }

  /** Keep this version as one that a broken file can be replaced with (reliability.md R-19). */
  async rememberGood({ source }: Loaded): Promise<void> {
    if (!source.exists) return;
    const directory = join(this.options.stateDir, "backups");
    const suffix = goodSuffix(source.hash);
    const versions = goodVersions(directory);
    if (versions.at(-1)?.endsWith(suffix)) return;
    const stamp = new Date().toISOString().replaceAll(":", "-");
    const text = source.files.length > 1 ? `${JSON.stringify(source.parsed, null, 2)}\n` : source.text;
    await writeFileAtomic(join(directory, `openclaw-${stamp}${suffix}`), text);
    for (const name of versions.slice(0, Math.max(0, versions.length + 1 - GOOD_VERSIONS)))
      rmSync(join(directory, name), { force: true });
  }

  /** Whether the gateway of this state directory has taken `source` over: the version it kept last is this one. */
  isTaken({ hash }: Source): boolean {
    return goodVersions(join(this.options.stateDir, "backups")).at(-1)?.endsWith(goodSuffix(hash)) === true;
  }

  /** The newest version that once started a gateway and still passes the checks. */
  lastGood(): Loaded | undefined {
    const directory = join(this.options.stateDir, "backups");
    for (const name of goodVersions(directory).toReversed()) {
      const text = readFileSync(join(directory, name), "utf8");
      const loaded = this.#check(sourceOf(this.options.path, text, this.options.env));
      if (loaded.issues.length === 0) return loaded;
    }
    return undefined;
  }

  schema(loaded: Loaded): { schema: object; uiHints: object } {
    const { manifests } = loaded;
    const hints = Object.entries(mergedHints(manifests));
    const uiHints = hints.map(([path, hint]) => [path, { ...hint, reload: effectAt(path, manifests) }] as const);
    return { schema: mergedSchema(schemaParts(manifests)), uiHints: Object.fromEntries(uiHints) };
  }

  /** The file for people and clients: secrets replaced in every form, unless asked for. */
  snapshot(loaded: Loaded, showSecrets = false): ConfigSnapshot {
    const { source, issues, warnings, manifests } = loaded;
    const hints = mergedHints(manifests);
    const hinted = hintedPaths(hints);
    const hide = (value: Json) => (showSecrets ? value : redact(value, secretsIn(value, hinted)));
    return {
      path: source.path,
      exists: source.exists,
      raw: source.exists ? (showSecrets ? source.text : redactText(source.text, hints)) : null,
      parsed: hide(source.parsed),
      config: hide(source.resolved),
      valid: issues.length === 0,
      hash: source.hash,
      issues,
      warnings: [...warnings, ...[...loaded.pluginIssues.values()].flat()],
      includes: source.files.slice(1).map((file) => file.path),
    };
  }

  /** Values that must not show up in logs. */
  secrets({ source, manifests }: Loaded): string[] {
    const hinted = hintedPaths(mergedHints(manifests));
    return secretsIn(source.resolved, hinted).map((secret) => secret.value);
  }

  #check(source: Source): Loaded {
    const manifests = this.options.manifests(source.resolved);
    const parts = schemaParts(manifests);
    const { issues, pluginIssues, unknown } = validateConfig(source.resolved, parts);
    const merged = new Map(pluginIssues);
    for (const [id, list] of this.options.unmet(source.resolved)) merged.set(id, [...(merged.get(id) ?? []), ...list]);
    const fatal: ConfigIssue[] = [];
    const warnings = [...unknown, ...source.files.flatMap(repeatedKeys)];
    for (const issue of source.issues) {
      const owners = sectionOwners(issue.path, manifests);
      if (owners === undefined) fatal.push(issue);
      else if (owners.length === 0) warnings.push(issue);
      else for (const id of owners) merged.set(id, [...(merged.get(id) ?? []), issue]);
    }
    // Where a value could not be read, nothing can be said about it.
    const unread = new Set(fatal.map(({ path }) => path));
    fatal.push(...issues.filter(({ path }) => !unread.has(path)));
    const placed = (issue: ConfigIssue) => place(source, issue);
    return {
      source,
      issues: fatal.map(placed).toSorted((a, b) => a.path.localeCompare(b.path)),
      pluginIssues: new Map([...merged].map(([id, list]) => [id, list.map(placed)])),
      warnings: warnings.map(placed),
      manifests,
    };
  }

  #audit(actor: string, paths: readonly string[], hashes: { readonly before: string; readonly after: string }): void {
    const line = JSON.stringify({ ts: new Date().toISOString(), actor, paths, ...hashes });
    appendLine(join(this.options.stateDir, "logs", "config-audit.jsonl"), line);
  }
}

/** Ids of the plugins whose section `path` lies in; none for a section that nobody owns; `undefined` = the kernel's. */
function sectionOwners(path: string, manifests: readonly Manifest[]): string[] | undefined {
  const own = /^plugins\.entries\.([^.]+)\.config(\.|$)/.exec(path)?.[1];
  if (own !== undefined) return [own];
  const [section = ""] = path.split(".");
  return section === "" || section in KERNEL_SECTIONS ? undefined : ownersOf(path, manifests);
}

function repeatedKeys({ path: file, text, at }: SourceFile): ConfigIssue[] {
  const repeated = whole(() => duplicateKeys(text)) ?? [];
  return repeated.map(({ path, line, column }) => {
    const where = [...at, ...path].join(".");
    return { path: where, message: `key "${path.at(-1)}" stands here twice; the last one counts`, file, line, column };
  });
}

/** What is found in a text; nothing in one that does not parse. */
function whole<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof Json5TextError) return undefined;
    throw error;
  }
}

/** Add file and line of the value, or of the nearest parent that is written down. */
function place(source: Source, issue: ConfigIssue): ConfigIssue {
  if (issue.line !== undefined) return issue;
  const keys = issue.path === "" ? [] : issue.path.split(".");
  const file = fileOf(source.files, keys);
  for (let length = keys.length; file && length >= file.at.length; length--) {
    const path = keys.slice(file.at.length, length);
    const found = whole(() => locateKey(file.text, path) ?? locate(file.text, path));
    if (found) return { ...issue, file: file.path, line: found.line, column: found.column };
  }
  return { ...issue, file: file?.path ?? source.path };
}

/** The file that holds the value at `keys`: the first, from the root, in which it is written down. */
function fileOf(files: readonly SourceFile[], keys: Keys): SourceFile | undefined {
  const above = files.filter((file) => file.at.every((key, index) => key === String(keys[index])));
  return above.find((file) => whole(() => locate(file.text, keys.slice(file.at.length)))) ?? above.at(-1);
}

/** One value to set; `undefined` removes what stands there. */
interface Change {
  readonly keys: Keys;
  readonly value: Json | undefined;
}

function parsed([path, value]: readonly [string, unknown]): Change {
  const keys = parsePath(path);
  if (keys) return { keys, value: value as Json | undefined };
  throw new ConfigError(`"${path}" is not a path; write it like gateway.port, agents.list[0].id or channels["a.b"]`);
}

function change(
  source: Source,
  texts: Map<string, string>,
  keys: Keys,
  value: Json | undefined,
  replaceReferences: boolean,
): void {
  const path = keys.join(".");
  const before = valueAt(source.parsed, keys);
  if (value === PLACEHOLDER && typeof before === "string") return;
  if (placeholdersIn(value ?? null).length > 0) throw redacted(path);
  if (typeof before === "string" && before.includes("${") && before !== value && !replaceReferences) {
    throw new ConfigError(`${path} is set by reference (${before}); pass --replace-ref to write a value over it`);
  }
  let where = source.path;
  try {
    const file = fileOf(source.files, keys);
    if (!file) throw new ConfigError(`no file holds ${path}`);
    if (file.merged) {
      const names = source.files.filter((other) => other.merged).map((other) => other.path);
      throw new ConfigError(`${path} comes from a list of includes; edit the file that sets it: ${names.join(", ")}`);
    }
    where = file.path;
    const text = texts.get(file.path) ?? "";
    const inside = keys.slice(file.at.length);
    texts.set(file.path, value === undefined ? removeValue(text, inside) : setValue(text, inside, value));
  } catch (error) {
    throw error instanceof Json5TextError
      ? new ConfigError(`cannot change ${path}: ${where}: ${error.message}`)
      : error;
  }
}

/** A JSON merge patch as single values; `null` removes. */
function flatten(patch: Json, above: Keys = []): Change[] {
  return Object.entries(patch as { [key: string]: Json }).flatMap(([key, value]) => {
    const keys = [...above, key];
    if (value === null) return [{ keys, value: undefined }];
    return typeof value === "object" && !Array.isArray(value) ? flatten(value, keys) : [{ keys, value }];
  });
}

/** Put the stored text back wherever `raw` holds the placeholder. */
function restoreSecrets(raw: string, { text, parsed }: Source): string {
  const after = parseText(raw) ?? {};
  const before = parseText(text) ?? parsed;
  let restored = raw;
  for (const keys of placeholdersIn(after)) {
    const stored = valueAt(before, keys);
    // Elements have no names: once some are gone, nobody can tell whose secret belongs where.
    const shrunk = keys.some(
      (_, length) => sizeAt(after, keys.slice(0, length)) < sizeAt(before, keys.slice(0, length)),
    );
    if (typeof stored !== "string" || shrunk) throw redacted(keys.join("."));
    restored = setValue(restored, keys, stored);
  }
  return restored;
}

/** Length of the list at `keys`. */
function sizeAt(value: Json, keys: Keys): number {
  const list = valueAt(value, keys);
  return Array.isArray(list) ? list.length : 0;
}

function redacted(path: string): ConfigError {
  return new ConfigError(
    `config write rejected: "${path}" is redacted; set an explicit value instead of ${PLACEHOLDER}`,
  );
}

function redactText(text: string, hints: Readonly<Record<string, object>>): string {
  const parsed = parseText(text);
  if (parsed === undefined) return redactLines(text, hints);
  const secrets = secretsIn(parsed, hintedPaths(hints));
  return secrets.reduce((masked, { path }) => setValue(masked, path, PLACEHOLDER), text);
}

/** An edit may repair a broken file, but not add to what is wrong with it. */
function refuseNew(before: Loaded, after: Loaded): void {
  const all = (loaded: Loaded) => [...loaded.issues, ...loaded.warnings, ...[...loaded.pluginIssues.values()].flat()];
  const known = new Set(all(before).map((issue) => `${issue.path} ${issue.message}`));
  const added = all(after).filter((issue) => !known.has(`${issue.path} ${issue.message}`));
  if (added.length > 0) throw new ConfigError("invalid config", added);
}

/** `.bak` is the version before, `.bak.4` the oldest (config.md §2.4). */
async function replace({ path, text }: SourceFile): Promise<void> {
  if (existsSync(path)) await backup(path);
  await writeFileAtomic(path, text);
}

async function backup(path: string): Promise<void> {
  const name = (n: number) => (n === 0 ? `${path}.bak` : `${path}.bak.${n}`);
  for (let n = BACKUPS - 1; n > 0; n--) {
    if (existsSync(name(n - 1))) await renameOver(name(n - 1), name(n));
  }
  await writeFileAtomic(name(0), readFileSync(path));
}

const goodSuffix = (hash: string) => `-${hash.slice(0, 8)}.json`;

function goodVersions(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => /^openclaw-.*\.json$/.test(name))
    .toSorted();
}
