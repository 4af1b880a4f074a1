/** Which plugins there are, what they say of themselves and which of them would run. Nothing of them runs for it. */
export { byId, describePlugin, missingHint, missingPluginIssues, missingPlugins, plannedPlugins } from "./describe.ts";
export { pathInside, pluginEntries } from "./discovery.ts";
export type { Candidate, Origin } from "./discovery.ts";
export { contributions, declaredMethods, KERNEL, ManifestError, startsAtOnce } from "./manifest.ts";
export { unmetNeeds } from "./needs.ts";
export { findPlugins } from "./places.ts";
export { decidePlugins, isEssential, pluginsSection } from "./policy.ts";
export type { Decision, PluginsConfig, PolicyFlags } from "./policy.ts";
