import { definePlugin, Models } from "openclaw/plugin-sdk";
import type { KnownProvider, ModelEndpoint, StreamModel } from "openclaw/plugin-sdk";
import { modelFetch, streamWith } from "openclaw/plugin-sdk/ai-sdk";
import { CATALOG } from "./catalog.ts";

const API = "anthropic-messages";
const BASE_URL = "https://api.anthropic.com/v1";
/** What the provider wants to hear with a token of a subscription. */
const OAUTH_HEADERS = { "anthropic-beta": "oauth-2025-04-20" };
const CACHE = { anthropic: { cacheControl: { type: "ephemeral" } } };

const PROVIDERS: Readonly<Record<string, Omit<KnownProvider, "api"> & { readonly label: string }>> = {
  anthropic: {
    label: "Anthropic",
    baseUrl: BASE_URL,
    env: ["ANTHROPIC_OAUTH_TOKEN", "ANTHROPIC_API_KEY"],
    models: CATALOG,
  },
  minimax: { label: "MiniMax", baseUrl: "https://api.minimax.io/anthropic", env: ["MINIMAX_API_KEY"] },
  synthetic: { label: "Synthetic", baseUrl: "https://api.synthetic.new/anthropic", env: ["SYNTHETIC_API_KEY"] },
};

export default definePlugin((gateway) => {
  const { api } = gateway.hooks.of(Models);
  api.for(API).tap({ label: "Anthropic Messages" }, connect);
  for (const [id, { label, ...provider }] of Object.entries(PROVIDERS))
    api.for(id).tap({ label, provider: { api: API, ...provider } }, connect);
});

async function connect(endpoint: ModelEndpoint): Promise<StreamModel> {
  const { provider, model, baseUrl, apiKey = "none", headers, credential } = endpoint;
  const { createAnthropic } = await import("@ai-sdk/anthropic");
  const isToken = credential === "oauth" || credential === "token";
  const library = createAnthropic({
    baseURL: versioned(baseUrl ?? BASE_URL),
    ...(isToken ? { authToken: apiKey } : { apiKey }),
    headers: { ...(isToken && OAUTH_HEADERS), ...headers },
    fetch: modelFetch,
  });
  return streamWith(library.languageModel(model.id), `${provider}/${model.id}`, { cacheMark: CACHE });
}

/** Established configurations name the address without the version; the library wants it with. */
function versioned(baseUrl: string): string {
  const plain = baseUrl.replace(/\/+$/, "");
  return /\/v\d+$/.test(plain) ? plain : `${plain}/v1`;
}
