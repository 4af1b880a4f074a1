import { GatewayError } from "openclaw/plugin-sdk";
import type { AssistantMessage, ModelCandidate, Transcript, TranscriptMessage, Turn, Usage } from "openclaw/plugin-sdk";
import type { Failover } from "./failover.ts";
import { callModel, CallFailed, isOverflow } from "./model-call.ts";
import type { ModelCallParts } from "./model-call.ts";
import { answerCall, skippedCall } from "./tool-calls.ts";
import type { ToolCall } from "./tool-calls.ts";

const MAX_MODEL_CALLS = 200;

export interface LoopParts extends ModelCallParts {
  readonly turn: Turn;
  readonly transcript: Transcript;
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
  const add = async (message: TranscriptMessage, sourceId?: string) => {
    await transcript.append(message, sourceId === undefined ? {} : { sourceId });
    messages.push(message);
  };
  for (let calls = 0; calls < maxCalls; calls++) {
    signal.throwIfAborted();
    const answer = await callModel(failover, messages, loop).catch(async (error: unknown) => {
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
    if (toolCalls.length === 0) return { answer: message, candidate, usages };
    await turn.markEffects();
    const tools = loop.tools(candidate);
    const run = (call: ToolCall) =>
      signal.aborted
        ? skippedCall(call, `tool "${call.name}" was stopped`)
        : answerCall(call, problems.get(call.id), { ...loop, tools });
    if (tools.mayRunTogether(toolCalls.map(({ name }) => name))) {
      for (const result of await Promise.all(toolCalls.map(run))) await add(result);
    } else for (const call of toolCalls) await add(await run(call));
  }
  throw new GatewayError("UNAVAILABLE", `the agent made ${maxCalls} model calls without an end`, {
    details: { reason: "turn_limit", maxTurns: maxCalls },
  });
}
