import type { TranscriptMessage } from "openclaw/plugin-sdk";

/** The words of a message, without images, thoughts and tool calls. */
export function textOf({ content }: TranscriptMessage): string {
  // Established writers also store a plain text.
  if (typeof content === "string") return content;
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}

/** At most so many characters, ending in an ellipsis when something was cut. Never cuts a character in two. */
export function shortened(text: string, maxChars: number): string {
  const trimmed = text.trim();
  if (trimmed.length <= maxChars) return trimmed;
  return `${trimmed.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
