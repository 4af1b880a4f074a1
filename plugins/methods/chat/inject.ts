import { GatewayError } from "openclaw/plugin-sdk";
import type { InjectOptions, SessionsApi, TranscriptMessage } from "openclaw/plugin-sdk";
import type { ChatEvents } from "./chat-events.ts";

const NO_COST = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 };
const NO_USAGE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0, cost: NO_COST };

/** Says something in a session without a model: into the transcript, then to clients. */
export function createInject(sessions: SessionsApi, events: ChatEvents) {
  return async (
    sessionKey: string,
    text: string,
    origin: "gateway-injected" | "delivery-mirror",
    { sourceId, run }: InjectOptions & { readonly run?: { readonly runId: string; readonly seq: number } } = {},
  ): Promise<{ messageId: string }> => {
    const key = sessions.parseKey(sessionKey).canonical;
    const session = await sessions.get(key);
    if (!session) throw new GatewayError("INVALID_REQUEST", "session not found", { details: { code: "NOT_FOUND" } });
    const transcript = sessions.transcript(session);
    const message: TranscriptMessage = {
      role: "assistant",
      content: [{ type: "text", text }],
      api: "openai-responses",
      provider: "openclaw",
      model: origin,
      usage: NO_USAGE,
      stopReason: "stop",
      timestamp: Date.now(),
    };
    const isThere = sourceId !== undefined && (await transcript.has(sourceId));
    const messageId = await transcript.append(message, sourceId === undefined ? {} : { sourceId });
    // Whoever was told once is not told again.
    if (!isThere) events.final(run?.runId ?? `inject-${messageId}`, key, run?.seq ?? 0, message);
    return { messageId };
  };
}
