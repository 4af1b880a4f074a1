import { compareText } from "../compare-text.ts";
import { nearest } from "../config/nearest.ts";
import type { ConfigIssue } from "../services/config.ts";
import type { PluginState } from "../services/plugins.ts";
import type { Candidate } from "./discovery.ts";
import { contributions, enginesProblem, startsAtOnce } from "./manifest.ts";
import { decidePlugins, isEssential } from "./policy.ts";
import type { Decision, PluginsConfig } from "./policy.ts";

/** What is known of a plugin without running it. `issue` is what is wrong with its section of the configuration. */
export function describePlugin({ candidate, enabled, state, reason }: Decision, issue?: ConfigIssue): PluginState {
  const { manifest, error } = candidate;
  const unmet = manifest && enabled ? enginesProblem(manifest) : undefined;
  const engines = unmet && `plugin "${candidate.id}" ${unmet}`;
  const wrong = engines === undefined && enabled && manifest ? issue : undefined;
  return {
    id: candidate.id,
    name: manifest?.name ?? candidate.id,
    description: manifest?.description,
    version: manifest?.version,
    group: candidate.group,
    origin: candidate.origin,
    source: candidate.folder,
    essential: isEssential(candidate),
    enabled,
    state: engines || wrong ? "invalid" : (state ?? "ready"),
    reason: engines ? "engines" : wrong ? "config_invalid" : reason,
    error:
      error?.message ?? engines ?? (wrong && `${wrong.path}: ${wrong.message}${wrong.hint ? ` (${wrong.hint})` : ""}`),
    activation: manifest && !startsAtOnce(manifest) ? "lazy" : "startup",
    generation: 0,
    loadMs: undefined,
    contributes: manifest ? contributions(manifest) : {},
    diagnostics: [],
    unsupported: [],
    faults: 0,
  };
}

/** Ids that the configuration names and nothing was found for. */
export function missingPlugins(config: PluginsConfig, found: ReadonlySet<string>): PluginState[] {
  const { entries = {}, allow = [], deny = [], slots = {} } = config;
  const named = new Set([...Object.keys(entries), ...allow, ...deny, ...Object.values(slots)]);
  const absent = [...named].filter((id) => !found.has(id) && id !== "-stock" && id !== "none");
  return absent.map((id) => {
    const candidate = { id, origin: "config", group: "", folder: "", manifest: undefined, error: undefined } as const;
    const plugin = describePlugin({ candidate, enabled: false, state: undefined, reason: "not_found" });
    return { ...plugin, state: "missing", activation: "lazy", error: `plugin not found: ${id}` };
  });
}

/** The same for whoever reads the configuration: where each stands, and what it may have meant. */
export function missingPluginIssues(config: PluginsConfig, candidates: readonly Candidate[]): ConfigIssue[] {
  const found = new Set(candidates.map(({ id }) => id));
  return missingPlugins(config, found).map(({ id, error = "" }) => ({
    path: config.entries && id in config.entries ? `plugins.entries.${id}` : "plugins",
    message: error,
    hint: missingHint(id, found),
  }));
}

/** What to do about an id that nothing was found for. */
export function missingHint(id: string, found: Iterable<string>): string {
  const near = nearest(id, found);
  return near === undefined ? "its folder has to be in plugins.load.paths" : `did you mean "${near}"?`;
}

/** The plugins of a gateway that would start with this configuration; `issues` by the id of their plugin. */
export function plannedPlugins(
  candidates: readonly Candidate[],
  config: PluginsConfig,
  issues: ReadonlyMap<string, readonly ConfigIssue[]>,
): PluginState[] {
  const decisions = decidePlugins(candidates, config, { safeMode: false, skipChannels: false });
  const found = decisions.map((one) => describePlugin(one, issues.get(one.candidate.id)?.[0]));
  return byId([...found, ...missingPlugins(config, new Set(found.map(({ id }) => id)))]);
}

/** The order of `plugins list`. */
export function byId(plugins: readonly PluginState[]): PluginState[] {
  return plugins.toSorted((a, b) => compareText(a.id, b.id));
}
