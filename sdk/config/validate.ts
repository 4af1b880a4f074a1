import { compareText } from "../compare-text.ts";
import { compileSchema } from "../compile-schema.ts";
import type { SchemaError } from "../compile-schema.ts";
import type { ConfigIssue } from "../services/config.ts";
import { openIssues } from "./direct-policy.ts";
import { nearest } from "./nearest.ts";
import { slips } from "./slip.ts";
import type { Json } from "./source.ts";

/** A schema and where in the configuration it applies. */
export interface SchemaPart {
  /** Dotted path of the value it describes. */
  readonly path: string;
  readonly schema: object;
  /** Plugin it belongs to; `undefined` = the kernel. */
  readonly owner: string | undefined;
}

export interface Validation {
  /** Wrong values in kernel sections: the configuration cannot be used. */
  readonly issues: readonly ConfigIssue[];
  /** Wrong values in a plugin's own sections: that plugin cannot run. */
  readonly pluginIssues: ReadonlyMap<string, readonly ConfigIssue[]>;
  /** Unknown keys. Kept in the file, refused only when a writer adds them. */
  readonly unknown: readonly ConfigIssue[];
}

const CHANNEL = /^channels\.([^.]+)$/;
const OWN_CONFIG = /^plugins\.entries\.([^.]+)\.config$/;

/** Check every part of `config` that has a schema. Only schemas of values that are there are compiled. */
export function validateConfig(config: Json, parts: readonly SchemaPart[]): Validation {
  const issues: ConfigIssue[] = [];
  const unknown: ConfigIssue[] = unknownSections(config, parts);
  const pluginIssues = new Map<string, ConfigIssue[]>();
  for (const { path, schema, owner } of parts) {
    const value = at(config, path) ?? absentConfig(config, path, schema);
    if (value === undefined) continue;
    const opened = CHANNEL.test(path) ? openIssues(value, path) : [];
    for (const { fatal, issue } of [
      ...check(value, schema, path),
      ...opened.map((one) => ({ fatal: true, issue: one })),
    ]) {
      if (!fatal) unknown.push(issue);
      else if (owner === undefined) issues.push(issue);
      else pluginIssues.set(owner, [...(pluginIssues.get(owner) ?? []), issue]);
    }
  }
  for (const [path, schemas] of Map.groupBy(parts, (part) => part.path))
    unknown.push(
      ...slips(
        at(config, path),
        path,
        schemas.map(({ schema }) => schema),
      ),
    );
  return { issues: sorted(issues), pluginIssues, unknown: sorted(unknown) };
}

/** A plugin that is on and says that it needs some setting is checked even if nothing is set. */
function absentConfig(config: Json, path: string, schema: object): Json | undefined {
  const id = OWN_CONFIG.exec(path)?.[1];
  if (id === undefined || !("required" in schema)) return undefined;
  const entry = at(config, `plugins.entries.${id}`) as { readonly enabled?: unknown } | undefined;
  return entry && entry.enabled !== false ? {} : undefined;
}

/** Value at a dotted path. */
export function at(config: unknown, path: string): Json | undefined {
  if (path === "") return config as Json | undefined;
  let value = config as Json | undefined;
  for (const key of keysOf(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as { [key: string]: Json })[key];
  }
  return value;
}

const MAX_PATHS = 2_000;
/** The code asks for the same paths over and over. */
const split = new Map<string, readonly string[]>();

function keysOf(path: string): readonly string[] {
  const known = split.get(path);
  if (known) return known;
  const keys = path.split(".");
  if (split.size >= MAX_PATHS) split.clear();
  split.set(path, keys);
  return keys;
}

interface Finding {
  readonly fatal: boolean;
  readonly issue: ConfigIssue;
}

function check(value: Json, schema: object, path: string): Finding[] {
  let validate;
  try {
    validate = compileSchema(schema);
  } catch (error) {
    return [{ fatal: true, issue: { path, message: `schema cannot be used: ${(error as Error).message}` } }];
  }
  if (validate(value)) return [];
  return merge(validate.errors ?? []).map((error) => finding(error, path));
}

/** One error per place: what fails together with a union, or with a list of values, is said by that. */
function merge(errors: readonly SchemaError[]): SchemaError[] {
  const unions = errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  const lists = new Set(errors.filter(({ keyword }) => keyword === "enum").map(({ instancePath }) => instancePath));
  return errors
    .filter(({ keyword, instancePath }) => keyword !== "type" || !lists.has(instancePath))
    .filter(
      (error) => unions.includes(error) || !unions.some((union) => error.schemaPath.startsWith(`${union.schemaPath}/`)),
    );
}

function finding({ keyword, instancePath, params, message, parentSchema }: SchemaError, base: string): Finding {
  const path = [base, ...instancePath.split("/").slice(1).map(unescape)].join(".");
  const facts = params as { additionalProperty?: string; allowedValues?: unknown[]; missingProperty?: string };
  if (keyword === "additionalProperties" && facts.additionalProperty !== undefined) {
    const key = facts.additionalProperty;
    const known = Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {});
    return { fatal: false, issue: unrecognised(path, key, known) };
  }
  const choices = keyword === "enum" ? facts.allowedValues : constants(keyword, parentSchema);
  const text = choices
    ? `must be one of ${choices.map((value) => JSON.stringify(value)).join(", ")}`
    : (meaning(keyword, parentSchema) ?? message);
  const hint = keyword === "required" ? { hint: `set ${[path, facts.missingProperty].filter(Boolean).join(".")}` } : {};
  return { fatal: true, issue: { path, message: text ?? "is not valid", ...hint } };
}

/** A union of nothing but constants, which says "anyOf" of itself, is a list of values. */
function constants(keyword: string, schema: unknown): unknown[] | undefined {
  const { anyOf } = (schema ?? {}) as { readonly anyOf?: readonly { readonly const?: unknown }[] };
  if (keyword !== "anyOf" || !anyOf?.every((one) => "const" in one)) return undefined;
  return anyOf.map((one) => one.const);
}

/** Nobody can read a pattern: a schema that describes what it wants is quoted instead. */
function meaning(keyword: string, schema: unknown): string | undefined {
  const { description } = (schema ?? {}) as { readonly description?: unknown };
  return keyword === "pattern" && typeof description === "string" ? `must be ${description}` : undefined;
}

function unknownSections(config: Json, parts: readonly SchemaPart[]): ConfigIssue[] {
  const known = [...new Set([...parts.map(({ path }) => path.split(".")[0] as string), "channels"])];
  const issues = Object.keys(config ?? {})
    .filter((key) => !known.includes(key))
    .map((key) => unrecognised("", key, known));
  const channels = parts.map(({ path }) => CHANNEL.exec(path)?.[1]).filter((id) => id !== undefined);
  for (const id of Object.keys((at(config, "channels") as object | undefined) ?? {})) {
    if (id === "defaults" || channels.includes(id)) continue;
    issues.push({ path: "channels", message: `unknown channel id: ${id}`, ...didYouMean(id, channels) });
  }
  return issues;
}

function unrecognised(path: string, key: string, known: readonly string[]): ConfigIssue {
  return {
    path: path === "" ? key : `${path}.${key}`,
    message: `Unrecognized key: "${key}"`,
    ...didYouMean(key, known),
  };
}

function didYouMean(key: string, known: readonly string[]): { hint?: string } {
  const best = nearest(key, known);
  return best === undefined ? {} : { hint: `did you mean "${best}"?` };
}

function unescape(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

function sorted(issues: readonly ConfigIssue[]): ConfigIssue[] {
  return issues.toSorted((a, b) => compareText(a.path, b.path));
}
