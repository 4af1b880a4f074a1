import { defineCommand } from "openclaw/plugin-sdk";
import type { CliContext, PluginState } from "openclaw/plugin-sdk";
import { issueText } from "openclaw/plugin-sdk/config";
import { diagnostics } from "./diagnostics.ts";
import { row } from "./row.ts";
import { states } from "./states.ts";

/** Columns of a terminal that all of a row is shown on. */
const WIDE = 110;

/** `openclaw plugins list` (cli.md §6.1). */
export default defineCommand({
  anyConfig: true,
  options: { enabled: { type: "boolean", describe: "only plugins that are enabled" } },
  async run(context) {
    const { live, plugins } = await states(context);
    const shown = context.args["enabled"] === true ? plugins.filter((plugin) => plugin.enabled) : plugins;
    const rows = shown.map((plugin) => row(plugin, live));
    context.print({ plugins: rows, diagnostics: diagnostics(plugins) }, people(context, shown, live));
  },
});

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
  const isNarrow = process.stdout.isTTY && process.stdout.columns < WIDE;
  const columns = isNarrow
    ? ["id", "group", "state", "source", "contributes"]
    : ["id", "group", "state", "version", "source", "activation", "contributes"];
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
