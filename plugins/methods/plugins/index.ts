import { closed, Config, definePlugin, GatewayError, NonEmptyString, Plugins } from "openclaw/plugin-sdk";
import type { Call, PluginState } from "openclaw/plugin-sdk";
import { PluginListShape, PluginReloadedShape, PluginStateShape } from "./shape.ts";

const ById = closed({ id: NonEmptyString });

export default definePlugin((gateway) => {
  const plugins = gateway.use(Plugins);
  const config = gateway.use(Config);

  gateway.method({
    name: "plugins.list",
    scope: "operator.read",
    params: closed({}),
    result: PluginListShape,
    handle: () => ({ plugins: plugins.list() }),
  });
  gateway.method({
    name: "plugins.enable",
    scope: "operator.admin",
    params: ById,
    result: PluginStateShape,
    handle: ({ id }, call) => toggle(id, true, call),
  });
  gateway.method({
    name: "plugins.disable",
    scope: "operator.admin",
    params: ById,
    result: PluginStateShape,
    handle: ({ id }, call) => toggle(id, false, call),
  });
  gateway.method({
    name: "plugins.reload",
    scope: "operator.admin",
    params: ById,
    timeoutMs: 60_000,
    result: PluginReloadedShape,
    async handle({ id }) {
      const outcome = await plugins.reload(find(id).id);
      if (outcome.ok) gateway.log.info(`plugin ${id} was reloaded in ${outcome.durationMs} ms`);
      return outcome;
    },
  });

  /** Writes the configuration; the reload loop does the rest before the write resolves. */
  async function toggle(id: string, enabled: boolean, { client }: Call): Promise<PluginState> {
    if (find(id).essential && !enabled)
      throw new GatewayError("INVALID_REQUEST", `plugin ${id} is part of every gateway and stays enabled`);
    await config.write(
      { set: new Map([[`plugins.entries.${id}.enabled`, enabled]]) },
      { actor: client.connect.client.id },
    );
    return find(id);
  }

  function find(id: string): PluginState {
    const plugin = plugins.list().find((candidate) => candidate.id === id);
    if (!plugin)
      throw new GatewayError("INVALID_REQUEST", `plugin not found: ${id}`, { details: { code: "NOT_FOUND" } });
    return plugin;
  }
});
