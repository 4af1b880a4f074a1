import { definePlugin, Gateway } from "openclaw/plugin-sdk";
import { pathOf, problemOf } from "./settings.ts";
import type { HooksConfig } from "./settings.ts";

/**
 * Webhooks (http.md §7). Activated with the gateway because the configuration names the path, so no manifest can; what
 * serves it is loaded where webhooks are on.
 */
export default definePlugin(async (gateway) => {
  const config = gateway.settings.get<HooksConfig>("hooks") ?? {};
  if (config.enabled !== true) return;
  const kernel = gateway.use(Gateway);
  const problem = problemOf(config, gateway.settings, (text) => kernel.isOwnSecret(text));
  if (problem !== undefined) throw new Error(problem);
  const { serveHooks } = await import("./serve.ts");
  serveHooks(gateway, config, pathOf(config));
});
