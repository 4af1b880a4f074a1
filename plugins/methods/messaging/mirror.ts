import type { SessionsApi } from "openclaw/plugin-sdk";

/** Writes what was sent into the transcript of a session, so that its agent knows what was said in its name. */
export class Mirror {
  readonly #sessions: SessionsApi;

  constructor(sessions: SessionsApi) {
    this.#sessions = sessions;
  }

  /** Throws `INVALID_REQUEST` for what cannot be a key, before anything is sent. */
  keyOf(text: string): string {
    return this.#sessions.parseKey(text).canonical;
  }

  /** Once per `sourceId`. */
  async append(sessionKey: string, text: string, sourceId: string): Promise<void> {
    const transcript = this.#sessions.transcript(await this.#sessions.open(sessionKey));
    const message = {
      role: "assistant" as const,
      content: [{ type: "text" as const, text }],
      api: "openclaw",
      provider: "openclaw",
      model: "delivery-mirror",
      usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 },
      stopReason: "stop" as const,
      timestamp: Date.now(),
    };
    await transcript.append(message, { sourceId });
  }
}
