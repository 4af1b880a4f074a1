import { defineCommand } from "openclaw/plugin-sdk";
import type { PluginState } from "openclaw/plugin-sdk";
import { row } from "./row.ts";
import { pluginById, states } from "./states.ts";

/** `openclaw plugins info <id>`. */
export default defineCommand({
  anyConfig: true,
  async run(context) {
    const { live, plugins } = await states(context);
    const plugin = pluginById(plugins, context.args["id"] as string);
    context.print(row(plugin, live), details(plugin));
  },
});

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
