import type { AssistantMessage, TranscriptMessage } from "openclaw/plugin-sdk";

/** The last line of what the gateway itself asks, such as a heartbeat. */
const ASKED = /\nCurrent time: [^\n]*$/;
const ACKNOWLEDGED = /^[\s*_`]*HEARTBEAT_OK\b|\bHEARTBEAT_OK[\s*_`.!]*$/;
const MOST = 320;

/** A heartbeat that found nothing: the exchange says nothing to later turns, and there are many of them (cron.md §6). */
export function isAcknowledged(asked: TranscriptMessage | undefined, { content }: AssistantMessage): boolean {
  if (asked?.role !== "user" || asked.content.length !== 1) return false;
  const [question] = asked.content;
  if (question?.type !== "text" || !ASKED.test(question.text)) return false;
  if (content.some(({ type }) => type === "toolCall")) return false;
  const text = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
  return text.length <= MOST && ACKNOWLEDGED.test(text.trim());
}
