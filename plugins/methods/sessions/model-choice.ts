import { GatewayError } from "openclaw/plugin-sdk";
import type { Settings } from "openclaw/plugin-sdk";
import type { ModelDefaults } from "./roster.ts";

interface ModelConfig {
  readonly id: string;
  readonly thinkingLevels?: readonly string[];
}

interface ProviderConfig {
  readonly models?: readonly ModelConfig[];
}

export interface ModelName {
  readonly provider: string;
  readonly model: string;
}

/** Other names of providers (agent.md §7.1). */
const PROVIDER_ALIASES: Readonly<Record<string, string>> = { "z.ai": "zai", "z-ai": "zai", gemini: "google" };
/** Providers that can be reached without an entry in the configuration (agent.md §7.2). */
const BUILT_IN: ReadonlySet<string> = new Set([
  "anthropic",
  "cerebras",
  "claude-cli",
  "codex-cli",
  "deepseek",
  "google",
  "groq",
  "lmstudio",
  "minimax",
  "mistral",
  "moonshot",
  "offline",
  "ollama",
  "openai",
  "openrouter",
  "synthetic",
  "together",
  "vercel-ai-gateway",
  "xai",
  "zai",
]);
/** Models that are known to take the highest level. */
const EXTRA_HIGH = /^(?:gpt-5\.[2-9]|gpt-5(?:\.\d+)?-codex)/;

/**
 * The model that a user means: an alias, `provider/model`, or a model of the default provider. Throws for what nobody
 * could answer with, and for what `agents.defaults.models` does not list (agent.md §7.1).
 */
export function chooseModel(text: string, settings: Settings, defaults: ModelDefaults): ModelName {
  const wanted = text.trim();
  const listed = settings.get<Readonly<Record<string, { readonly alias?: string }>>>("agents.defaults.models");
  const aliased = Object.entries(listed ?? {}).find(([, { alias }]) => alias?.toLowerCase() === wanted.toLowerCase());
  const name = parse(aliased?.[0] ?? wanted, defaults.modelProvider);
  if (!name) throw refused(`model "${wanted}" names no provider; write it as provider/model`);
  const reference = `${name.provider}/${name.model}`;
  const isDefault = name.provider === defaults.modelProvider && name.model === defaults.model;
  if (isDefault) return name;
  const allowed = Object.keys(listed ?? {});
  const isListed = allowed.some((one) => one.toLowerCase() === reference.toLowerCase());
  if (allowed.length > 0 && !isListed) {
    throw refused(`model not allowed: ${reference}; add it to agents.defaults.models or choose another with /model`);
  }
  const provider = settings.get<ProviderConfig>(`models.providers.${name.provider}`);
  const commands = settings.get<object>("agents.defaults.cliBackends") ?? {};
  if (!provider && !isListed && !BUILT_IN.has(name.provider) && !Object.hasOwn(commands, name.provider)) {
    throw refused(`unknown model: ${reference}; add its provider to models.providers or choose another with /model`);
  }
  return name;
}

/** The model that this word names beyond doubt: an alias, a model that is configured, or a provider and a model. */
export function namedModel(word: string, settings: Settings): ModelName | undefined {
  const listed = settings.get<Readonly<Record<string, { readonly alias?: string }>>>("agents.defaults.models") ?? {};
  const isAlias = Object.values(listed).some(({ alias }) => alias?.toLowerCase() === word.toLowerCase());
  if (!isAlias && !/^[A-Za-z0-9._-]+\/[^\s]+$/.test(word)) return undefined;
  try {
    return chooseModel(word, settings, NO_DEFAULTS);
  } catch {
    // Not a model: part of what the user says.
    return undefined;
  }
}

const NO_DEFAULTS: ModelDefaults = { modelProvider: null, model: null, contextTokens: null };

/** Whether the model takes the thinking level `xhigh`. */
export function hasExtraHigh({ provider, model }: ModelName, settings: Settings): boolean {
  const { models = [] } = settings.get<ProviderConfig>(`models.providers.${provider}`) ?? {};
  const levels = models.find(({ id }) => id === model)?.thinkingLevels;
  return levels ? levels.includes("xhigh") : EXTRA_HIGH.test(model);
}

function parse(reference: string, defaultProvider: string | null): ModelName | undefined {
  const slash = reference.indexOf("/");
  if (slash < 0) return defaultProvider === null ? undefined : { provider: defaultProvider, model: reference };
  const given = reference.slice(0, slash).trim().toLowerCase();
  const model = reference.slice(slash + 1).trim();
  return given === "" || model === "" ? undefined : { provider: PROVIDER_ALIASES[given] ?? given, model };
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message, { details: { code: "UNKNOWN_MODEL" } });
}
