import { isAcknowledged } from "./acknowledged.ts";
import type { AssistantMessage, ContentBlock, ToolResultMessage, TranscriptMessage } from "openclaw/plugin-sdk";

type ToolCall = Extract<ContentBlock, { type: "toolCall" }>;

const LOST = "the tool gave no result: the turn was cut off";

/**
 * A transcript as a model can read it (agent.md §10.4): without what the gateway itself said and what came to nothing,
 * every call with its one result, no two messages of the user in a row.
 */
export function tidy(messages: readonly TranscriptMessage[]): TranscriptMessage[] {
  const tidied: TranscriptMessage[] = [];
  for (let index = 0; index < messages.length; index++) {
    const message = messages[index] as TranscriptMessage;
    if (message.role === "user") addUser(tidied, message);
    else if (message.role === "assistant") {
      if (message.provider === "openclaw") continue;
      const results: ToolResultMessage[] = [];
      for (let next = messages[index + 1]; next?.role === "toolResult"; next = messages[++index + 1])
        results.push(next);
      if (isAcknowledged(tidied.at(-1), message)) tidied.pop();
      else if (!isEmpty(message)) tidied.push(message, ...paired(message, results));
    }
    // Results without their call are left out.
  }
  return tidied;
}

function addUser(tidied: TranscriptMessage[], message: Extract<TranscriptMessage, { role: "user" }>): void {
  // Established writers also store a plain text.
  const given: unknown = message.content;
  const content = typeof given === "string" ? [{ type: "text" as const, text: given }] : message.content;
  const before = tidied.at(-1);
  if (before?.role === "user") tidied[tidied.length - 1] = { ...message, content: [...before.content, ...content] };
  else tidied.push({ ...message, content });
}

/** An answer that failed before it said anything, or that only thought. */
function isEmpty({ content, stopReason }: AssistantMessage): boolean {
  const says = content.some(
    (block) => block.type === "toolCall" || (block.type === "text" && block.text.trim() !== ""),
  );
  return !says && (content.length === 0 || stopReason === "error" || stopReason === "aborted");
}

function paired({ content, timestamp }: AssistantMessage, results: readonly ToolResultMessage[]): ToolResultMessage[] {
  const calls = content.filter((block): block is ToolCall => block.type === "toolCall");
  return calls.map(
    ({ id, name }) =>
      results.find(({ toolCallId }) => toolCallId === id) ?? {
        role: "toolResult",
        toolCallId: id,
        toolName: name,
        content: [{ type: "text", text: LOST }],
        isError: true,
        timestamp,
      },
  );
}
