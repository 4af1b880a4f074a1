import type { ContentBlock, ToolResult } from "openclaw/plugin-sdk";

/** agent.md §10.3: one result in the context. */
const MAX_CHARS = 400_000;
const CHARS_PER_TOKEN = 4;
const SHARE_OF_WINDOW = 0.3;
/** The copy that clients get. */
const EVENT_CHARS = 8_000;
const MAX_IMAGES = 10;

export function failure(text: string, details?: object): ToolResult {
  return { content: [{ type: "text", text }], ...(details && { details }), isError: true };
}

/** A result that the context can bear, whatever the tool gave: well-formed blocks of bounded length. */
export function capped(result: ToolResult, contextWindow: number | undefined): ToolResult {
  const ofWindow = contextWindow === undefined ? MAX_CHARS : contextWindow * SHARE_OF_WINDOW * CHARS_PER_TOKEN;
  const given: unknown = result.content;
  if (!Array.isArray(given)) return failure("the tool gave no result that can be read");
  const blocks = (given as ContentBlock[]).filter(isReadable);
  const images = blocks.filter(({ type }) => type === "image").slice(0, MAX_IMAGES);
  const kept = blocks.filter((block) => block.type !== "image" || images.includes(block));
  return { ...result, content: shortened(kept, Math.floor(Math.min(MAX_CHARS, ofWindow))) };
}

/** A result as events carry it: images are for the model. */
export function eventCopy({ content, details }: ToolResult): { content: readonly ContentBlock[]; details?: unknown } {
  const words = content.map((block) =>
    block.type === "image" ? { type: "text" as const, text: `[image ${block.mimeType}]` } : block,
  );
  const isLong = details !== undefined && (JSON.stringify(details)?.length ?? 0) > EVENT_CHARS;
  return { content: shortened(words, EVENT_CHARS), ...(details !== undefined && !isLong && { details }) };
}

function shortened(blocks: readonly ContentBlock[], most: number): ContentBlock[] {
  let left = most;
  return blocks.map((block) => {
    if (block.type !== "text") return block;
    const { text } = block;
    const room = left;
    left = Math.max(0, left - text.length);
    if (text.length <= room) return block;
    return { ...block, text: withoutMiddle(text, room) };
  });
}

/** The end of a result often says how to go on, so it is the middle that goes. */
function withoutMiddle(text: string, room: number): string {
  const tail = Math.floor(room / 5);
  const note = `\n[… ${text.length - room} characters were left out …]\n`;
  return `${text.slice(0, room - tail)}${note}${tail > 0 ? text.slice(-tail) : ""}`;
}

function isReadable(block: unknown): block is ContentBlock {
  if (typeof block !== "object" || block === null) return false;
  const { type, text, data, mimeType } = block as Record<string, unknown>;
  if (type === "text") return typeof text === "string";
  return type === "image" && typeof data === "string" && typeof mimeType === "string";
}
