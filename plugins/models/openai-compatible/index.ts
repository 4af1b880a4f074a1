import { definePlugin, modelError, Models } from "openclaw/plugin-sdk";
import type { ModelEndpoint, StreamModel } from "openclaw/plugin-sdk";
import { modelFetch, streamWith } from "openclaw/plugin-sdk/ai-sdk";
import { shortCallId } from "./call-id.ts";
import { WELL_KNOWN } from "./well-known.ts";

const API = "openai-completions";

export default definePlugin((gateway) => {
  const { api } = gateway.hooks.of(Models);
  api.for(API).tap({ label: "OpenAI-compatible chat" }, connect);
  for (const [id, { label, ...provider }] of Object.entries(WELL_KNOWN))
    api.for(id).tap({ label, provider: { api: API, ...provider } }, connect);
});

async function connect({ provider, model, baseUrl, apiKey, headers }: ModelEndpoint): Promise<StreamModel> {
  const name = `${provider}/${model.id}`;
  if (baseUrl === undefined) {
    const message = `provider "${provider}" is not configured; set its address: openclaw config set models.providers.${provider}.baseUrl <url>`;
    throw modelError(message, name, { reason: "no_model" });
  }
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const library = createOpenAICompatible({
    name: provider,
    baseURL: baseUrl,
    headers: { ...headers },
    // Puts stream_options.include_usage into the request; servers commonly leave usage out without it.
    includeUsage: true,
    fetch: modelFetch,
    ...(apiKey !== undefined && { apiKey }),
  });
  return streamWith(library.chatModel(model.id), name, {
    textResults: true,
    plainSchemas: true,
    ...(provider === "mistral" && { toolCallId: shortCallId }),
  });
}
