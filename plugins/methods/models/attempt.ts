import { failureOf, GatewayError, modelError } from "openclaw/plugin-sdk";
import type { ModelEndpoint, ModelPart, ModelRequest, StreamModel } from "openclaw/plugin-sdk";
import type { FullModel } from "./catalog.ts";
import type { ApiOffer } from "./registry.ts";
import { lowerLevel, wireLevel } from "./thinking.ts";

export interface AttemptParts {
  readonly reference: string;
  readonly model: FullModel;
  readonly levels: readonly string[];
  readonly offer: ApiOffer;
  readonly endpoint: ModelEndpoint;
  readonly connections: Connections;
  /** Longest silence before the first part and between parts; 0 = none. */
  readonly idleMs: number;
  /** What to do about a key that is refused. */
  readonly keyRemedy: string;
  /** The endpoint with a token that is good; given one that was refused, with another. */
  readonly renewed?: (refused?: string) => Promise<ModelEndpoint>;
}

/** Connections to models, kept as long as the plugin that made them and the configuration stay the same. */
export class Connections {
  #byOffer = new WeakMap<ApiOffer, Map<string, StreamModel>>();

  clear(): void {
    this.#byOffer = new WeakMap();
  }

  async open(offer: ApiOffer, endpoint: ModelEndpoint, reference: string): Promise<StreamModel> {
    let made = this.#byOffer.get(offer);
    if (!made) this.#byOffer.set(offer, (made = new Map()));
    const key = JSON.stringify(endpoint);
    const known = made.get(key);
    if (known) return known;
    const stream = await offer.hook.promise(endpoint);
    if (!stream) throw modelError(`no plugin can reach model "${reference}"`, reference, { reason: "no_model" });
    if (made.size >= MAX_CONNECTIONS) made.clear();
    made.set(key, stream);
    return stream;
  }
}

const MAX_CONNECTIONS = 200;

/** One model with one credential as a {@link StreamModel}: the level fitted to the model, silence limited. */
export function attempt(parts: AttemptParts): StreamModel {
  return async function* stream(request) {
    const { reference, model, levels, offer, connections, renewed } = parts;
    // Nothing is sent for a request that is called off already.
    let endpoint = (request.signal.aborted ? undefined : await renewed?.()) ?? parts.endpoint;
    let wasRenewed = false;
    let level = wireLevel(request.reasoning, levels);
    for (let tries = 0; ; tries++) {
      let answered = false;
      try {
        const open = await connections.open(offer, endpoint, reference);
        const maxTokens = Math.min(request.maxTokens ?? model.maxTokens, model.maxTokens);
        for await (const part of within(open, { ...request, reasoning: level, maxTokens }, parts)) {
          answered = true;
          yield part;
        }
        return;
      } catch (error) {
        if (renewed && !wasRenewed && !answered && !request.signal.aborted && failureOf(error).reason === "auth") {
          wasRenewed = true;
          // Throws with what mends it when there is no other token.
          endpoint = await renewed(endpoint.apiKey);
          continue;
        }
        const lower = lowerLevel(level, levels);
        if (request.signal.aborted || answered || tries > 0 || lower === undefined || !refusesLevel(error))
          throw explained(error, { ...parts, endpoint });
        level = lower;
      }
    }
  };
}

/** Ends with a failure when nothing comes for too long. */
async function* within(
  open: StreamModel,
  request: ModelRequest,
  { idleMs, reference }: AttemptParts,
): AsyncGenerator<ModelPart> {
  if (idleMs === 0) return yield* open(request);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), idleMs);
  try {
    for await (const part of open({ ...request, signal: AbortSignal.any([request.signal, limit.signal]) })) {
      timer.refresh();
      yield part;
      timer.refresh();
    }
  } catch (error) {
    if (!limit.signal.aborted || request.signal.aborted) throw error;
    const message = `model ${reference}: nothing came for ${idleMs / 1_000} s`;
    throw modelError(message, reference, { reason: "timeout" }, error);
  } finally {
    clearTimeout(timer);
  }
}

function refusesLevel(error: unknown): boolean {
  return failureOf(error).reason === "format" && /reasoning|thinking|effort/i.test(String((error as Error).message));
}

/** The provider's words without the key, which some servers repeat, and after them what to do about it. */
function explained(error: unknown, { keyRemedy, reference, endpoint }: AttemptParts): unknown {
  if (!(error instanceof GatewayError)) return error;
  const failure = failureOf(error);
  const { apiKey = "" } = endpoint;
  const repeats = apiKey !== "" && error.message.includes(apiKey);
  if (failure.reason !== "auth" && !repeats) return error;
  const said = repeats ? error.message.replaceAll(apiKey, "***") : error.message;
  const message = failure.reason === "auth" ? `${said}; ${keyRemedy}` : said;
  return modelError(message, reference, failure, repeats ? undefined : error);
}
