import { definePlugin, Messaging, Models } from "openclaw/plugin-sdk";
import { Places } from "./places.ts";
import { agentOf, planOf } from "./plan.ts";

/** Voice messages and videos become words before the agent is asked (agent.md §17). What fails is told in the log only. */
export default definePlugin((gateway) => {
  const models = gateway.use(Models);
  const places = new Places(() => gateway.settings.get<number>("tools.media.concurrency"));

  gateway.hooks.of(Messaging).understand.tap(async ({ media, work, signal }) => {
    const plan = planOf(media, work, gateway.settings);
    if (!plan) return undefined;
    // Nobody who gets no voice messages loads this.
    const { understand } = await import("./understand.ts");
    const release = await places.take(signal);
    try {
      return await understand(plan, { models, agentId: agentOf(work), log: gateway.log, signal });
    } finally {
      release();
    }
  });
});
