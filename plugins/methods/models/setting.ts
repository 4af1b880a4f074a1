import { homedir } from "node:os";
import { join } from "node:path";
import type { ModelCost, Settings } from "openclaw/plugin-sdk";

/** How access tokens of a provider are had and renewed: `models.providers.<id>.oauth`. */
export interface OAuthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Where people say yes; without it there is no `models auth login`. */
  readonly authorizeUrl?: string;
  readonly scopes?: readonly string[];
  /** Of the page on this machine that the browser comes back to; default: any that is free. */
  readonly redirectPort?: number;
}

/** `models.providers.<id>` (config.md §8). */
export interface ProviderSetting {
  readonly baseUrl?: string;
  /** The key itself, or the name of the variable that holds it. */
  readonly apiKey?: string;
  readonly api?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Send the key as `Authorization: Bearer`, whatever the dialect usually does. */
  readonly authHeader?: boolean;
  readonly oauth?: OAuthClient;
  readonly models?: readonly ModelEntry[];
}

export interface ModelEntry {
  readonly id: string;
  readonly name?: string;
  readonly api?: string;
  readonly reasoning?: boolean;
  readonly input?: readonly string[];
  readonly contextWindow?: number;
  readonly maxTokens?: number;
  readonly cost?: Partial<ModelCost>;
  readonly thinkingLevels?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A model by reference, or one with others to fall back on. */
export type ModelSetting = string | { readonly primary?: string; readonly fallbacks?: readonly string[] };

interface AgentSetting {
  readonly id: string;
  readonly default?: boolean;
  readonly agentDir?: string;
  readonly model?: ModelSetting;
}

export interface ModelChoice {
  readonly primary: string | undefined;
  readonly fallbacks: readonly string[];
}

/** What the configuration says about models, asked anew each time. */
export class ModelSettings {
  readonly #settings: Settings;
  readonly #stateDir: string;

  constructor(settings: Settings, stateDir: string) {
    this.#settings = settings;
    this.#stateDir = stateDir;
  }

  get replacesCatalog(): boolean {
    return this.#settings.get("models.mode") === "replace";
  }

  providers(): Readonly<Record<string, ProviderSetting>> {
    return this.#settings.get("models.providers") ?? {};
  }

  /** The model of an agent; fallbacks of its own replace the general ones. */
  choice(agentId: string | undefined): ModelChoice {
    const defaults = split(this.#settings.get<ModelSetting>("agents.defaults.model"));
    const own = split(this.#agent(agentId)?.model);
    return { primary: own.primary ?? defaults.primary, fallbacks: own.fallbacks ?? defaults.fallbacks ?? [] };
  }

  imageChoice(): ModelChoice {
    const { primary, fallbacks = [] } = split(this.#settings.get<ModelSetting>("agents.defaults.imageModel"));
    return { primary, fallbacks };
  }

  /** `agents.defaults.models`: what users may choose, and short names. Empty: everything. */
  listed(): Readonly<Record<string, { readonly alias?: string }>> {
    return this.#settings.get("agents.defaults.models") ?? {};
  }

  contextCeiling(): number {
    return this.#settings.get<number>("agents.defaults.contextTokens") ?? Number.POSITIVE_INFINITY;
  }

  idleMs(): number {
    return (this.#settings.get<number>("agents.defaults.streamIdleSeconds") ?? 120) * 1_000;
  }

  isCliBackend(id: string): boolean {
    return Object.hasOwn(this.#settings.get<object>("agents.defaults.cliBackends") ?? {}, id);
  }

  order(provider: string): readonly string[] {
    return this.#settings.get<Readonly<Record<string, readonly string[]>>>("auth.order")?.[provider] ?? [];
  }

  cooldowns(): Readonly<Record<string, unknown>> {
    return this.#settings.get("auth.cooldowns") ?? {};
  }

  defaultAgentId(): string {
    const agents = this.#settings.get<readonly AgentSetting[]>("agents.list") ?? [];
    return (agents.find((agent) => agent.default === true) ?? agents[0])?.id ?? "main";
  }

  /** Where an agent keeps its credentials and its catalog (state.md §5). */
  agentDir(agentId = this.defaultAgentId()): string {
    const given = this.#agent(agentId)?.agentDir;
    if (given === undefined) return join(this.#stateDir, "agents", agentId, "agent");
    return given.startsWith("~/") ? join(process.env["OPENCLAW_HOME"] || homedir(), given.slice(2)) : given;
  }

  /** Credentials for all agents, at the place of the seeds. */
  get sharedDir(): string {
    return join(this.#stateDir, "credentials");
  }

  #agent(id = this.defaultAgentId()): AgentSetting | undefined {
    const agents = this.#settings.get<readonly AgentSetting[]>("agents.list") ?? [];
    return agents.find((agent) => agent.id.toLowerCase() === id.toLowerCase());
  }
}

function split(setting: ModelSetting | undefined): Partial<ModelChoice> {
  return typeof setting === "string" ? { primary: setting } : (setting ?? {});
}
