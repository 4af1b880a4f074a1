import { definePlugin, Models } from "openclaw/plugin-sdk";
import type { ModelEndpoint, ModelRequest, StreamModel } from "openclaw/plugin-sdk";
import { modelFetch, streamWith } from "openclaw/plugin-sdk/ai-sdk";
import { CATALOG } from "./catalog.ts";

const API = "google-generative-ai";
const BASE_URL = "https://generativelanguage.googleapis.com/v1beta";

export default definePlugin((gateway) => {
  const { api } = gateway.hooks.of(Models);
  const env = ["GEMINI_API_KEY", "GOOGLE_API_KEY"];
  api.for(API).tap({ label: "Google Generative AI" }, connect);
  api.for("google").tap({ label: "Google", provider: { api: API, baseUrl: BASE_URL, env, models: CATALOG } }, connect);
});

async function connect({ provider, model, baseUrl, apiKey, headers }: ModelEndpoint): Promise<StreamModel> {
  const { createGoogleGenerativeAI } = await import("@ai-sdk/google");
  const library = createGoogleGenerativeAI({
    baseURL: baseUrl ?? BASE_URL,
    // Without one the library would take that of the environment, whoever stands at the address.
    apiKey: apiKey ?? "none",
    headers: { ...headers },
    fetch: modelFetch,
  });
  return streamWith(library.chat(model.id), `${provider}/${model.id}`, {
    providerOptions,
    toolCallId: (id) => id.replaceAll(/[^A-Za-z0-9]/g, ""),
    userFirst: true,
    plainSchemas: true,
  });
}

/** A model that thinks says so only when asked. */
function providerOptions({ reasoning }: ModelRequest) {
  const thinks = reasoning !== "off" && reasoning !== "none";
  return { google: thinks ? { thinkingConfig: { includeThoughts: true } } : {} };
}
