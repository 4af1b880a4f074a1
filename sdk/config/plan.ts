import { isDeepStrictEqual } from "node:util";
import type { Manifest } from "../manifest.ts";
import type { ReloadEffect, ReloadPlan } from "../services/config.ts";
import type { Json } from "./source.ts";
import { schemaParts } from "./schema.ts";
import { at } from "./validate.ts";

/** Effect of a change by path prefix; the longest match decides, no match means restart (config.md §3.2). */
const KERNEL_RULES: readonly (readonly [string, ReloadEffect])[] = [
  ["gateway", "restart"],
  ["gateway.reload", "hot"],
  ["gateway.remote", "none"],
  ["gateway.controlUi", "hot"],
  ["gateway.http", "hot"],
  ["gateway.hostNames", "hot"],
  ["gateway.trustedProxies", "hot"],
  ["gateway.nodes", "hot"],
  ["gateway.tailscale", "plugin"],
  ["gateway.shutdownTimeoutMs", "hot"],
  ["plugins", "plugin"],
  ["plugins.enabled", "restart"],
  ["channels", "plugin"],
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

/** Everything in `config` that a generation of the plugin was made with, as text to compare. */
export function fingerprint(config: Json, manifest: Manifest): string {
  const rules = manifestRules(manifest);
  const parts = schemaParts([manifest]).filter(({ owner }) => owner === manifest.id);
  const own = { path: `plugins.entries.${manifest.id}.config` };
  return JSON.stringify([own, ...parts].map(({ path }) => coldPart(at(config, path), path, rules)));
}

/** `value` without what is read at use time. */
function coldPart(
  value: Json | undefined,
  path: string,
  rules: readonly (readonly [string, ReloadEffect])[],
): Json | undefined {
  if (!isObject(value)) return effectOf(path, rules) === "plugin" ? value : undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const cold = coldPart(member, `${path}.${key}`, rules);
      return cold === undefined ? [] : [[key, cold]];
    }),
  );
}

function effectOf(path: string, rules: readonly (readonly [string, ReloadEffect])[]): ReloadEffect {
  let best: readonly [string, ReloadEffect] = ["", UNCLAIMED];
  for (const rule of rules) if (covers(rule[0], path) && rule[0].length >= best[0].length) best = rule;
  return best[1];
}

/** A rule's `*` stands for any one key. */
function covers(rule: string, path: string): boolean {
  const keys = path.split(".");
  return rule.split(".").every((part, index) => part === keys[index] || (part === "*" && keys[index] !== undefined));
}

function manifestRules({
  id,
  sections = {},
  channelSchemas = {},
  reloadPaths = {},
}: Manifest): (readonly [string, ReloadEffect])[] {
  return [
    [`plugins.entries.${id}.config`, "plugin"],
    ...Object.keys(sections).map((name) => [name, "plugin"] as const),
    ...Object.keys(channelSchemas).map((name) => [`channels.${name}`, "plugin"] as const),
    ...Object.entries(reloadPaths),
  ];
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
