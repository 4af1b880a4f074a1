import type { TranscriptMessage } from "openclaw/plugin-sdk";

/** The words of a message, without images, thoughts and tool calls. */
export function textOf({ content }: TranscriptMessage): string {
  // Established writers also store a plain text.
  if (typeof content === "string") return content;
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}

/** What the gateway put around a user's text for the model's sake: who and when (protocol.md §9.3). */
const ENVELOPE = /^\[[^\]\n]*\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}[^\]\n]*\] /;
const MESSAGE_ID = /\n?\[message_id: [^\]\n]*\]\s*$/;

/** The words of a message as people see them. */
export function shownText(message: TranscriptMessage): string {
  const text = textOf(message);
  return message.role === "user" ? text.replace(ENVELOPE, "").replace(MESSAGE_ID, "") : text;
}

/** At most so many characters, ending in an ellipsis when something was cut. Never cuts a character in two. */
export function shortened(text: string, maxChars: number): string {
  const trimmed = text.trim();
  if (trimmed.length <= maxChars) return trimmed;
  return `${trimmed.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
