import { KeyedHook } from "../hook.ts";
import { defineService } from "../service.ts";
import type { ModelFailure } from "./model-failure.ts";
import type { ProviderMetadata, Session, TranscriptMessage } from "./sessions.ts";

/**
 * One step of a model's answer. Text and reasoning come in blocks: deltas, then an end with what the provider wants to
 * see again in the next request (signatures, ids); blocks without such a thing may have no end part.
 */
export type ModelPart =
  | { readonly type: "text-delta"; readonly text: string }
  | { readonly type: "text-end"; readonly metadata?: ProviderMetadata }
  | { readonly type: "reasoning-delta"; readonly text: string }
  | { readonly type: "reasoning-end"; readonly metadata?: ProviderMetadata }
  /** Complete, with parsed arguments. `problem`: they cannot be read, so the call is answered with this error. */
  | {
      readonly type: "tool-call";
      readonly id: string;
      readonly name: string;
      readonly arguments: Record<string, unknown>;
      readonly metadata?: ProviderMetadata;
      readonly problem?: string;
    }
  | {
      readonly type: "finish";
      readonly reason: "stop" | "tool-calls" | "length" | "content-filter" | "other";
      /** `input` is without what came from the cache or went into it. */
      readonly usage: {
        readonly input: number;
        readonly output: number;
        readonly cacheRead: number;
        readonly cacheWrite: number;
        /** Of `output`, what was thought and not said. */
        readonly reasoning?: number;
      };
    };

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: object;
}

/** Must the model call a tool, and which? */
export type ToolChoice = "auto" | "required" | { readonly name: string };

/** How an answer is chosen, where whoever asks has a say in it. A provider leaves out what it cannot do. */
export interface Sampling {
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
}

export interface ModelRequest extends Sampling {
  readonly system: string;
  readonly messages: readonly TranscriptMessage[];
  readonly tools: readonly ModelTool[];
  /** A thinking level: `off`, `minimal`, `low`, `medium`, `high`, `xhigh`. To a provider plugin also `none`: really off. */
  readonly reasoning: string;
  /** Default `auto`. */
  readonly toolChoice?: ToolChoice;
  readonly sessionKey: string;
  readonly signal: AbortSignal;
}

/**
 * Signal of a request that is not to be made: it loads what answers need. Aborted from the beginning, so that whoever
 * does not know it asks nobody.
 */
export const WARM_UP: AbortSignal = AbortSignal.abort(new Error("warm-up"));

/**
 * Sends one request and streams its answer; retries and failover are the caller's. Throws an error that
 * `failureOf` understands. Ends after `finish`, or by throwing.
 */
export type StreamModel = (request: ModelRequest) => AsyncIterable<ModelPart>;

/** USD per million tokens. */
export interface ModelCost {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export interface ModelInfo {
  readonly id: string;
  readonly name: string;
  readonly contextWindow?: number;
  readonly maxTokens?: number;
  readonly reasoning?: boolean;
  readonly input?: readonly string[];
  readonly cost?: ModelCost;
  /** Levels the model takes, when they are not the usual ones. */
  readonly thinkingLevels?: readonly string[];
}

/** Where and how to reach a model: the catalog, `models.providers.<id>` and the credential of this attempt. */
export interface ModelEndpoint {
  readonly provider: string;
  readonly model: ModelInfo;
  readonly baseUrl: string | undefined;
  /** A key; for `oauth` and `token` the bearer token. */
  readonly apiKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly credential?: CredentialKind;
}

export type CredentialKind = "api_key" | "oauth" | "token" | "none";

/** A provider that a plugin knows without any configuration. */
export interface KnownProvider {
  /** The dialect it speaks: another key of the same table. */
  readonly api: string;
  readonly baseUrl?: string;
  /** Variables that may hold its key, best first. */
  readonly env?: readonly string[];
  /** Needs no key: it runs on this machine, or is no service at all. */
  readonly keyless?: boolean;
  /** A small catalog; other models of the provider work too. */
  readonly models?: readonly ModelInfo[];
}

export interface ModelApiOptions {
  readonly label: string;
  /** Set where the key is the id of a provider. */
  readonly provider?: KnownProvider;
  /** Runs the whole turn by itself: it gets no tools, and keeps its own context. */
  readonly ownsLoop?: boolean;
}

/** One model as the gateway knows it. */
export interface CatalogModel extends ModelInfo {
  readonly provider: string;
  readonly api: string;
}

export interface ModelReference {
  readonly provider: string;
  readonly model: string;
  /** A credential that the user has pinned with `ref@profile`. */
  readonly profileId?: string;
}

/** Which model a run is for. */
export interface ModelWant {
  readonly agentId: string;
  /** Its overrides and its pinned credential count. */
  readonly session?: Session;
  /** For this run only, before everything else: a reference or an alias. */
  readonly override?: string;
  /** The prompt has images: a model that cannot see gives way to `agents.defaults.imageModel`. */
  readonly images?: boolean;
}

/** One model with one credential. Ask the candidates of a run in order (agent.md §7.4). */
export interface ModelCandidate {
  /** `provider/model`. */
  readonly reference: string;
  readonly provider: string;
  readonly api: string;
  /** With `contextWindow` and `maxTokens` always set. */
  readonly model: ModelInfo & { readonly contextWindow: number; readonly maxTokens: number };
  readonly profileId: string | undefined;
  readonly credential: CredentialKind;
  /** See {@link ModelApiOptions.ownsLoop}. */
  readonly ownsLoop: boolean;
  /** The level when nobody chose one. */
  readonly defaultThinking: string;
  /** Levels the model takes; only `off` for one that does not reason. */
  readonly thinkingLevels: readonly string[];
  /** The provider's library is loaded on the first call. A level the model does not take becomes the next lower one. */
  readonly stream: StreamModel;
}

/** How to reach a provider. The key must reach nobody but it. */
export interface ProviderAccess {
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ModelsApi {
  /**
   * The primary with each of its credentials, then each fallback. Never empty: with nothing configured the offline
   * responder. Throws one sentence, reason `no_model` or `auth`, when no candidate can be asked.
   */
  candidates(want: ModelWant): Promise<readonly ModelCandidate[]>;
  /** How an attempt ended: cool-downs, the last good credential and the session's pin follow from it. */
  report(candidate: ModelCandidate, outcome: "ok" | ModelFailure, session?: Session): void;
  /**
   * The model that a user's words mean: an alias, `provider/model`, a model of the default provider. Throws
   * `INVALID_REQUEST` for what is unknown or not in `agents.defaults.models`.
   */
  choose(text: string, agentId?: string): Promise<ModelReference>;
  /** Every model known here: of catalogs, of the configuration, and those that are in use. */
  list(): Promise<readonly CatalogModel[]>;
  /**
   * Where a provider is and how it lets an agent in, for something else than talking to a model, such as turning speech
   * into text. Nothing without a credential, or when the provider is unknown.
   */
  access(provider: string, agentId?: string): Promise<ProviderAccess | undefined>;
  /** The default model of an agent, as configured. */
  primary(agentId?: string): string;
}

/**
 * Provider plugins tap `api` under the wire dialect they speak, such as `openai-completions`, and under the id of each
 * provider they know, such as `groq`, so that a provider is found without loading the plugins of all others.
 */
export const Models = defineService<ModelsApi, ReturnType<typeof createHooks>>("models", createHooks);

function createHooks() {
  return {
    api: new KeyedHook<[ModelEndpoint], StreamModel, ModelApiOptions>(["endpoint"], "models.api", "models"),
  };
}
