import { Agents, Config, definePlugin, errorText, Sessions } from "openclaw/plugin-sdk";
import { prepareWorkspace, workspaceOf } from "openclaw/plugin-sdk/workspace";
import { registerFileMethods } from "./files.ts";
import { registerRosterMethods } from "./roster-methods.ts";

export default definePlugin((gateway) => {
  const { settings, paths, log } = gateway;
  const parts = { gateway, config: gateway.use(Config), sessions: gateway.use(Sessions) };
  registerRosterMethods(parts);
  registerFileMethods(gateway);

  // Once in a process: what somebody deletes from a workspace meanwhile stays deleted.
  const prepared = gateway.keep("prepared", () => new Set<string>());
  gateway.hooks.of(Agents).beforeTurn.tap({ stage: -100 }, async (prompt, { agentId }) => {
    const folder = workspaceOf(agentId, { settings, stateDir: paths.stateDir });
    if (!prepared.has(folder)) {
      prepared.add(folder);
      const bootstrap = settings.get<boolean>("agents.defaults.skipBootstrap") !== true;
      try {
        const { history } = await prepareWorkspace(folder, { bootstrap });
        gateway.own("history of a workspace", async () => void (await history));
      } catch (error) {
        log.warn(`cannot prepare the workspace ${folder}: ${errorText(error)}`, { err: error });
      }
    }
    return prompt;
  });
});
