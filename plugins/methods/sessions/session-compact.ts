import { closed, GatewayError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { Compacted, CompactOptions, Session } from "openclaw/plugin-sdk";
import type { SessionIndex } from "./session-index.ts";
import type { Transcripts } from "./transcripts.ts";

export const CompactParams = closed({
  key: NonEmptyString,
  maxLines: Type.Optional(Type.Integer({ minimum: 1 })),
  mode: Type.Optional(Type.Union([Type.Literal("lines"), Type.Literal("summary")])),
  instructions: Type.Optional(Type.String({ maxLength: 4_096 })),
});

/** Entries that are kept where nobody says how many (protocol.md §9.4). */
const MAX_LINES = 400;

export interface CompactParts {
  readonly index: SessionIndex;
  readonly transcripts: Transcripts;
  readonly isRunning: (key: string) => boolean;
  /** Has a summary made; nothing when there is nobody who can. */
  readonly summarize: (session: Session, options: CompactOptions) => Promise<Compacted | void>;
}

/** Makes the transcript of a session shorter: by a summary, or by leaving out all but the newest lines. */
export async function compactSession(key: string, options: CompactOptions, parts: CompactParts): Promise<Compacted> {
  const session = await parts.index.get(key);
  if (!session) return { compacted: false, reason: "no sessionId" };
  if (parts.isRunning(key)) {
    throw new GatewayError("UNAVAILABLE", `Session ${key} is still active; try again in a moment.`, {
      retryable: true,
      details: { code: "SESSION_BUSY" },
    });
  }
  if (options.maxLines === undefined) {
    const summarized = await parts.summarize(session, options);
    if (summarized) return summarized;
  }
  const cut = await parts.transcripts.keepNewest(session, options.maxLines ?? MAX_LINES);
  if (!cut) return { compacted: false, reason: "no transcript" };
  return { compacted: cut.archived !== undefined, ...cut };
}
