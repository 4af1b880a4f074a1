import { CliError } from "openclaw/plugin-sdk";
import type { CliContext, PluginState } from "openclaw/plugin-sdk";
import { notFound, pluginById, states } from "./states.ts";

const WAIT_MS = 10_000;

/** Edit the configuration; a gateway that runs sees it. Says what came of it. */
export async function toggle(context: CliContext, enabled: boolean): Promise<number> {
  const id = context.args["id"] as string;
  const { live, plugins } = await states(context);
  const { essential, state: before } = pluginById(plugins, id);
  if (before === "missing" && enabled) throw notFound(id);
  if (essential && !enabled) throw new CliError(`plugin ${id} is part of every gateway and stays enabled`);
  const startedAt = performance.now();
  await context.config.write(new Map([[`plugins.entries.${id}.enabled`, enabled]]));
  const word = enabled ? "enabled" : "disabled";
  const planned = context.plugins().find((plugin) => plugin.id === id && plugin.state !== "shadowed");
  if (enabled && planned?.state === "disabled") {
    const { reason } = planned;
    const text = `${word} ${id} in the configuration, but it stays disabled (${reason})`;
    context.print({ ok: false, id, enabled: false, live, state: "disabled", reason }, text);
    return 1;
  }
  const state = live ? await settled(context, id, enabled) : undefined;
  const ms = Math.round(performance.now() - startedAt);
  const effect = state
    ? `applied live in ${ms} ms, state ${state.state}`
    : live
      ? `written, but the gateway has not applied it within ${WAIT_MS} ms; look at: openclaw logs`
      : "takes effect at next start";
  context.print({ ok: true, id, enabled, live: state !== undefined, state: state?.state }, `${word} ${id}: ${effect}`);
  return state && ["failed", "invalid"].includes(state.state) ? 1 : 0;
}

/** Wait until the gateway has seen the edit and the plugin has come to rest. */
async function settled(context: CliContext, id: string, enabled: boolean): Promise<PluginState | undefined> {
  const client = await context.connect();
  try {
    const deadline = performance.now() + WAIT_MS;
    while (performance.now() < deadline) {
      const { plugins } = await client.request<{ plugins: PluginState[] }>("plugins.list", {});
      const plugin = plugins.find((candidate) => candidate.id === id);
      if (plugin?.enabled === enabled && plugin.state !== "activating" && plugin.state !== "draining") return plugin;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  } finally {
    await client.close();
  }
}
