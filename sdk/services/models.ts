import { KeyedHook } from "../hook.ts";
import { defineService } from "../service.ts";
import type { TranscriptMessage } from "./sessions.ts";

/** One step of a model's answer. `tool-call` comes complete, with parsed arguments. */
export type ModelPart =
  | { readonly type: "text-delta"; readonly text: string }
  | { readonly type: "reasoning-delta"; readonly text: string }
  | {
      readonly type: "tool-call";
      readonly id: string;
      readonly name: string;
      readonly arguments: Record<string, unknown>;
    }
  | {
      readonly type: "finish";
      readonly reason: "stop" | "tool-calls" | "length" | "content-filter" | "other";
      readonly usage: {
        readonly input: number;
        readonly output: number;
        readonly cacheRead: number;
        readonly cacheWrite: number;
      };
    };

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: object;
}

export interface ModelRequest {
  readonly system: string;
  readonly messages: readonly TranscriptMessage[];
  readonly tools: readonly ModelTool[];
  readonly reasoning: string;
  readonly maxTokens?: number;
  readonly sessionKey: string;
  readonly signal: AbortSignal;
}

export type StreamModel = (request: ModelRequest) => AsyncIterable<ModelPart>;

export interface ModelInfo {
  readonly id: string;
  readonly name: string;
  readonly contextWindow?: number;
  readonly maxTokens?: number;
  readonly reasoning?: boolean;
  readonly input?: readonly string[];
}

/** Where and how to reach a model. Made from `models.providers.<id>` of the configuration. */
export interface ModelEndpoint {
  readonly provider: string;
  readonly model: ModelInfo;
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Thrown by a model: says whether trying again can help. */
export interface ModelFailure {
  readonly reason: "auth" | "rate_limit" | "billing" | "server" | "network" | "timeout" | "format" | "other";
  readonly status?: number;
  readonly retryAfterMs?: number;
}

export interface ModelApiOptions {
  readonly label: string;
}

/** Provider plugins tap `api` under the wire dialect they speak, such as `openai-completions`. */
export const Models = defineService<object, ReturnType<typeof createHooks>>("models", createHooks);

function createHooks() {
  return {
    api: new KeyedHook<[ModelEndpoint], StreamModel, ModelApiOptions>(["endpoint"], "models.api", "models"),
  };
}
