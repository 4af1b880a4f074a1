import type { PendingToolCall } from "openclaw/plugin-sdk";
import { isFiltered } from "openclaw/plugin-sdk/http-api";
import type { RunEnd } from "openclaw/plugin-sdk/http-api";

/** What stands on every answer to one request. */
export interface Label {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export function completion({ id, created, model }: Label, end: RunEnd): object {
  const { text, pending } = end;
  const message = {
    role: "assistant",
    content: text === "" && pending.length > 0 ? null : text,
    refusal: null,
    ...(pending.length > 0 && { tool_calls: pending.map(toolCall) }),
  };
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(end) }],
    usage: usageOf(end),
  };
}

export function chunk(label: Label, delta: object, reason: string | null = null): object {
  return { ...chunkHead(label), choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }] };
}

export function usageChunk(label: Label, end: RunEnd): object {
  return { ...chunkHead(label), choices: [], usage: usageOf(end) };
}

/** One call, as a delta that is whole. */
export function toolCallDelta(call: PendingToolCall, index: number): object {
  return { tool_calls: [{ index, ...toolCall(call) }] };
}

export function finishReason({ work, pending, stopReason }: RunEnd): string {
  if (isFiltered(work)) return "content_filter";
  if (pending.length > 0) return "tool_calls";
  return stopReason === "length" ? "length" : "stop";
}

function chunkHead({ id, created, model }: Label): object {
  return { id, object: "chat.completion.chunk", created, model };
}

function toolCall({ id, name, arguments: given }: PendingToolCall): object {
  return { id, type: "function", function: { name, arguments: JSON.stringify(given) } };
}

/** Prompt tokens are with those of the cache, as clients count them. */
function usageOf({ usage: { input, output, cacheRead, cacheWrite, reasoning = 0 } }: RunEnd): object {
  const prompt = input + cacheRead + cacheWrite;
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { cached_tokens: cacheRead },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}
