import { errorText, fitImages, GatewayError, isProvided } from "openclaw/plugin-sdk";
import type {
  Agents,
  HooksOf,
  ModelTool,
  Offer,
  PluginGateway,
  ToolContext,
  ToolOptions,
  ToolPolicyApi,
  ToolResult,
  ToolTurn,
} from "openclaw/plugin-sdk";
import { coerced } from "./tool-arguments.ts";
import { Repeats } from "./tool-repeats.ts";
import { capped, failure } from "./tool-result.ts";

type ToolOffer = Offer<[ToolContext], ToolResult, ToolOptions>;

const TOOL_LIMIT_MS = 120_000;

export interface ToolParts {
  readonly gateway: PluginGateway;
  readonly hooks: HooksOf<typeof Agents>;
  readonly policy: ToolPolicyApi;
}

export interface ToolCall {
  readonly name: string;
  readonly toolCallId: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** Progress of a tool that tells of it. */
  update(partial: unknown): void;
}

/**
 * The tools of one run: which there are, by the policy of this moment, and running them one call at a time. What goes
 * wrong in a tool is a result that the model reads.
 */
export class Toolbox {
  readonly #turn: ToolTurn;
  readonly #parts: ToolParts;
  readonly #repeats = new Repeats();
  /** Tokens that the model takes, for the length of results. */
  readonly #contextWindow: number | undefined;

  constructor(turn: ToolTurn, parts: ToolParts, contextWindow?: number) {
    this.#turn = turn;
    this.#parts = parts;
    this.#contextWindow = contextWindow;
  }

  /** For a model call. Without a policy there are none. */
  offered(): ModelTool[] {
    return this.#allowed().map(({ key, options }) => ({
      name: key,
      description: options.description,
      parameters: options.parameters,
    }));
  }

  /** May these calls of one answer run beside each other? */
  mayRunTogether(names: readonly string[]): boolean {
    const { offers } = this.#parts.hooks.tool;
    return names.length > 1 && names.every((name) => offers.get(name)?.options.parallelSafe === true);
  }

  /** Run one call. Never throws. */
  async run(call: ToolCall): Promise<ToolResult> {
    const startedAt = performance.now();
    const { hooks } = this.#parts;
    const context: ToolContext = { ...this.#turn, ...call, arguments: { ...call.arguments } };
    try {
      const offer = this.#allowed().find(({ key }) => key === call.name);
      if (!offer) return failure(this.#refusal(call.name));
      const verdict = await hooks.beforeTool.promise(context);
      if (verdict?.block !== undefined)
        return failure(`tool "${call.name}" was refused: ${verdict.block}`, { reason: "blocked" });
      const ready = this.#checked({ ...context, arguments: { ...context.arguments, ...verdict?.arguments } }, offer);
      const repeated = this.#repeats.count(call.name, ready.arguments);
      if (repeated !== undefined) return failure(repeated);
      const given = capped(await within(offer, ready), this.#contextWindow);
      const result = { ...given, content: await fitImages(given.content) };
      this.#repeats.ended(call.name, ready.arguments, result);
      void hooks.afterTool.promise(ready, result, Math.round(performance.now() - startedAt));
      return result;
    } catch (error) {
      return failure(error instanceof GatewayError ? error.message : errorText(error));
    }
  }

  #allowed(): ToolOffer[] {
    const { hooks, policy, gateway } = this.#parts;
    if (!isProvided(policy)) return [];
    const there = [...hooks.tool.offers.values()].filter(({ key, options }) => {
      try {
        return options.isAvailable?.(this.#turn) ?? true;
      } catch (error) {
        gateway.log.warn(`tool "${key}" does not say whether it is available: ${errorText(error)}`, { err: error });
        return false;
      }
    });
    const allowed = policy.allowed(
      this.#turn,
      there.map(({ key, owner, options: { optional, ownerOnly, groups } }) => ({
        name: key,
        owner,
        ...(optional !== undefined && { optional }),
        ...(ownerOnly !== undefined && { ownerOnly }),
        ...(groups && { groups }),
      })),
    );
    return there.filter(({ key }) => allowed.has(key));
  }

  #refusal(name: string): string {
    if (!isProvided(this.#parts.policy))
      return `tool "${name}" is not available: enable the plugin tool-policy to use tools`;
    const offer = this.#parts.hooks.tool.offers.get(name);
    if (!offer) return `tool "${name}" is not available`;
    if (offer.options.ownerOnly && !this.#turn.isOwner)
      return `tool "${name}" is only for owners, and not only owners wrote what this turn answers`;
    return `tool "${name}" is not allowed here; see tools.profile, tools.allow and tools.deny`;
  }

  #checked(call: ToolContext, { options }: ToolOffer): ToolContext {
    const ready = { ...call, arguments: coerced(call.arguments, options.parameters) };
    const problem = this.#parts.gateway.validate(options.parameters, ready.arguments);
    if (problem === undefined) return ready;
    throw new GatewayError("INVALID_REQUEST", `invalid arguments for tool "${call.name}": ${problem}`);
  }
}

/** One call outside of a turn, or `undefined` when `turn` has no such tool. */
export async function useTool(
  turn: ToolTurn,
  call: Omit<ToolCall, "update">,
  parts: ToolParts,
): Promise<ToolResult | undefined> {
  await parts.hooks.tool.all();
  const tools = new Toolbox(turn, parts);
  if (!tools.offered().some(({ name }) => name === call.name)) return undefined;
  return tools.run({ ...call, update: () => undefined });
}

/** The tool's result, or one that says that there was none in time. Then the tool's signal is aborted. */
async function within({ hook, options }: ToolOffer, call: ToolContext): Promise<ToolResult> {
  const { timeoutMs = TOOL_LIMIT_MS } = options;
  const limit = new AbortController();
  const signal = AbortSignal.any([call.signal, limit.signal]);
  const { promise: late, resolve } = Promise.withResolvers<ToolResult>();
  const expire = () => {
    resolve(
      failure(`tool "${call.name}" gave no result within ${timeoutMs / 1_000} s; it was stopped`, {
        reason: "timeout",
      }),
    );
    limit.abort(new DOMException(`tool "${call.name}" took too long`, "TimeoutError"));
  };
  const stop = () => resolve(failure(`tool "${call.name}" was stopped`));
  const timer = timeoutMs > 0 ? setTimeout(expire, timeoutMs) : undefined;
  call.signal.addEventListener("abort", stop, { once: true });
  if (call.signal.aborted) stop();
  try {
    const work = hook.promise({ ...call, signal });
    // Nobody listens any more when the limit was faster.
    work.catch(() => undefined);
    return (await Promise.race([work, late])) ?? failure(`tool "${call.name}" gave no result`);
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener("abort", stop);
  }
}
