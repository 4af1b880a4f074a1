import type { ContentBlock, ModelTool, Settings, TranscriptMessage } from "openclaw/plugin-sdk";

const CHARS_PER_TOKEN = 4;
/** An image of the usual size, whatever its bytes are. */
const IMAGE_TOKENS = 1_500;
const DEFAULT_RESERVE = 16_384;
const DEFAULT_FLOOR = 20_000;

/** How many tokens a message is, roughly. */
export function tokensOf({ content }: TranscriptMessage): number {
  const given: unknown = content;
  if (typeof given === "string") return Math.ceil(given.length / CHARS_PER_TOKEN);
  return content.reduce((sum, block) => sum + blockTokens(block), 0);
}

/**
 * How much of the window a conversation fills: what the model counted last, and an estimate for what came since; only an
 * estimate where nothing was counted (agent.md §10.2).
 */
export function contextTokens(
  messages: readonly TranscriptMessage[],
  system: string,
  tools: readonly ModelTool[] = [],
): number {
  let added = 0;
  for (const message of messages.toReversed()) {
    if (message.role === "assistant" && message.provider !== "openclaw" && message.usage?.totalTokens > 0) {
      return message.usage.totalTokens + added;
    }
    added += tokensOf(message);
  }
  return added + Math.ceil((system.length + JSON.stringify(tools).length) / CHARS_PER_TOKEN);
}

/** Tokens of the window that a session may use, at most what `agents.defaults.contextTokens` says. */
export function windowOf(contextWindow: number, settings: Settings): number {
  const ceiling = settings.get<number>("agents.defaults.contextTokens");
  return ceiling === undefined ? contextWindow : Math.min(contextWindow, ceiling);
}

/** What is kept free for the answer. Never more than half of a small window. */
export function reserveOf(window: number, settings: Settings): number {
  const { reserveTokens = DEFAULT_RESERVE, reserveTokensFloor = DEFAULT_FLOOR } =
    settings.get<{ reserveTokens?: number; reserveTokensFloor?: number }>("agents.defaults.compaction") ?? {};
  return Math.min(Math.max(reserveTokens, reserveTokensFloor), Math.floor(window / 2));
}

function blockTokens(block: ContentBlock): number {
  switch (block.type) {
    case "text":
      return Math.ceil(block.text.length / CHARS_PER_TOKEN);
    case "thinking":
      return Math.ceil(block.thinking.length / CHARS_PER_TOKEN);
    case "image":
      return IMAGE_TOKENS;
    case "toolCall":
      return Math.ceil((block.name.length + JSON.stringify(block.arguments).length) / CHARS_PER_TOKEN);
  }
}
