import { perConfig } from "openclaw/plugin-sdk";
import type { AgentInfo, PluginGateway } from "openclaw/plugin-sdk";
import { workspaceOf } from "openclaw/plugin-sdk/workspace";

interface AgentConfig {
  readonly id: string;
  readonly default?: boolean;
  readonly name?: string;
  readonly workspace?: string;
  readonly model?: ModelSetting;
  readonly identity?: {
    readonly name?: string;
    readonly emoji?: string;
    readonly avatar?: string;
    readonly theme?: string;
  };
}

/** A model by reference, or one with others to fall back on. */
export type ModelSetting = string | { readonly primary?: string; readonly fallbacks?: readonly string[] };

export interface Agent extends AgentInfo {
  readonly model: ModelSetting | undefined;
  readonly identity: NonNullable<AgentConfig["identity"]>;
}

/** Made once per configuration: a turn asks for its agent several times. */
const rosters = new WeakMap<PluginGateway, () => readonly Agent[]>();

/** The agents of the configuration as it is now: changes apply to the next turn. */
export function roster(gateway: PluginGateway): readonly Agent[] {
  let known = rosters.get(gateway);
  if (!known) rosters.set(gateway, (known = perConfig(gateway.settings, () => read(gateway))));
  return known();
}

function read({ settings, paths }: PluginGateway): readonly Agent[] {
  const listed = settings.get<AgentConfig[]>("agents.list") ?? [];
  const configs = listed.length > 0 ? listed : [{ id: "main" }];
  const chosen = configs.find((agent) => agent.default === true) ?? configs[0];
  const defaults = settings.get<{ model?: ModelSetting }>("agents.defaults") ?? {};
  return configs.map((config) => {
    let workspace: string | undefined;
    return {
      id: config.id,
      name: config.name ?? config.identity?.name ?? "Assistant",
      isDefault: config === chosen,
      // Worked out only for those who ask: most want a name.
      get workspace() {
        return (workspace ??= workspaceOf(config.id, { settings, stateDir: paths.stateDir }));
      },
      model: config.model ?? defaults.model,
      identity: config.identity ?? {},
    };
  });
}

export function findAgent(gateway: PluginGateway, id: string): Agent | undefined {
  return roster(gateway).find((agent) => agent.id === id);
}
