import type { SessionsApi, TranscriptMessage } from "openclaw/plugin-sdk";

const LIMIT = 200;
/** protocol.md §13. */
const MAX_BYTES = 6_291_456;
/** What the gateway put before a user's text for the model's sake. */
const STAMP = /^\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d{2}-\d{2} \d{2}:\d{2} [^\]]+\] /;

/** The newest messages of a session, oldest first, as clients show them. */
export async function chatHistory(sessions: SessionsApi, sessionKey: string, limit: number = LIMIT): Promise<object> {
  const session = await sessions.get(sessions.parseKey(sessionKey).canonical);
  if (!session) return { sessionKey, messages: [], thinkingLevel: "off" };
  const messages = await sessions.transcript(session).messages({ limit });
  const { sessionId, thinkingLevel = "off", verboseLevel } = session.entry;
  return {
    sessionKey,
    sessionId,
    messages: newest(messages.map(plain)),
    thinkingLevel,
    ...(verboseLevel !== undefined && { verboseLevel }),
  };
}

function plain(message: TranscriptMessage): TranscriptMessage {
  if (message.role !== "user") return message;
  const content = message.content.map((block) =>
    block.type === "text" ? { ...block, text: block.text.replace(STAMP, "") } : block,
  );
  return { ...message, content };
}

/** As many of the newest as fit into the limit of bytes. */
function newest(messages: readonly TranscriptMessage[]): TranscriptMessage[] {
  const kept: TranscriptMessage[] = [];
  let bytes = 0;
  for (const message of messages.toReversed()) {
    bytes += Buffer.byteLength(JSON.stringify(message));
    if (bytes > MAX_BYTES) break;
    kept.unshift(message);
  }
  return kept;
}
