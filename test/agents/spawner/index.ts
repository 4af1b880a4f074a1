import { Agents, definePlugin, Type } from "openclaw/plugin-sdk";
import type { SpawnRequest } from "openclaw/plugin-sdk";

/** Starts sub-agents for a test, the way a tool does. */
export default definePlugin((gateway) => {
  const agents = gateway.use(Agents);
  gateway.method({
    name: "spawner.spawn",
    scope: "operator.write",
    params: Type.Object({}),
    // The test writes what a tool would.
    handle: (request) => agents.spawn(request as unknown as SpawnRequest),
  });
  gateway.method({
    name: "spawner.list",
    scope: "operator.read",
    params: Type.Object({ key: Type.String() }),
    handle: async ({ key }) => ({ runs: await agents.subagents(key) }),
  });
});
