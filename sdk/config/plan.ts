import { isDeepStrictEqual } from "node:util";
import type { Manifest } from "../manifest.ts";
import type { ReloadEffect, ReloadPlan } from "../services/config.ts";
import type { Json } from "./source.ts";
import type { Loaded } from "./store.ts";
import { at } from "./validate.ts";

/** Effect of a change by path prefix; the one with the most keys decides (config.md §3.2). */
const KERNEL_RULES: readonly (readonly [string, ReloadEffect])[] = [
  ["gateway", "restart"],
  ["gateway.reload", "hot"],
  ["gateway.remote", "none"],
  ["gateway.controlUi", "hot"],
  ["gateway.http", "hot"],
  ["gateway.tools", "hot"],
  ["gateway.hostNames", "hot"],
  ["gateway.trustedProxies", "hot"],
  ["gateway.nodes", "hot"],
  ["gateway.tailscale", "plugin"],
  ["gateway.maxClients", "hot"],
  ["gateway.shutdownTimeoutMs", "hot"],
  ["plugins", "plugin"],
  ["plugins.enabled", "restart"],
  ["channels", "plugin"],
  ["channels.defaults", "hot"],
  // Who is heard is looked up with every message.
  ...["dmPolicy", "allowFrom", "groupPolicy", "groupAllowFrom", "groups"].flatMap(
    (key) =>
      [
        [`channels.*.${key}`, "hot"],
        [`channels.*.accounts.*.${key}`, "hot"],
      ] as const,
  ),
  ["logging", "hot"],
  ["env", "hot"],
  ["meta", "none"],
  ["wizard", "none"],
  ["update", "none"],
  ["auth", "hot"],
  ["$schema", "none"],
];

/** Sections nobody has claimed yet hold nothing that runs. */
const UNCLAIMED: ReloadEffect = "hot";

/** Dotted paths of the smallest values that differ. */
export function diff(before: Json | undefined, after: Json | undefined, path = ""): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  // A section that comes or goes as a whole differs in each of its values.
  const left = before === undefined && isObject(after) ? {} : before;
  const right = after === undefined && isObject(before) ? {} : after;
  if (!isObject(left) || !isObject(right)) return [path];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  const inner = [...keys].flatMap((key) => diff(left[key], right[key], path === "" ? key : `${path}.${key}`));
  return inner.length > 0 ? inner : [path];
}

/** What changing `paths` does. The log line, `config plan` and the reload loop all come from here. */
export function planReload(paths: readonly string[], manifests: readonly Manifest[]): ReloadPlan {
  const rules = [...KERNEL_RULES, ...manifests.flatMap(manifestRules)];
  const plan = { hot: [] as string[], plugins: new Set<string>(), restart: [] as string[], none: [] as string[] };
  for (const path of paths) {
    const effect = effectOf(path, rules);
    if (effect === "plugin") for (const id of ownersOf(path, manifests)) plan.plugins.add(id);
    else plan[effect].push(path);
  }
  return { ...plan, plugins: [...plan.plugins] };
}

/** What changing the value at `path` does, whatever it is changed to. */
export function effectAt(path: string, manifests: readonly Manifest[]): ReloadEffect {
  return effectOf(path, [...KERNEL_RULES, ...manifests.flatMap(manifestRules)]);
}

/** Everything in `config` that a generation of the plugin was made with, as text to compare. */
export function fingerprint(config: Json, manifest: Manifest): string {
  const rules = [...KERNEL_RULES, ...manifestRules(manifest)];
  return JSON.stringify(ownPaths(manifest).map((path) => coldPart(at(config, path), path, rules)));
}

/** `next` with what it says wrongly for a plugin left as `running` has it: a bad edit changes nothing. */
export function withhold(next: Loaded, running: Loaded): Loaded {
  const wrong = next.manifests.filter(({ id }) => next.pluginIssues.has(id));
  if (wrong.length === 0) return next;
  const resolved = wrong.flatMap(ownPaths).reduce<Json | undefined>((value, path) => {
    return replaced(value, path.split("."), at(running.source.resolved, path));
  }, next.source.resolved);
  return { ...next, source: { ...next.source, resolved: resolved as Json } };
}

/** A frozen copy with another value at `keys`, `undefined` = none. */
function replaced(
  value: Json | undefined,
  [key, ...keys]: readonly string[],
  member: Json | undefined,
): Json | undefined {
  if (key === undefined) return member;
  const { [key]: before, ...others } = isObject(value) ? value : {};
  const after = replaced(before, keys, member);
  if (after === undefined && !isObject(value)) return value;
  return Object.freeze({ ...others, ...(after !== undefined && { [key]: after }) });
}

/** Everything in a configuration that belongs to the plugin. */
function ownPaths({ id, sections = {}, channels = [], channelSchemas = {} }: Manifest): string[] {
  const names = new Set([...channels, ...Object.keys(channelSchemas)]);
  return [`plugins.entries.${id}.config`, ...Object.keys(sections), ...[...names].map((name) => `channels.${name}`)];
}

/** `value` without what is read at use time. */
function coldPart(
  value: Json | undefined,
  path: string,
  rules: readonly (readonly [string, ReloadEffect])[],
): Json | undefined {
  const isCold = effectOf(path, rules) === "plugin";
  if (!isObject(value)) return isCold ? value : undefined;
  const cold = Object.entries(value).flatMap(([key, member]) => {
    const part = coldPart(member, `${path}.${key}`, rules);
    return part === undefined ? [] : [[key, part]];
  });
  return isCold || cold.length > 0 ? Object.fromEntries(cold) : undefined;
}

/** Of two rules with as many keys the later one counts. */
function effectOf(path: string, rules: readonly (readonly [string, ReloadEffect])[]): ReloadEffect {
  const keys = path.split(".");
  let best: ReloadEffect = UNCLAIMED;
  let most = 0;
  for (const [rule, effect] of rules) {
    const parts = rule.split(".");
    if (parts.length >= most && covers(parts, keys)) [best, most] = [effect, parts.length];
  }
  return best;
}

/** A rule's `*` stands for any one key. */
function covers(parts: readonly string[], keys: readonly string[]): boolean {
  return parts.every((part, index) => part === keys[index] || (part === "*" && keys[index] !== undefined));
}

function manifestRules(manifest: Manifest): (readonly [string, ReloadEffect])[] {
  const own = ownPaths(manifest).map((path) => [path, "plugin"] as const);
  return [...own, ...Object.entries(manifest.reloadPaths ?? {})];
}

/** Plugins that a change at `path` concerns; for the `plugins` section that may be any. */
export function ownersOf(path: string, manifests: readonly Manifest[]): string[] {
  const [section, kind, id] = path.split(".");
  if (section === "plugins" && kind === "entries" && id !== undefined) return [id];
  if (section === "plugins") return ["*"];
  return manifests
    .filter(({ sections = {}, channels = [], channelSchemas = {} }) => {
      if (section === "channels" && kind !== undefined) return channels.includes(kind) || kind in channelSchemas;
      return section !== undefined && section in sections;
    })
    .map((manifest) => manifest.id);
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
