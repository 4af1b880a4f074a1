import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { definePlugin, GatewayError, Models } from "openclaw/plugin-sdk";
import type { ModelEndpoint, StreamModel } from "openclaw/plugin-sdk";
import { streamWith } from "openclaw/plugin-sdk/ai-sdk";
import { WELL_KNOWN } from "./well-known.ts";

export default definePlugin((gateway) => {
  gateway.hooks
    .of(Models)
    .api.for("openai-completions")
    .tap({ label: "OpenAI-compatible chat" }, (endpoint) => connect(endpoint));
});

function connect({ provider, model, baseUrl, apiKey, headers }: ModelEndpoint): StreamModel {
  const baseURL = baseUrl ?? WELL_KNOWN[provider];
  if (baseURL === undefined) {
    const message = `provider "${provider}" is not configured; set models.providers.${provider}.baseUrl`;
    throw new GatewayError("UNAVAILABLE", message, {
      details: { reason: "no_model", model: `${provider}/${model.id}` },
    });
  }
  const library = createOpenAICompatible({
    name: provider,
    baseURL,
    headers: { ...headers },
    // Puts stream_options.include_usage into the request; servers commonly leave usage out without it.
    includeUsage: true,
    ...(apiKey !== undefined && { apiKey }),
  });
  return streamWith(library.chatModel(model.id), `${provider}/${model.id}`);
}
