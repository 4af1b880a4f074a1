import type { Json } from "../config/source.ts";
import { at } from "../config/validate.ts";
import type { PluginPhase } from "../services/plugins.ts";
import type { Candidate } from "./discovery.ts";

interface PluginEntry {
  readonly enabled?: boolean;
  readonly required?: boolean;
  readonly config?: unknown;
  readonly http?: { readonly public?: boolean };
}

/** The `plugins` section of the configuration. */
export interface PluginsConfig {
  readonly enabled?: boolean;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly load?: { readonly paths?: readonly string[] };
  readonly slots?: Readonly<Record<string, string>>;
  readonly entries?: Readonly<Record<string, PluginEntry | undefined>>;
  readonly installs?: Readonly<
    Record<string, { readonly installPath?: string; readonly sourcePath?: string } | undefined>
  >;
}

/** The section in a configuration that nobody may have checked: a value of the wrong kind counts as absent. */
export function pluginsSection(config: Json): PluginsConfig {
  const fits = ([key, value]: [string, Json]) => {
    if (LISTS.has(key)) return Array.isArray(value);
    return !TABLES.has(key) || isTable(value);
  };
  const section = at(config, "plugins");
  return isTable(section) ? Object.fromEntries(Object.entries(section).filter(fits)) : {};
}

const LISTS = new Set(["allow", "deny"]);
const TABLES = new Set(["entries", "slots", "installs", "load"]);

function isTable(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export interface PolicyFlags {
  /** No channels and nothing but the stock distro (reliability.md R-26). */
  readonly safeMode: boolean;
  readonly skipChannels: boolean;
}

export interface Decision {
  readonly candidate: Candidate;
  readonly enabled: boolean;
  /** Set when the plugin cannot run whatever the configuration says. */
  readonly state: Extract<PluginPhase, "disabled" | "invalid" | "shadowed"> | undefined;
  readonly reason: string | undefined;
}

/**
 * Which of the found plugins run, and why not the others. Listing and loading both read this one
 * answer. Order of the rules: docs/plugin-authors.md, "When a plugin runs".
 */
export function decidePlugins(candidates: readonly Candidate[], config: PluginsConfig, flags: PolicyFlags): Decision[] {
  const winners = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const standing = winners.get(candidate.id);
    const wins = !standing || (refusal(standing, config, flags) !== undefined && !refusal(candidate, config, flags));
    if (wins) winners.set(candidate.id, candidate);
  }
  const standing = [...winners.values()].filter((candidate) => !refusal(candidate, config, flags));
  const providers = stockProviders(standing);
  return candidates.map((candidate) => {
    if (winners.get(candidate.id) !== candidate) {
      return {
        candidate,
        enabled: false,
        state: "shadowed",
        reason: `shadowed_by_${winners.get(candidate.id)?.origin}`,
      };
    }
    const reason = refusal(candidate, config, flags) ?? slotRefusal(candidate, config, providers);
    // Whoever lists a path wants to know that nothing usable is there, whatever its id would have been.
    if (reason === "not_enabled" && candidate.error && candidate.origin === "config") {
      return { candidate, enabled: true, state: "invalid", reason: candidate.error.reason };
    }
    if (reason) return { candidate, enabled: false, state: "disabled", reason };
    if (candidate.error) return { candidate, enabled: true, state: "invalid", reason: candidate.error.reason };
    return { candidate, enabled: true, state: undefined, reason: undefined };
  });
}

/** Part of every gateway, whatever the configuration says. Only the stock distro can claim that. */
export function isEssential({ origin, manifest }: Candidate): boolean {
  return origin === "bundled" && manifest?.essential === true;
}

function refusal(candidate: Candidate, config: PluginsConfig, flags: PolicyFlags): string | undefined {
  const { id, origin, group, manifest, folder } = candidate;
  const entry = config.entries?.[id];
  const allow = config.allow ?? [];
  const bundled = origin === "bundled";
  const isChannel = group === "channels" || (manifest?.channels ?? manifest?.contributes?.channels ?? []).length > 0;
  const chosen = entry?.enabled === true || allow.includes(id) || Object.values(config.slots ?? {}).includes(id);
  if (isEssential(candidate)) return undefined;
  if (config.enabled === false) return "plugins_disabled";
  if (flags.safeMode && (!bundled || group === "channels")) return "safe_mode";
  if (flags.skipChannels && isChannel) return "channels_skipped";
  if (config.deny?.includes(id)) return "denied";
  if (allow.length > 0 && !allow.includes(id) && (!bundled || allow.includes("-stock"))) return "not_allowed";
  if (entry?.enabled === false) return "config_disabled";
  if (bundled) return entry?.enabled === true || manifest?.defaultEnabled !== false ? undefined : "default_disabled";
  if (!chosen) return "not_enabled";
  return origin === "workspace" && !recorded(id, folder, config) ? "source_unrecorded" : undefined;
}

/** The agent can write to its workspace, so a name in the configuration is not enough there (security.md S-47). */
function recorded(id: string, folder: string, config: PluginsConfig): boolean {
  const install = config.installs?.[id];
  return install?.installPath === folder || install?.sourcePath === folder;
}

/** A service of the stock distro is not taken by saying that one provides it too: only a slot gives it away. */
function stockProviders(candidates: readonly Candidate[]): Map<string, string> {
  const providers = new Map<string, string>();
  for (const { id, origin, manifest } of candidates) {
    if (origin !== "bundled") continue;
    for (const service of manifest?.provides ?? []) if (!providers.has(service)) providers.set(service, id);
  }
  return providers;
}

/** A service has one provider: the slot's choice, else the stock one, else the first that was found. */
function slotRefusal(
  { id, manifest }: Candidate,
  config: PluginsConfig,
  providers: Map<string, string>,
): string | undefined {
  const slot = manifest?.kind === "memory" ? config.slots?.["memory"] : undefined;
  if (manifest?.kind === "memory" && slot !== id) return "slot_memory";
  for (const service of manifest?.provides ?? []) {
    const chosen = config.slots?.[service] ?? providers.get(service) ?? id;
    if (chosen !== id) return `slot_${service}`;
  }
  for (const service of manifest?.provides ?? []) providers.set(service, id);
  return undefined;
}
