import { join } from "node:path";
import { defineCommand } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { readIdentity } from "openclaw/plugin-sdk/workspace";
import { agentEntries, agentIdOf, defaultEntry, modelName } from "../agent-entry.ts";
import { routeText, rosterConfig, workspaceOfAgent } from "./roster-file.ts";

/** `openclaw agents [list]` (cli.md §4.3). */
export default defineCommand({
  local: true,
  options: { bindings: { type: "boolean", describe: "with the routes that lead to each agent" } },
  async run(context) {
    const rows = agentRows(context);
    const text = context.table(
      rows.map((row) => ({
        id: row.isDefault ? `${row.id} (default)` : row.id,
        name: row.name ?? "",
        model: row.model ?? "",
        workspace: context.tilde(row.workspace),
        bindings: context.args["bindings"] === true ? row.routes.join(", ") : String(row.bindings),
      })),
      ["id", "name", "model", "workspace", "bindings"],
    );
    context.print(rows, text);
  },
});

function agentRows(context: CliContext) {
  const { config, stateDir } = context;
  const entries = agentEntries(config);
  const chosen = defaultEntry(entries);
  const { bindings = [] } = rosterConfig(context);
  return entries.map((entry) => {
    const id = agentIdOf(entry.id);
    const workspace = workspaceOfAgent(context, id);
    const routes = bindings.filter((binding) => agentIdOf(binding.agentId) === id).map(routeText);
    const name = entry.identity?.name ?? entry.name ?? readIdentity(workspace).name;
    const model = modelName(entry.model) ?? modelName(config.get("agents.defaults.model"));
    return {
      id,
      ...(name !== undefined && { name }),
      workspace,
      agentDir: entry.agentDir ?? join(stateDir, "agents", id, "agent"),
      ...(model !== undefined && { model }),
      bindings: routes.length,
      isDefault: entry === chosen,
      routes: entry === chosen ? ["default", ...routes] : routes,
    };
  });
}
