import { Models } from "openclaw/plugin-sdk";
import type { ModelEndpoint, ModelPart, ModelRequest, Plugin, StreamModel } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import anthropic from "../../plugins/models/anthropic/index.ts";
import google from "../../plugins/models/google/index.ts";
import compatible from "../../plugins/models/openai-compatible/index.ts";
import openai from "../../plugins/models/openai/index.ts";
import { AnthropicReply } from "../fakes/anthropic-server.ts";
import { GeminiReply } from "../fakes/gemini-server.ts";
import { hello, startFakeModel } from "../fakes/model-server.ts";
import type { FakeModel, ModelReply, SeenRequest } from "../fakes/model-server.ts";
import { Reply } from "../fakes/openai-server.ts";
import { ResponsesReply } from "../fakes/responses-server.ts";

/** One wire format: the plugin that speaks it, a server that does too, and where things stand in a request. */
export interface Wire {
  readonly api: string;
  readonly plugin: Plugin;
  start(): Promise<FakeModel<ModelReply>>;
  /** What follows the origin in `baseUrl`. */
  readonly path: string;
  readonly key: (request: SeenRequest) => unknown;
  /** What the request says of the level `low`. */
  readonly effort: (body: SeenRequest["body"]) => unknown;
  readonly low: unknown;
  /** Where the request holds everything that was said. */
  readonly said: (body: SeenRequest["body"]) => unknown;
  /** What the provider signed and wants to see again. */
  readonly signed: RegExp | undefined;
}

export const WIRES: readonly Wire[] = [
  {
    api: "openai-completions",
    plugin: compatible,
    start: () => startFakeModel<ModelReply>((stream) => new Reply(stream), hello),
    path: "/v1",
    key: ({ headers }) => headers.authorization,
    effort: (body) => body["reasoning_effort"],
    low: "low",
    said: (body) => body.messages,
    signed: undefined,
  },
  {
    api: "openai-responses",
    plugin: openai,
    start: () => startFakeModel<ModelReply>((stream) => new ResponsesReply(stream), hello),
    path: "/v1",
    key: ({ headers }) => headers.authorization,
    effort: (body) => (body["reasoning"] as { effort?: string } | undefined)?.effort,
    low: "low",
    said: (body) => body["input"],
    signed: /"encrypted_content":"sealed-reasoning_1"/,
  },
  {
    api: "anthropic-messages",
    plugin: anthropic,
    start: () => startFakeModel<ModelReply>((stream) => new AnthropicReply(stream), hello),
    // As established configurations have it.
    path: "",
    key: ({ headers }) => headers["x-api-key"],
    effort: (body) => (body["thinking"] as { type?: string } | undefined)?.type,
    low: "enabled",
    said: (body) => body.messages,
    signed: /"signature":"signed-by-the-fake"/,
  },
  {
    api: "google-generative-ai",
    plugin: google,
    start: () => startFakeModel<ModelReply>((stream) => new GeminiReply(stream), hello),
    path: "/v1beta",
    key: ({ headers }) => headers["x-goog-api-key"],
    effort: (body) =>
      (body["generationConfig"] as { thinkingConfig?: { includeThoughts?: boolean } } | undefined)?.thinkingConfig
        ?.includeThoughts,
    low: true,
    said: (body) => body["contents"],
    signed: /"thoughtSignature":"signed-call"/,
  },
];

/** A model of the wire, as the plugin makes it. */
export async function connectTo(
  wire: Wire,
  origin: string,
  endpoint: Partial<ModelEndpoint> = {},
): Promise<AsyncDisposable & { readonly stream: StreamModel }> {
  const host = await createTestHost(wire.plugin);
  const stream = await host
    .hooksOf(Models)
    .api.for(wire.api)
    .promise({
      provider: "fake",
      model: { id: "fake-1", name: "Fake One", reasoning: true },
      baseUrl: `${origin}${wire.path}`,
      apiKey: "fake-key-123456",
      headers: {},
      credential: "api_key",
      ...endpoint,
    });
  if (!stream) throw new Error(`no model for ${wire.api}`);
  return { stream, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

export function requestOf(more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    system: "Be brief.",
    messages: [{ role: "user", content: [{ type: "text", text: "hello" }], timestamp: 0 }],
    tools: [],
    reasoning: "off",
    maxTokens: 4_096,
    sessionKey: "agent:main:main",
    signal: new AbortController().signal,
    ...more,
  };
}

export async function collect(parts: AsyncIterable<ModelPart>): Promise<ModelPart[]> {
  const all: ModelPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

export function textOf(parts: readonly ModelPart[], type: "text-delta" | "reasoning-delta" = "text-delta"): string {
  return parts.flatMap((part) => (part.type === type ? [part.text] : [])).join("");
}
