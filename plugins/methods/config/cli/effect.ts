import type { CliContext, PluginState, ReloadPlan } from "openclaw/plugin-sdk";

/** A gateway runs, and does not work with the edit so far. */
export const NOT_TAKEN = "not taken over by the gateway yet";

/** What a change does, in words: to the gateway that runs, or to the next one. */
export function effectText({ hot, plugins, restart }: ReloadPlan, context: CliContext): string {
  const { gateway, config } = context;
  if (!gateway.running) return "takes effect at next start";
  const mode = config.get<string>("gateway.reload.mode") ?? "hybrid";
  const hasEffect = hot.length + plugins.length + restart.length > 0;
  if (mode === "off" && hasEffect) return "takes effect at next start (gateway.reload.mode is off)";
  if (mode === "restart" && hasEffect) return "the gateway restarts in place";
  if (restart.length > 0) return mode === "hybrid" ? "the gateway restarts in place" : "restart required";
  const known = new Set(plugins.length > 0 ? context.plugins().flatMap(there) : []);
  const names = plugins
    .filter((id) => id === "*" || known.has(id))
    .map((id) => (id === "*" ? "plugins are looked for again" : `plugin ${id} restarts`));
  return [...names, ...(hot.length > 0 ? ["applied hot"] : [])].join(", ") || "no effect on a running gateway";
}

const there = ({ id, state }: PluginState) => (state === "missing" ? [] : [id]);
