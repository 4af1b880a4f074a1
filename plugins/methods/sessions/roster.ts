import { perConfig } from "openclaw/plugin-sdk";
import type { Settings } from "openclaw/plugin-sdk";
import { workspaceOf } from "openclaw/plugin-sdk/workspace";
import { agentIdOf } from "./agent-id.ts";
import type { KeyRules } from "./key.ts";

interface AgentConfig {
  readonly id: string;
  readonly default?: boolean;
}

/** What the configuration says about models where a session says nothing. */
export interface ModelDefaults {
  readonly modelProvider: string | null;
  readonly model: string | null;
  readonly contextTokens: number | null;
}

/** The agents of the configuration as it is when asked: answers follow a reload. */
export interface Roster {
  /** At least one: without a list there is one agent, `main`. */
  ids(): readonly string[];
  rules(): KeyRules;
  workspace(agentId: string): string;
  modelDefaults(): ModelDefaults;
}

export function createRoster(settings: Settings, stateDir: string): Roster {
  const configured = () =>
    (settings.get<readonly AgentConfig[]>("agents.list") ?? []).map((agent) => ({ ...agent, id: agentIdOf(agent.id) }));

  return {
    ids: perConfig(settings, () => {
      const ids = configured().map(({ id }) => id);
      return ids.length > 0 ? [...new Set(ids)] : ["main"];
    }),

    rules: perConfig(settings, () => {
      const agents = configured();
      return {
        defaultAgentId: (agents.find((agent) => agent.default === true) ?? agents[0])?.id ?? "main",
        mainKey: settings.get<string>("session.mainKey")?.trim().toLowerCase() ?? "main",
        scope: settings.get<KeyRules["scope"]>("session.scope") ?? "per-sender",
        isAgent: (id) => agents.some((agent) => agent.id === id),
      };
    }),

    workspace: (agentId) => workspaceOf(agentId, { settings, stateDir }),

    modelDefaults: perConfig(settings, () => {
      const configuredModel = settings.get<string | { readonly primary?: string }>("agents.defaults.model");
      const reference = typeof configuredModel === "object" ? configuredModel.primary : configuredModel;
      const [, provider = null, model = reference ?? null] = /^([^/]+)\/(.+)$/s.exec(reference ?? "") ?? [];
      const contextTokens = settings.get<number>("agents.defaults.contextTokens") ?? null;
      return { modelProvider: provider, model, contextTokens };
    }),
  };
}
