import type { ContentBlock, ToolResultMessage } from "openclaw/plugin-sdk";
import type { Run } from "../runs.ts";
import { eventCopy, failure } from "../tool-result.ts";
import type { Toolbox } from "../tools.ts";

export type ToolCall = Extract<ContentBlock, { type: "toolCall" }>;

/** Runs one call and tells clients of it. Never throws: what goes wrong is a result that the model reads. */
export async function answerCall(
  call: ToolCall,
  problem: string | undefined,
  { run, signal, tools }: { readonly run: Run; readonly signal: AbortSignal; readonly tools: Toolbox },
): Promise<ToolResultMessage> {
  const about = { name: call.name, toolCallId: call.id };
  run.emit("tool", { phase: "start", ...about, args: call.arguments });
  const result =
    problem === undefined
      ? await tools.run({
          ...about,
          arguments: call.arguments,
          signal,
          update: (partialResult) => run.emit("tool", { phase: "update", ...about, partialResult }),
        })
      : failure(problem);
  const isError = result.isError === true;
  run.emit("tool", {
    phase: "result",
    ...about,
    isError,
    result: eventCopy(result),
  });
  return {
    role: "toolResult",
    toolCallId: call.id,
    toolName: call.name,
    content: result.content,
    ...(result.details !== undefined && { details: result.details }),
    isError,
    timestamp: Date.now(),
  };
}

/** The result of a call that is not made, and why. */
export function skippedCall(call: ToolCall, why: string): ToolResultMessage {
  return {
    role: "toolResult",
    toolCallId: call.id,
    toolName: call.name,
    content: [{ type: "text", text: why }],
    isError: true,
    timestamp: Date.now(),
  };
}
