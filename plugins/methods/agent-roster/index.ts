import { Agents, Config, definePlugin, errorText, Sessions } from "openclaw/plugin-sdk";
import { prepareWorkspace, workspaceOf } from "openclaw/plugin-sdk/workspace";
import { agentEntries, agentIdOf } from "./agent-entry.ts";
import { registerFileMethods } from "./files.ts";
import { registerRosterMethods } from "./roster-methods.ts";

export default definePlugin((gateway) => {
  const { settings, paths, log } = gateway;
  const parts = { gateway, config: gateway.use(Config), sessions: gateway.use(Sessions) };
  registerRosterMethods(parts);
  registerFileMethods(gateway);

  // Once in a process: what somebody deletes from a workspace meanwhile stays deleted.
  const prepared = gateway.keep("prepared", () => new Set<string>());
  const prepare = (agentId: string) => {
    const folder = workspaceOf(agentId, { settings, stateDir: paths.stateDir });
    const isAgent = agentEntries(settings).some(({ id }) => agentIdOf(id) === agentId);
    if (prepared.has(folder) || !isAgent) return;
    prepared.add(folder);
    const bootstrap = settings.get<boolean>("agents.defaults.skipBootstrap") !== true;
    try {
      const { history } = prepareWorkspace(folder, { bootstrap });
      gateway.own("history of a workspace", async () => void (await history));
    } catch (error) {
      log.warn(`cannot prepare the workspace ${folder}: ${errorText(error)}`, { err: error });
    }
  };
  // Before the prompt of a first turn is made; and for sessions that were there before.
  gateway.hooks.of(Sessions).started.tap(({ agentId }) => prepare(agentId));
  gateway.hooks.of(Agents).beforeTurn.tap((prompt, { agentId }) => {
    prepare(agentId);
    return prompt;
  });
});
