import type { LanguageModelV4CallOptions, LanguageModelV4Message, SharedV4ProviderOptions } from "@ai-sdk/provider";
import type { ModelRequest, ModelTool } from "../services/models.ts";
import type { ContentBlock, ProviderMetadata, TranscriptMessage } from "../services/sessions.ts";
import type { DialectOptions } from "./dialect.ts";
import { plainSchema } from "./plain-schema.ts";

const MAX_NAME = 128;

type AssistantMessage = Extract<TranscriptMessage, { role: "assistant" }>;
type ToolResult = Extract<TranscriptMessage, { role: "toolResult" }>;
type UserContent = Extract<LanguageModelV4Message, { role: "user" }>["content"];
type AssistantContent = Extract<LanguageModelV4Message, { role: "assistant" }>["content"];

/** A transcript as the contract wants it, for the model `name`: system first, tool results under their own role. */
export function toPrompt(request: ModelRequest, name: string, dialect: DialectOptions): LanguageModelV4Message[] {
  const { system, messages } = request;
  const mark = dialect.cacheMark && { providerOptions: dialect.cacheMark };
  const prompt: LanguageModelV4Message[] = system === "" ? [] : [{ role: "system", content: system, ...mark }];
  const rest = messages.flatMap((message) => toMessages(message, name, dialect));
  if (dialect.userFirst && rest[0]?.role === "assistant") prompt.push(text("(the conversation goes on)"));
  const last = rest.pop();
  return last ? [...prompt, ...rest, { ...last, ...mark }] : prompt;
}

export function toTools(
  tools: readonly ModelTool[],
  { plainSchemas = false }: DialectOptions,
): NonNullable<LanguageModelV4CallOptions["tools"]> {
  return tools.map(({ name, description, parameters }) => ({
    type: "function",
    name,
    description,
    // A JSON Schema by contract of the tool; the library's own type for it is narrower than ours.
    inputSchema: (plainSchemas ? plain(parameters) : parameters) as never,
  }));
}

/** Tools give the same schema from call to call. */
const made = new WeakMap<object, object>();

function plain(schema: object): object {
  const known = made.get(schema);
  if (known) return known;
  const simple = plainSchema(schema);
  made.set(schema, simple);
  return simple;
}

function toMessages(message: TranscriptMessage, name: string, dialect: DialectOptions): LanguageModelV4Message[] {
  switch (message.role) {
    case "user": {
      const content = message.content.flatMap(toUserPart);
      return content.length > 0 ? [{ role: "user", content }] : [];
    }
    case "assistant": {
      // What the gateway itself said is shown to people, not to the model (sessions.md §3).
      if (message.provider === "openclaw") return [];
      // Signatures and ids of items mean something to the model that made them, and to no other.
      const isOwn = `${message.provider}/${message.model}` === name;
      const content = message.content.flatMap((block) => toAssistantPart(block, message, isOwn, dialect));
      return content.some(({ type }) => type !== "reasoning") ? [{ role: "assistant", content }] : [];
    }
    case "toolResult":
      return toResult(message, dialect);
  }
}

function toUserPart(block: ContentBlock): UserContent {
  if (block.type === "text") return block.text === "" ? [] : [{ type: "text", text: block.text }];
  if (block.type === "image")
    return [{ type: "file", mediaType: block.mimeType, data: { type: "data", data: block.data } }];
  return [];
}

function toAssistantPart(
  block: ContentBlock,
  { api }: AssistantMessage,
  isOwn: boolean,
  { toolCallId = same }: DialectOptions,
): AssistantContent {
  const providerOptions = isOwn ? optionsOf(block, api) : undefined;
  const own = providerOptions && { providerOptions };
  if (block.type === "text") return block.text === "" ? [] : [{ type: "text", text: block.text, ...own }];
  if (block.type === "toolCall") {
    const { id, name: called, arguments: input } = block;
    const toolName = plainName(called);
    return [{ type: "tool-call", toolCallId: toolCallId(id), toolName, input, ...own }];
  }
  // Reasoning that nobody has signed is of no use to a provider, and refused by some.
  if (block.type === "thinking" && own) return [{ type: "reasoning", text: block.thinking, ...own }];
  return [];
}

function optionsOf(block: ContentBlock, api: string): SharedV4ProviderOptions | undefined {
  const { providerMetadata, thinkingSignature } = block as {
    readonly providerMetadata?: ProviderMetadata;
    readonly thinkingSignature?: string;
  };
  // Opaque to us: it came from the provider as JSON, went through the transcript and goes back as it is.
  if (providerMetadata) return providerMetadata as SharedV4ProviderOptions;
  // Transcripts of the established gateway.
  if (thinkingSignature !== undefined && api === "anthropic-messages")
    return { anthropic: { signature: thinkingSignature } };
  return undefined;
}

function toResult(message: ToolResult, { toolCallId = same, textResults }: DialectOptions): LanguageModelV4Message[] {
  const { content, isError, toolName } = message;
  const value = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
  const images = content.filter((block) => block.type === "image").flatMap(toUserPart);
  const base = {
    type: "tool-result" as const,
    toolCallId: toolCallId(message.toolCallId),
    toolName: plainName(toolName),
  };
  if (isError || images.length === 0 || textResults) {
    const output = isError ? { type: "error-text" as const, value } : { type: "text" as const, value };
    const result: LanguageModelV4Message = { role: "tool", content: [{ ...base, output }] };
    return images.length > 0 ? [result, { role: "user", content: images }] : [result];
  }
  const parts = [...(value === "" ? [] : [{ type: "text" as const, text: value }]), ...images];
  // Parts of a user and parts of a result have the same shape here.
  const output = { type: "content", value: parts } as never;
  return [{ role: "tool", content: [{ ...base, output }] }];
}

function text(said: string): LanguageModelV4Message {
  return { role: "user", content: [{ type: "text", text: said }] };
}

/** Models make up names of tools, and others refuse a conversation with one that cannot be. */
function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_.-]/g, "_").slice(0, MAX_NAME) || "_";
}

function same(id: string): string {
  return id;
}
