import type { LanguageModelV4CallOptions, LanguageModelV4Message } from "@ai-sdk/provider";
import type { ModelRequest, ModelTool } from "../services/models.ts";
import type { ContentBlock, TranscriptMessage } from "../services/sessions.ts";

/** A transcript as the contract wants it: system first, tool results under their own role. */
export function toPrompt({ system, messages }: ModelRequest): LanguageModelV4Message[] {
  const prompt: LanguageModelV4Message[] = system === "" ? [] : [{ role: "system", content: system }];
  for (const message of messages) {
    const converted = toMessage(message);
    if (converted) prompt.push(converted);
  }
  return prompt;
}

export function toTools(tools: readonly ModelTool[]): NonNullable<LanguageModelV4CallOptions["tools"]> {
  return tools.map(({ name, description, parameters }) => ({
    type: "function",
    name,
    description,
    // A JSON Schema by contract of the tool; the library's own type for it is narrower than ours.
    inputSchema: parameters as never,
  }));
}

function toMessage(message: TranscriptMessage): LanguageModelV4Message | undefined {
  switch (message.role) {
    case "user":
      return { role: "user", content: message.content.flatMap(toUserPart) };
    case "assistant": {
      // What the gateway itself said is shown to people, not to the model (sessions.md §3).
      if (message.provider === "openclaw") return undefined;
      const content = message.content.flatMap(toAssistantPart);
      return content.length > 0 ? { role: "assistant", content } : undefined;
    }
    case "toolResult": {
      const text = message.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
      const output = message.isError
        ? { type: "error-text" as const, value: text }
        : { type: "text" as const, value: text };
      const { toolCallId, toolName } = message;
      return { role: "tool", content: [{ type: "tool-result", toolCallId, toolName, output }] };
    }
  }
}

type UserContent = Extract<LanguageModelV4Message, { role: "user" }>["content"];
type AssistantContent = Extract<LanguageModelV4Message, { role: "assistant" }>["content"];

function toUserPart(block: ContentBlock): UserContent {
  if (block.type === "text") return [{ type: "text", text: block.text }];
  if (block.type === "image")
    return [{ type: "file", mediaType: block.mimeType, data: { type: "data", data: block.data } }];
  return [];
}

function toAssistantPart(block: ContentBlock): AssistantContent {
  if (block.type === "text") return [{ type: "text", text: block.text }];
  if (block.type === "toolCall")
    return [{ type: "tool-call", toolCallId: block.id, toolName: block.name, input: block.arguments }];
  return [];
}
