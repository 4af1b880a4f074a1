import { definePlugin, Models } from "openclaw/plugin-sdk";
import type { ModelEndpoint, StreamModel } from "openclaw/plugin-sdk";
import { modelFetch, streamWith } from "openclaw/plugin-sdk/ai-sdk";
import { CATALOG } from "./catalog.ts";

const API = "openai-responses";
const BASE_URL = "https://api.openai.com/v1";

export default definePlugin((gateway) => {
  const { api } = gateway.hooks.of(Models);
  api.for(API).tap({ label: "OpenAI Responses" }, connect);
  api
    .for("openai")
    .tap(
      { label: "OpenAI", provider: { api: API, baseUrl: BASE_URL, env: ["OPENAI_API_KEY"], models: CATALOG } },
      connect,
    );
});

async function connect({ provider, model, baseUrl, apiKey, headers }: ModelEndpoint): Promise<StreamModel> {
  const { createOpenAI } = await import("@ai-sdk/openai");
  const library = createOpenAI({
    baseURL: baseUrl ?? BASE_URL,
    // Without one the library would take that of the environment, whoever stands at the address.
    apiKey: apiKey ?? "none",
    headers: { ...headers },
    fetch: modelFetch,
  });
  const options = {
    openai: {
      // Nothing of a conversation is kept by the provider: what it needs again travels with the transcript.
      store: false,
      ...(model.reasoning !== undefined && { forceReasoning: model.reasoning }),
    },
  };
  return streamWith(library.responses(model.id), `${provider}/${model.id}`, {
    providerOptions: () => options,
    plainSchemas: true,
  });
}
