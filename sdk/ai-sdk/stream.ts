import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import type { ModelPart, ModelRequest, StreamModel } from "../services/models.ts";
import type { ProviderMetadata } from "../services/sessions.ts";
import type { DialectOptions } from "./dialect.ts";
import { failure } from "./failure.ts";
import { toPrompt, toTools } from "./prompt.ts";

const REASONING: Readonly<Record<string, LanguageModelV4CallOptions["reasoning"]>> = {
  none: "none",
  minimal: "minimal",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
};

/** What a model writes for tools in one answer: several times what any of them can. */
const MAX_ARGUMENT_CHARS = 4_000_000;
/** Deeper arguments are for no tool, and can be neither written down nor sent on. */
const MAX_ARGUMENT_DEPTH = 64;

/**
 * A model of the AI SDK contract as one of ours. One request per call: retries and failover are the
 * agent's. `name` is its reference, such as `ollama/llama3.2`; errors call it so.
 */
export function streamWith(model: LanguageModelV4, name: string, dialect: DialectOptions = {}): StreamModel {
  return async function* stream(request) {
    const metadata = new Map<string, ProviderMetadata>();
    let ended = false;
    let argumentChars = 0;
    try {
      const { stream: parts } = await model.doStream(callOptions(request, name, dialect));
      for await (const part of parts) {
        if (part.type === "tool-input-delta") argumentChars += part.delta.length;
        if (argumentChars > MAX_ARGUMENT_CHARS)
          throw new Error(`the arguments of its tools are longer than ${MAX_ARGUMENT_CHARS} characters`);
        const converted = toPart(part, metadata);
        if (converted?.type === "finish") ended = true;
        if (converted) yield converted;
      }
      request.signal.throwIfAborted();
      if (!ended) throw new Error("the stream was terminated before the end of the answer");
    } catch (error) {
      if (request.signal.aborted) throw error;
      throw failure(error, name);
    }
  };
}

function callOptions(request: ModelRequest, name: string, dialect: DialectOptions): LanguageModelV4CallOptions {
  // `off` says nothing: a model that does not reason refuses even `none`.
  const reasoning = REASONING[request.reasoning];
  const { signal, tools } = request;
  return {
    prompt: toPrompt(request, name, dialect),
    abortSignal: signal,
    ...(tools.length > 0 && { tools: toTools(tools, dialect), ...toolChoice(request) }),
    ...sampling(request),
    ...(reasoning && { reasoning }),
    ...(dialect.providerOptions && { providerOptions: dialect.providerOptions(request) }),
  };
}

function toolChoice({ toolChoice: choice = "auto" }: ModelRequest): Pick<LanguageModelV4CallOptions, "toolChoice"> {
  if (choice === "auto") return {};
  return { toolChoice: choice === "required" ? { type: "required" } : { type: "tool", toolName: choice.name } };
}

function sampling(request: ModelRequest): Partial<LanguageModelV4CallOptions> {
  const { maxTokens, temperature, topP, frequencyPenalty, presencePenalty, seed, stop } = request;
  return {
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(seed !== undefined && { seed }),
    ...(stop && stop.length > 0 && { stopSequences: [...stop] }),
  };
}

/** `metadata` gathers what a block's parts say for the next request; a signature comes with the last of them. */
function toPart(part: LanguageModelV4StreamPart, metadata: Map<string, ProviderMetadata>): ModelPart | undefined {
  switch (part.type) {
    case "text-start":
    case "reasoning-start":
      gather(metadata, part.id, part.providerMetadata);
      return undefined;
    case "text-delta":
      gather(metadata, part.id, part.providerMetadata);
      return part.delta === "" ? undefined : { type: "text-delta", text: part.delta };
    case "reasoning-delta":
      gather(metadata, part.id, part.providerMetadata);
      return part.delta === "" ? undefined : { type: "reasoning-delta", text: part.delta };
    case "text-end":
      return { type: "text-end", ...gathered(metadata, part.id, part.providerMetadata) };
    case "reasoning-end":
      return { type: "reasoning-end", ...gathered(metadata, part.id, part.providerMetadata) };
    case "tool-call":
      return {
        type: "tool-call",
        id: part.toolCallId,
        name: part.toolName,
        ...parseArguments(part.input, part.toolName),
        ...(part.providerMetadata && { metadata: part.providerMetadata }),
      };
    case "finish":
      return finish(part);
    case "error":
      throw part.error;
    default:
      return undefined;
  }
}

function finish({ finishReason, usage }: Extract<LanguageModelV4StreamPart, { type: "finish" }>): ModelPart {
  const { unified, raw } = finishReason;
  if (unified === "error") throw new Error(`the model ended with "${raw ?? unified}"`);
  if (unified === "interrupted") throw new Error("the stream was terminated before the end of the answer");
  const { inputTokens, outputTokens } = usage;
  return {
    type: "finish",
    reason: unified,
    usage: {
      input: inputTokens.noCache ?? inputTokens.total ?? 0,
      output: outputTokens.total ?? 0,
      cacheRead: inputTokens.cacheRead ?? 0,
      cacheWrite: inputTokens.cacheWrite ?? 0,
      ...(outputTokens.reasoning ? { reasoning: outputTokens.reasoning } : {}),
    },
  };
}

function gather(all: Map<string, ProviderMetadata>, id: string, more: SharedV4ProviderMetadata | undefined): void {
  if (!more) return;
  const known = all.get(id) ?? {};
  const merged = Object.entries(more).map(([provider, value]) => [provider, { ...known[provider], ...value }]);
  all.set(id, { ...known, ...(Object.fromEntries(merged) as ProviderMetadata) });
}

function gathered(all: Map<string, ProviderMetadata>, id: string, more: SharedV4ProviderMetadata | undefined) {
  gather(all, id, more);
  const metadata = all.get(id);
  all.delete(id);
  return metadata && { metadata };
}

function parseArguments(input: string, tool: string) {
  try {
    const value: unknown = input.trim() === "" ? {} : JSON.parse(input);
    if (!isShallow(value, MAX_ARGUMENT_DEPTH))
      return { arguments: {}, problem: `the arguments of "${tool}" are nested more than ${MAX_ARGUMENT_DEPTH} deep` };
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { arguments: value as Record<string, unknown> };
  } catch {
    // Told below: the model wrote something that is no JSON.
  }
  return { arguments: {}, problem: `the arguments of "${tool}" are not a JSON object` };
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((one) => isShallow(one, depth - 1));
}
