import { GatewayError } from "openclaw/plugin-sdk";
import type {
  AppendOptions,
  AssistantMessage,
  ModelCandidate,
  Steering,
  ToolResultMessage,
  TranscriptMessage,
  Turn,
  Usage,
} from "openclaw/plugin-sdk";
import { attachedImages } from "./attached-image.ts";
import { isCallers } from "./callers-tools.ts";
import type { Failover } from "./failover.ts";
import { callModel, CallFailed, isOverflow } from "./model-call.ts";
import type { ModelCallParts } from "./model-call.ts";
import { answerCall, skippedCall } from "./tool-calls.ts";
import type { ToolCall } from "./tool-calls.ts";

const MAX_MODEL_CALLS = 200;
/** Calls that run at the same time. */
const SIDE_BY_SIDE = 8;
const NEWER = "not run: a newer message of the user came first";

export type { Tools } from "./model-call.ts";

export interface LoopParts extends ModelCallParts {
  readonly turn: Pick<Turn, "isPostponed" | "markEffects" | "steering">;
  /** The messages of the user are written down; nothing of the answer is before that. */
  readonly recorded?: Promise<void>;
  readonly transcript: { append(message: TranscriptMessage, options?: AppendOptions): Promise<unknown> };
  readonly failover: Failover;
  /** A shorter conversation, when the model says that it is too long; throws when there is none. */
  readonly shorter: (candidate: ModelCandidate, overflow: unknown) => Promise<TranscriptMessage[]>;
  /** Name of the last answer in the transcript, so that it is written once. */
  readonly answerId: string;
}

export interface LoopEnd {
  readonly answer: AssistantMessage;
  readonly candidate: ModelCandidate;
  /** Of each model call. */
  readonly usages: readonly Usage[];
  /** Calls that whoever asked has to make. */
  readonly pending: readonly ToolCall[];
  /** What stands before the answer: what was said on the way to it, and what tools gave. */
  readonly before: readonly TranscriptMessage[];
}

/**
 * Model call, tools, model call, until an answer calls no tool. Each step is written down when it is complete; what a
 * failed call leaves is written down before the failure is thrown.
 */
export async function runLoop(history: readonly TranscriptMessage[], loop: LoopParts): Promise<LoopEnd> {
  const { turn, transcript, failover, settings, signal } = loop;
  const maxCalls = settings.get<number>("agents.defaults.maxTurns") ?? MAX_MODEL_CALLS;
  const usages: Usage[] = [];
  let messages = [...history];
  const before: TranscriptMessage[] = [];
  const add = async (message: TranscriptMessage, sourceId?: string) => {
    await transcript.append(message, sourceId === undefined ? {} : { sourceId });
    messages.push(message);
    before.push(message);
  };
  for (let calls = 0; calls < maxCalls; calls++) {
    signal.throwIfAborted();
    // A backend of its own uses tools that nobody here sees.
    if (failover.candidate.ownsLoop) {
      await loop.recorded;
      await turn.markEffects();
    }
    const asked = callModel(failover, messages, loop).finally(() => loop.recorded);
    const answer = await asked.catch(async (error: unknown) => {
      if (!(error instanceof CallFailed)) throw error;
      if (isOverflow(error) && !signal.aborted) {
        messages = await loop.shorter(failover.candidate, error.cause);
        return undefined;
      }
      if (!turn.isPostponed()) await add(error.remains);
      throw error.cause;
    });
    if (!answer) continue;
    const { message, candidate, problems } = answer;
    usages.push(message.usage);
    const toolCalls = message.content.filter((block): block is ToolCall => block.type === "toolCall");
    await add(message, toolCalls.length === 0 ? loop.answerId : undefined);
    if (toolCalls.length === 0) return { answer: message, candidate, usages, pending: [], before: before.slice(0, -1) };
    // What cannot be read goes back to the model, whoever's tool it is for.
    const pending = toolCalls.filter(({ id, name }) => isCallers(name, loop.asked) && !problems.has(id));
    const ours = toolCalls.filter((call) => !pending.includes(call));
    if (ours.length > 0) await turn.markEffects();
    const tools = loop.tools(candidate);
    const run = (call: ToolCall) =>
      signal.aborted
        ? skippedCall(call, `tool "${call.name}" was stopped`)
        : answerCall(call, problems.get(call.id), { ...loop, tools });
    let newer: readonly Steering[] = [];
    if (tools.mayRunTogether(ours.map(({ name }) => name))) {
      for (let at = 0; at < ours.length; at += SIDE_BY_SIDE) {
        const some = ours.slice(at, at + SIDE_BY_SIDE);
        for (const result of await Promise.all(some.map(run))) await add(persisted(result, loop));
      }
    } else {
      for (const [index, call] of ours.entries()) {
        // Asked before each call but the first: nothing has come between the answer and that.
        if (index > 0 && newer.length === 0) newer = (await turn.steering?.()) ?? [];
        await add(persisted(newer.length > 0 ? skippedCall(call, NEWER) : await run(call), loop));
      }
    }
    if (pending.length > 0) return { answer: message, candidate, usages, pending, before };
    if (newer.length === 0) newer = (await turn.steering?.()) ?? [];
    for (const { text, envelope } of newer) {
      const images = await attachedImages(envelope);
      await add({ role: "user", content: [{ type: "text", text }, ...images], timestamp: Date.now() });
    }
  }
  throw new GatewayError("UNAVAILABLE", `the agent made ${maxCalls} model calls without an end`, {
    details: { reason: "turn_limit", maxTurns: maxCalls },
  });
}

/** The result as plugins want it kept. */
function persisted(result: ToolResultMessage, { plugins }: LoopParts): ToolResultMessage {
  return (plugins && plugins.hooks.toolResultPersist.call(result, plugins.context)) ?? result;
}
