import { APICallError } from "@ai-sdk/provider";
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { errorText, GatewayError } from "../error.ts";
import type { ModelFailure, ModelPart, ModelRequest, StreamModel } from "../services/models.ts";
import { toPrompt, toTools } from "./prompt.ts";

const REASONING: Readonly<Record<string, LanguageModelV4CallOptions["reasoning"]>> = {
  minimal: "minimal",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
};

/**
 * A model of the AI SDK contract as one of ours. One request per call: retries and failover are the
 * agent's. `name` is what errors call it, such as `ollama/llama3.2`.
 */
export function streamWith(model: LanguageModelV4, name: string): StreamModel {
  return async function* stream(request) {
    try {
      const { stream: parts } = await model.doStream(callOptions(request));
      for await (const part of parts) {
        const converted = toPart(part);
        if (converted) yield converted;
      }
    } catch (error) {
      if (request.signal.aborted) throw error;
      throw failure(error, name);
    }
  };
}

function callOptions(request: ModelRequest): LanguageModelV4CallOptions {
  const reasoning = REASONING[request.reasoning];
  return {
    prompt: toPrompt(request),
    abortSignal: request.signal,
    ...(request.tools.length > 0 && { tools: toTools(request.tools) }),
    ...(request.maxTokens !== undefined && { maxOutputTokens: request.maxTokens }),
    ...(reasoning && { reasoning }),
  };
}

function toPart(part: LanguageModelV4StreamPart): ModelPart | undefined {
  switch (part.type) {
    case "text-delta":
      return part.delta === "" ? undefined : { type: "text-delta", text: part.delta };
    case "reasoning-delta":
      return { type: "reasoning-delta", text: part.delta };
    case "tool-call":
      return {
        type: "tool-call",
        id: part.toolCallId,
        name: part.toolName,
        arguments: parseArguments(part.input, part.toolName),
      };
    case "finish": {
      const { unified } = part.finishReason;
      if (unified === "error" || unified === "interrupted")
        throw new Error(`the model ended with "${part.finishReason.raw ?? unified}"`);
      const { inputTokens, outputTokens } = part.usage;
      const usage = {
        input: inputTokens.noCache ?? inputTokens.total ?? 0,
        output: outputTokens.total ?? 0,
        cacheRead: inputTokens.cacheRead ?? 0,
        cacheWrite: inputTokens.cacheWrite ?? 0,
      };
      return { type: "finish", reason: unified, usage };
    }
    case "error":
      throw part.error instanceof Error ? part.error : new Error(String(part.error));
    default:
      return undefined;
  }
}

function parseArguments(input: string, tool: string): Record<string, unknown> {
  try {
    const value: unknown = input.trim() === "" ? {} : JSON.parse(input);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below: the model wrote something that is no JSON.
  }
  throw new Error(`the model called "${tool}" with arguments that are not a JSON object`);
}

/** One sentence for people and a reason for the code that decides what to try next. */
function failure(error: unknown, name: string): GatewayError {
  const call = APICallError.isInstance(error) ? error : undefined;
  const status = call?.statusCode;
  const retryAfter = Number(call?.responseHeaders?.["retry-after"]);
  const details: ModelFailure = {
    reason: reasonOf(status, call !== undefined),
    ...(status !== undefined && { status }),
    ...(retryAfter > 0 && { retryAfterMs: retryAfter * 1_000 }),
  };
  const what = status === undefined ? errorText(error) : `${status} ${call?.message}`;
  return new GatewayError("UNAVAILABLE", `model ${name}: ${what}${remedy(details.reason, name)}`, {
    details: { ...details, model: name },
    retryable: details.reason !== "auth" && details.reason !== "billing" && details.reason !== "format",
    cause: error,
  });
}

function reasonOf(status: number | undefined, reached: boolean): ModelFailure["reason"] {
  if (status === undefined) return reached ? "network" : "other";
  if (status === 401 || status === 403) return "auth";
  if (status === 402) return "billing";
  if (status === 429) return "rate_limit";
  return status >= 500 ? "server" : "format";
}

function remedy(reason: ModelFailure["reason"], name: string): string {
  const [provider] = name.split("/");
  if (reason === "auth") return `; check the key: openclaw config set models.providers.${provider}.apiKey <key>`;
  if (reason === "network") return `; check that it runs and models.providers.${provider}.baseUrl is right`;
  return "";
}
