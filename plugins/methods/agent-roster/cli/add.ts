import { defineCommand } from "openclaw/plugin-sdk";
import { absolute } from "openclaw/plugin-sdk/config";
import { prepareWorkspace } from "openclaw/plugin-sdk/workspace";
import { agentIdOf } from "../agent-entry.ts";
import { addAgent } from "../roster-edit.ts";
import {
  entryOf,
  parseRoute,
  rosterConfig,
  usage,
  warnOfChannel,
  warnOfModel,
  workspaceOfAgent,
  writeRoster,
} from "./roster-file.ts";

/** `openclaw agents add <id>` (sessions.md §8). */
export default defineCommand({
  local: true,
  options: {
    workspace: { type: "string", describe: "folder of its files; by default one of its own" },
    name: { type: "string", describe: "what it is called; by default as given" },
    model: { type: "string", describe: "its model, as provider/model" },
    bind: { type: "array", describe: "route a channel or channel:account to it; may be repeated" },
  },
  async run(context) {
    const { args, config, home, print, tilde } = context;
    const given = String(args["id"]);
    const id = agentIdOf(given);
    if (id === "main") throw usage(`"main" is reserved`, "add");
    if (entryOf(context, id)) throw usage(`agent "${id}" already exists`, "add");
    const routes = ((args["bind"] as unknown[] | undefined) ?? []).map((route) => parseRoute(String(route), "add"));
    const asked = args["workspace"] as string | undefined;
    const workspace = asked === undefined ? workspaceOfAgent(context, id) : absolute(asked, home);
    const name = (args["name"] as string | undefined) ?? given;
    const model = args["model"] as string | undefined;
    const current = rosterConfig(context);
    const edit = addAgent(current, { id, name, workspace, ...(model !== undefined && { model }) });
    const bindings = routes.map((match) => ({ agentId: id, match }));
    if (bindings.length > 0) edit.set("bindings", [...(current.bindings ?? []), ...bindings]);
    // Refused before anything is made.
    config.plan(edit);
    const bootstrap = config.get<boolean>("agents.defaults.skipBootstrap") !== true;
    const { history } = prepareWorkspace(workspace, { bootstrap });
    await history;
    await writeRoster(context, edit);
    for (const { channel } of routes) warnOfChannel(context, channel);
    if (model !== undefined) warnOfModel(context, model);
    const text = [`added agent ${id}`, `Workspace: ${tilde(workspace)}`];
    print({ ok: true, agentId: id, name, workspace, bindings: bindings.length }, text.join("\n"));
  },
});
