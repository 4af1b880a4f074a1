import { CliError, compareText, ConnectionError, defineCommand, GatewayError } from "openclaw/plugin-sdk";
import type { CliContext, ConfigIssue, PluginState, ReloadOutcome } from "openclaw/plugin-sdk";
import { issueText } from "openclaw/plugin-sdk/config";
import type { Json } from "openclaw/plugin-sdk/config";
import { contributions, enginesProblem } from "../kernel/plugin/manifest.ts";
import type { Candidate } from "../kernel/plugin/discovery.ts";
import { findPlugins } from "../kernel/plugin/places.ts";
import { decide, missingPlugins } from "../kernel/plugin/policy.ts";
import type { Decision, PluginsConfig } from "../kernel/plugin/policy.ts";
import { commandStore } from "./context.ts";
import type { Surroundings } from "./context.ts";

const WAIT_MS = 10_000;
const RELOAD_MS = 60_000;

/** `openclaw plugins …` (cli.md §6.1). None of them imports a plugin. */
export function pluginCommands(around: Surroundings) {
  return {
    list: defineCommand({
      anyConfig: true,
      options: { enabled: { type: "boolean", describe: "only plugins that are enabled" } },
      async run(context) {
        const { live, plugins } = await states(context, around);
        const shown = context.args["enabled"] === true ? plugins.filter((plugin) => plugin.enabled) : plugins;
        const rows = shown.map((plugin) => row(plugin, live));
        context.print({ plugins: rows, diagnostics: diagnostics(plugins) }, people(context, shown, live));
      },
    }),
    info: defineCommand({
      anyConfig: true,
      async run(context) {
        const { live, plugins } = await states(context, around);
        const plugin = one(plugins, context.args["id"] as string);
        context.print(row(plugin, live), details(plugin));
      },
    }),
    enable: defineCommand({ run: (context) => toggle(context, around, true) }),
    disable: defineCommand({ run: (context) => toggle(context, around, false) }),
    reload: defineCommand({ run: reload }),
    doctor: defineCommand({
      anyConfig: true,
      async run(context) {
        const { plugins } = await states(context, around);
        const found = diagnostics(plugins);
        const text = found.map(({ pluginId, level, message }) => `${level} ${pluginId}: ${message}`).join("\n");
        context.print({ ok: found.length === 0, diagnostics: found }, text || "no problems found");
        return found.length === 0 ? 0 : 1;
      },
    }),
  };
}

async function reload({ args, connect, print }: CliContext): Promise<number> {
  const client = await connect();
  try {
    const outcome = await client.request<ReloadOutcome>("plugins.reload", { id: args["id"] }, { timeoutMs: RELOAD_MS });
    print(
      outcome,
      outcome.ok ? `reloaded ${outcome.id} in ${outcome.durationMs} ms` : `reload failed: ${outcome.error}`,
    );
    return outcome.ok ? 0 : 1;
  } finally {
    await client.close();
  }
}

/**
 * The state the running gateway holds; when this machine's own does not answer, what the manifests and the
 * configuration say. Of another gateway the files here say nothing.
 */
async function states(context: CliContext, around: Surroundings): Promise<{ live: boolean; plugins: PluginState[] }> {
  try {
    const client = await context.connect();
    try {
      const { plugins } = await client.request<{ plugins: PluginState[] }>("plugins.list", {});
      return { live: true, plugins };
    } finally {
      await client.close();
    }
  } catch (error) {
    const isExpected = error instanceof CliError || error instanceof ConnectionError || error instanceof GatewayError;
    if (!isExpected || context.target().id !== "local") throw error;
    if (isRefusal(error)) context.note(`showing what the files say; the gateway answers: ${error.message}`);
    return { live: false, plugins: fromManifests(context, around) };
  }
}

/** A gateway is there and says no. */
function isRefusal(error: unknown): error is CliError | GatewayError {
  return error instanceof GatewayError || (error instanceof CliError && error.code !== "GATEWAY_UNAVAILABLE");
}

function fromManifests(context: CliContext, around: Surroundings): PluginState[] {
  const { pluginIssues } = commandStore(around).read();
  const decisions = decisionsOf(context, around);
  const ids = new Set(decisions.map(({ candidate }) => candidate.id));
  return [
    ...decisions.map((decision) => describe(decision, pluginIssues.get(decision.candidate.id)?.[0])),
    ...missingPlugins(settingsOf(context), ids),
  ].toSorted((a, b) => compareText(a.id, b.id));
}

function decisionsOf(context: CliContext, around: Surroundings): Decision[] {
  return decide(found(context, around), settingsOf(context), { safeMode: false, skipChannels: false });
}

function settingsOf({ config }: CliContext): PluginsConfig {
  return config.get<PluginsConfig>("plugins") ?? {};
}

function found({ config }: CliContext, { paths, bundled }: Surroundings): Candidate[] {
  const plugins = config.get<Json>("plugins") ?? {};
  const workspace = config.get<string>("agents.defaults.workspace");
  return findPlugins({ plugins, agents: { defaults: workspace ? { workspace } : {} } }, paths, bundled);
}

function describe({ candidate, enabled, state, reason }: Decision, issue?: ConfigIssue): PluginState {
  const { manifest, error } = candidate;
  const engines = manifest && enabled ? enginesProblem(manifest) : undefined;
  const wrong = engines === undefined && enabled && manifest ? issue : undefined;
  return {
    id: candidate.id,
    name: manifest?.name ?? candidate.id,
    description: manifest?.description,
    version: manifest?.version,
    group: candidate.group,
    origin: candidate.origin,
    source: candidate.folder,
    enabled,
    state: engines || wrong ? "invalid" : (state ?? "ready"),
    reason: engines ? "engines" : wrong ? "config_invalid" : reason,
    error: error?.message ?? engines ?? (wrong && `${wrong.path}: ${wrong.message}`),
    activation: manifest?.activation ?? "lazy",
    generation: 0,
    loadMs: undefined,
    contributes: manifest ? contributions(manifest) : {},
    diagnostics: [],
    unsupported: [],
    faults: 0,
  };
}

async function toggle(context: CliContext, around: Surroundings, enabled: boolean): Promise<number> {
  const id = context.args["id"] as string;
  const { live, plugins } = await states(context, around);
  if (one(plugins, id).state === "missing" && enabled) throw notFound(id);
  const isEssential = found(context, around).some(
    (plugin) => plugin.id === id && plugin.origin === "bundled" && plugin.manifest?.essential,
  );
  if (isEssential && !enabled) throw new CliError(`plugin ${id} is part of every gateway and stays enabled`);
  const startedAt = performance.now();
  await context.config.write(new Map([[`plugins.entries.${id}.enabled`, enabled]]));
  const word = enabled ? "enabled" : "disabled";
  const decision = decisionsOf(context, around).find(
    ({ candidate, state }) => candidate.id === id && state !== "shadowed",
  );
  if (enabled && decision?.state === "disabled") {
    const text = `${word} ${id} in the configuration, but it stays disabled (${decision.reason})`;
    context.print({ ok: false, id, enabled: false, live, state: "disabled", reason: decision.reason }, text);
    return 1;
  }
  const state = live ? await settled(context, id, enabled) : undefined;
  const ms = Math.round(performance.now() - startedAt);
  const effect = state
    ? `applied live in ${ms} ms, state ${state.state}`
    : live
      ? `written, but the gateway has not applied it within ${WAIT_MS} ms; look at: openclaw logs`
      : "takes effect at next start";
  context.print({ ok: true, id, enabled, live: state !== undefined, state: state?.state }, `${word} ${id}: ${effect}`);
  return state && ["failed", "invalid"].includes(state.state) ? 1 : 0;
}

/** Wait until the gateway has seen the edit and the plugin has come to rest. */
async function settled(context: CliContext, id: string, enabled: boolean): Promise<PluginState | undefined> {
  const client = await context.connect();
  try {
    const deadline = performance.now() + WAIT_MS;
    while (performance.now() < deadline) {
      const { plugins } = await client.request<{ plugins: PluginState[] }>("plugins.list", {});
      const plugin = plugins.find((candidate) => candidate.id === id);
      if (plugin?.enabled === enabled && plugin.state !== "activating" && plugin.state !== "draining") return plugin;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  } finally {
    await client.close();
  }
}

function one(plugins: readonly PluginState[], id: string): PluginState {
  const plugin = plugins.find((candidate) => candidate.id === id);
  if (plugin) return plugin;
  throw notFound(id);
}

function notFound(id: string): CliError {
  return new CliError(`plugin not found: ${id}`, { code: "NOT_FOUND", hint: "openclaw plugins list" });
}

/** The established keys of `plugins list --json`, and ours (plugin-compat.md). */
function row(plugin: PluginState, live: boolean): object {
  const { contributes } = plugin;
  return {
    ...plugin,
    kind: undefined,
    status: establishedStatus(plugin),
    toolNames: contributes["tools"] ?? [],
    hookNames: contributes["eventHooks"] ?? [],
    channelIds: contributes["channels"] ?? [],
    providerIds: contributes["models"] ?? [],
    gatewayMethods: contributes["methods"] ?? [],
    cliCommands: contributes["cli"] ?? [],
    services: contributes["services"] ?? [],
    commands: contributes["commands"] ?? [],
    httpHandlers: (contributes["http"]?.length ?? 0) + (contributes["httpHandlers"]?.length ?? 0),
    hookCount: contributes["hooks"]?.length ?? 0,
    live,
  };
}

function establishedStatus({ enabled, state }: PluginState): string {
  if (state === "failed" || state === "invalid" || state === "missing")
    return state === "missing" ? "missing" : "error";
  if (state === "shadowed") return "shadowed";
  return enabled ? "loaded" : "disabled";
}

function diagnostics(
  plugins: readonly PluginState[],
): { level: string; pluginId: string; source: string; message: string }[] {
  return plugins.flatMap(({ id, source, error, state, diagnostics: notes }) => [
    ...(error ? [{ level: state === "shadowed" ? "warn" : "error", pluginId: id, source, message: error }] : []),
    ...notes.map((message) => ({ level: "warn", pluginId: id, source, message })),
  ]);
}

function people({ table, config }: CliContext, plugins: readonly PluginState[], live: boolean): string {
  const running = plugins.filter(({ state }) => state === "active" || state === "ready").length;
  const rows = plugins.map((plugin) => ({
    id: plugin.id,
    group: plugin.group,
    state: plugin.reason ? `${plugin.state} (${plugin.reason})` : plugin.state,
    version: plugin.version ?? "-",
    source: plugin.origin,
    activation: plugin.loadMs === undefined ? plugin.activation : `${plugin.activation} ${plugin.loadMs} ms`,
    contributes: summary(plugin.contributes),
  }));
  const columns = ["id", "group", "state", "version", "source", "activation", "contributes"];
  const title = `Plugins (${running}/${plugins.length} ${live ? "loaded" : "enabled; no gateway is running"})`;
  const broken = config.issues.map((issue) => `config: ${issueText(issue)}`);
  return [title, "", table(rows, columns), ...broken].join("\n");
}

function summary(contributes: PluginState["contributes"]): string {
  return Object.entries(contributes)
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `${names.length} ${names.length === 1 ? kind.replace(/s$/, "") : kind}`)
    .join(", ");
}

function details(plugin: PluginState): string {
  const {
    id,
    name,
    description,
    version,
    group,
    origin,
    source,
    state,
    reason,
    error,
    activation,
    generation,
    loadMs,
    faults,
  } = plugin;
  const facts: [string, unknown][] = [
    ["id", id],
    ["name", name],
    ["description", description],
    ["version", version],
    ["group", group],
    ["state", reason ? `${state} (${reason})` : state],
    ["error", error],
    ["source", `${origin} ${source}`.trim()],
    ["activation", activation],
    ["generation", generation],
    ["load ms", loadMs],
    ["faults", faults],
    ...Object.entries(plugin.contributes).map(([kind, names]): [string, string] => [kind, names.join(", ")]),
    ...plugin.diagnostics.map((note): [string, string] => ["note", note]),
  ];
  return facts
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([label, value]) => `${label.padEnd(12)}${String(value)}`)
    .join("\n");
}
