import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CatalogModel, KnownProvider, ModelCost, ModelInfo } from "openclaw/plugin-sdk";
import type { ModelEntry, OAuthClient, ProviderSetting } from "./setting.ts";

const UNKNOWN_CONTEXT = 200_000;
const UNKNOWN_MAX_TOKENS = 8_192;
const DEFAULT_API = "openai-completions";

export type FullModel = ModelInfo & { readonly contextWindow: number; readonly maxTokens: number };

/** One provider, merged from what its plugin knows, the agent's `models.json` and the configuration. */
export interface Provider {
  readonly id: string;
  readonly api: string;
  readonly baseUrl: string | undefined;
  readonly env: readonly string[];
  readonly keyless: boolean;
  readonly apiKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly authHeader: boolean;
  readonly oauth: OAuthClient | undefined;
  readonly models: ReadonlyMap<string, ModelInfo & Pick<ModelEntry, "api" | "headers">>;
}

/** The later of the sources wins, model by model (agent.md §7.2). `undefined` when nobody knows the provider. */
export function mergeProvider(
  id: string,
  known: KnownProvider | undefined,
  sources: readonly (ProviderSetting | undefined)[],
): Provider | undefined {
  const given = sources.filter((source) => source !== undefined);
  if (!known && given.length === 0) return undefined;
  const last = <K extends keyof ProviderSetting>(key: K) =>
    given.findLast((source) => source[key] !== undefined)?.[key];
  const models = new Map<string, ModelInfo & Pick<ModelEntry, "api" | "headers">>();
  for (const model of known?.models ?? []) models.set(model.id, model);
  for (const { models: entries = [] } of given) {
    for (const entry of entries) models.set(entry.id, merged(models.get(entry.id), entry));
  }
  const baseUrl = last("baseUrl");
  return {
    id,
    api: last("api") ?? known?.api ?? DEFAULT_API,
    baseUrl: baseUrl ?? known?.baseUrl,
    env: known?.env ?? [`${id.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_API_KEY`],
    // Whoever runs at an address of the owner's choosing may want no key; it says so if it does.
    keyless: known?.keyless ?? (!known || baseUrl !== undefined),
    apiKey: last("apiKey"),
    headers: last("headers") ?? {},
    authHeader: last("authHeader") ?? false,
    oauth: last("oauth"),
    models,
  };
}

/** The model with everything a turn needs to know; a careful guess for one that no catalog has. */
export function modelOf(provider: Provider, id: string, contextCeiling: number): FullModel {
  const model = provider.models.get(id) ?? { id, name: id };
  return {
    ...model,
    contextWindow: Math.min(model.contextWindow ?? UNKNOWN_CONTEXT, contextCeiling),
    maxTokens: model.maxTokens ?? UNKNOWN_MAX_TOKENS,
    input: model.input ?? ["text"],
  };
}

export function listed(provider: Provider): CatalogModel[] {
  return [...provider.models.values()].map((entry) => {
    const model: CatalogModel & { headers?: unknown } = { api: provider.api, ...entry, provider: provider.id };
    // They may hold a secret.
    delete model.headers;
    return model;
  });
}

function merged(known: ModelInfo | undefined, { cost, ...entry }: ModelEntry): ModelInfo {
  const price = cost && ({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...known?.cost, ...cost } as ModelCost);
  return { ...known, ...entry, name: entry.name ?? known?.name ?? entry.id, ...(price && { cost: price }) };
}

/** `models.json` of an agent, which other tools write. Read again only when it has changed. */
export class CatalogFile {
  readonly path: string;
  #providers: Readonly<Record<string, ProviderSetting>> = {};
  #stamp = "";

  constructor(agentDir: string) {
    this.path = join(agentDir, "models.json");
  }

  /** Throws one sentence when the file is there and cannot be used. */
  providers(): Readonly<Record<string, ProviderSetting>> {
    const info = statSync(this.path, { throwIfNoEntry: false });
    const stamp = info ? `${info.mtimeMs}:${info.size}` : "";
    if (stamp !== this.#stamp) {
      this.#providers = info ? parse(this.path) : {};
      this.#stamp = stamp;
    }
    return this.#providers;
  }
}

function parse(path: string): Readonly<Record<string, ProviderSetting>> {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as { readonly providers?: unknown } | null;
    const { providers } = value ?? {};
    const all = typeof providers === "object" && providers !== null ? Object.entries(providers) : [];
    return Object.fromEntries(all.filter((entry): entry is [string, ProviderSetting] => isSetting(entry[1])));
  } catch {
    // It may quote a key.
    throw new Error(`cannot read ${path}: it is not JSON; mend it or move it away`);
  }
}

/** Other programs write the file; what is not of the shape is as if it were not there. */
function isSetting(value: unknown): value is ProviderSetting {
  if (typeof value !== "object" || value === null) return false;
  const { models = [] } = value as { readonly models?: unknown };
  return Array.isArray(models) && models.every((model) => typeof (model as ModelEntry | null)?.id === "string");
}
