import type { ContentBlock, ToolResultMessage } from "openclaw/plugin-sdk";
import type { Run } from "../runs.ts";
import { eventCopy, failure } from "../tool-result.ts";
import type { Toolbox } from "../tools.ts";

export type ToolCall = Extract<ContentBlock, { type: "toolCall" }>;

const MAX_SUBJECT = 200;

/** Runs one call and tells clients of it. Never throws: what goes wrong is a result that the model reads. */
export async function answerCall(
  call: ToolCall,
  problem: string | undefined,
  { run, signal, tools }: { readonly run: Run; readonly signal: AbortSignal; readonly tools: Pick<Toolbox, "run"> },
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
  const meta = subjectOf(call);
  run.emit("tool", {
    phase: "result",
    ...about,
    ...(meta !== undefined && { meta }),
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

/** What the call was about, in a line: its first argument that is text, such as a command or a path. */
export function subjectOf({ arguments: args }: ToolCall): string | undefined {
  const first = Object.values(args ?? {}).find((value) => typeof value === "string" && value.trim() !== "");
  return (first as string | undefined)?.trim().split("\n", 1)[0]?.slice(0, MAX_SUBJECT);
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
