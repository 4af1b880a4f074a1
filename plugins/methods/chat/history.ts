import type { ContentBlock, SessionsApi, Settings, TranscriptMessage } from "openclaw/plugin-sdk";
import { visibleText } from "openclaw/plugin-sdk";

const LIMIT = 200;
/** protocol.md §13. */
const MAX_BYTES = 6_291_456;
/** What the gateway put before a user's text for the model's sake: who and when (protocol.md §9.3). */
const ENVELOPE = /^\[[^\]\n]*\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}[^\]\n]*\] /;
const SYSTEM_LINE = /^System: \[[^\]\n]*\] [^\n]*\n+/;
const MESSAGE_ID = /\n?\[message_id: [^\]\n]*\]\s*$/;

/** The newest messages of a session, oldest first, as clients show them. */
export async function chatHistory(
  sessions: SessionsApi,
  settings: Settings,
  sessionKey: string,
  limit: number = LIMIT,
): Promise<object> {
  const session = await sessions.get(sessions.parseKey(sessionKey).canonical);
  const fallback = settings.get<string>("agents.defaults.thinkingDefault") ?? "off";
  if (!session) return { sessionKey, messages: [], thinkingLevel: fallback };
  const messages = await sessions.transcript(session).messages({ limit });
  const { sessionId, thinkingLevel = fallback, verboseLevel } = session.entry;
  return {
    sessionKey,
    sessionId,
    messages: newest(messages.flatMap((message) => shown(message) ?? [])),
    thinkingLevel,
    ...(verboseLevel !== undefined && { verboseLevel }),
  };
}

/** The message as people see it; nothing for an answer that was meant to be silent. */
function shown(message: TranscriptMessage): TranscriptMessage | undefined {
  // Established writers also store a plain text.
  const given: unknown = message.content;
  const content = typeof given === "string" ? [{ type: "text" as const, text: given }] : message.content;
  if (message.role === "user") return { ...message, content: content.map((block) => onText(block, plainText)) };
  if (message.role !== "assistant") return message;
  const visible = content.map((block) => onText(block, visibleText));
  const isSilent = content.length > 0 && visible.every((block) => block.type === "text" && block.text === "");
  const wasSilent = content.every((block) => block.type === "text" && block.text === "");
  return isSilent && !wasSilent ? undefined : { ...message, content: visible };
}

function onText(block: ContentBlock, change: (text: string) => string): ContentBlock {
  return block.type === "text" ? { ...block, text: change(block.text) } : block;
}

function plainText(text: string): string {
  let plain = text;
  while (SYSTEM_LINE.test(plain)) plain = plain.replace(SYSTEM_LINE, "");
  return plain.replace(ENVELOPE, "").replace(MESSAGE_ID, "");
}

/** As many of the newest as fit into the limit of bytes. One that is larger than all of it is shown without its images. */
function newest(messages: readonly TranscriptMessage[]): TranscriptMessage[] {
  const kept: TranscriptMessage[] = [];
  let bytes = 0;
  for (const message of messages.toReversed()) {
    let size = Buffer.byteLength(JSON.stringify(message));
    const part = size > MAX_BYTES ? shortened(message) : message;
    if (part !== message) size = Buffer.byteLength(JSON.stringify(part));
    bytes += size;
    if (bytes > MAX_BYTES) break;
    kept.unshift(part);
  }
  return kept;
}

const MAX_TEXT = 100_000;

function shortened(message: TranscriptMessage): TranscriptMessage {
  const content = message.content.slice(0, 20).map((block): ContentBlock => {
    if (block.type === "image") return { type: "text", text: "[image left out: too large]" };
    return onText(block, (text) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text));
  });
  const { details: _details, ...rest } = message as TranscriptMessage & { details?: unknown };
  // Only what is optional was taken away.
  return { ...rest, content } as TranscriptMessage;
}
