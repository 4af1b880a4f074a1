import type { CatalogModel, HooksOf, Models, ModelApiOptions, Offer, PluginsApi } from "openclaw/plugin-sdk";
import type { ModelEndpoint, StreamModel } from "openclaw/plugin-sdk";
import { CatalogFile, listed, mergeProvider } from "./catalog.ts";
import type { Provider } from "./catalog.ts";
import type { ModelSettings, ProviderSetting } from "./setting.ts";

export type ApiOffer = Offer<[ModelEndpoint], StreamModel, ModelApiOptions>;

const CLI_API = "cli";

/** Providers and their models, put together once and again after a change of the configuration or of a plugin. */
export class Registry {
  readonly #hooks: () => HooksOf<typeof Models>;
  readonly #settings: ModelSettings;
  readonly #plugins: PluginsApi;
  readonly #files = new Map<string, CatalogFile>();
  readonly #merged = new Map<
    string,
    { readonly sources: readonly unknown[]; readonly provider: Provider | undefined }
  >();

  constructor(hooks: () => HooksOf<typeof Models>, settings: ModelSettings, plugins: PluginsApi) {
    this.#hooks = hooks;
    this.#settings = settings;
    this.#plugins = plugins;
  }

  clear(): void {
    this.#files.clear();
    this.#merged.clear();
  }

  /** What stands under a dialect or under the id of a provider; loads the plugin that announces it. */
  offer(key: string): Promise<ApiOffer | undefined> {
    return this.#hooks().api.resolve(key);
  }

  /** `undefined` when no plugin, no file and no configuration knows it. */
  async provider(id: string, agentId: string | undefined): Promise<Provider | undefined> {
    if (this.#settings.isCliBackend(id)) return cliBackend(id);
    const known = (await this.offer(id))?.options.provider;
    const inFile = own(this.#file(agentId).providers(), id);
    const configured = own(this.#settings.providers(), id);
    const sources = this.#settings.replacesCatalog && configured ? [configured] : [inFile, configured];
    const key = `${agentId ?? ""} ${id}`;
    const cached = this.#merged.get(key);
    const made = [known, ...sources];
    if (cached && cached.sources.every((source, index) => source === made[index])) return cached.provider;
    const catalog = this.#settings.replacesCatalog && known ? { ...known, models: [] } : known;
    const provider = mergeProvider(id, catalog, sources);
    this.#merged.set(key, { sources: made, provider });
    return provider;
  }

  /** Every model of every provider. Loads the plugins of all of them. */
  async list(agentId?: string): Promise<CatalogModel[]> {
    const models: CatalogModel[] = [];
    for (const id of this.ids(agentId)) {
      const provider = await this.provider(id, agentId);
      if (provider) models.push(...listed(provider));
    }
    return models.toSorted((a, b) => compare(a.provider, b.provider) || compare(a.name, b.name));
  }

  /** Of every provider that somebody knows. */
  ids(agentId: string | undefined): Set<string> {
    const configured = Object.keys(this.#settings.providers());
    if (this.#settings.replacesCatalog) return new Set(configured);
    const announced = this.#plugins
      .list()
      .filter(({ state }) => state === "active" || state === "ready")
      .flatMap(({ contributes }) => contributes["models"] ?? []);
    return new Set([...announced, ...Object.keys(this.#file(agentId).providers()), ...configured]);
  }

  #file(agentId: string | undefined): CatalogFile {
    const directory = this.#settings.agentDir(agentId);
    let file = this.#files.get(directory);
    if (!file) this.#files.set(directory, (file = new CatalogFile(directory)));
    return file;
  }
}

/** A command that somebody configured is a provider whose models nobody lists (agent.md §18). */
function cliBackend(id: string): Provider {
  return {
    id,
    api: CLI_API,
    baseUrl: undefined,
    env: [],
    keyless: true,
    apiKey: undefined,
    headers: {},
    authHeader: false,
    oauth: undefined,
    models: new Map(),
  };
}

/** Ids come from people: `constructor` is none of ours. */
function own(all: Readonly<Record<string, ProviderSetting>>, id: string): ProviderSetting | undefined {
  return Object.hasOwn(all, id) ? all[id] : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
