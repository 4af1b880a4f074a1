import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type {
  Agents,
  HooksOf,
  ModelCandidate,
  Session,
  SessionsApi,
  Settings,
  Transcript,
  TranscriptMessage,
} from "openclaw/plugin-sdk";
import { cutIndex } from "./cut.ts";
import { contextTokens, tokensOf, windowOf } from "./estimate.ts";
import { summarize } from "./summary.ts";

const KEEP_TOKENS = 20_000;
const SHARE = 0.5;
const SILENCE_SECONDS = 120;
/** Messages of a session that are looked at. */
export const MAX_MESSAGES = 1_000;

export interface CompactionRequest {
  readonly session: Session;
  readonly transcript: Transcript;
  readonly candidate: ModelCandidate;
  readonly instructions?: string;
  readonly signal: AbortSignal;
  /** Plugins that want to know of it. */
  readonly hooks: Pick<HooksOf<typeof Agents>, "beforeCompaction" | "afterCompaction">;
}

export interface CompactionOutcome {
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** Messages that are kept as they are. */
  readonly kept: number;
}

/**
 * Makes the older half of a conversation into a summary, which stands before the rest from now on. Nothing when there is
 * nothing to make shorter. When the summary fails, the transcript stays as it was.
 */
export async function compact(
  { session, transcript, candidate, instructions, signal, hooks }: CompactionRequest,
  sessions: SessionsApi,
  settings: Settings,
): Promise<CompactionOutcome | undefined> {
  const { entries, summary: before } = await transcript.context({ limit: MAX_MESSAGES });
  const messages = entries.map(({ message }) => message);
  const tokensBefore = contextTokens(messages, before ?? "");
  const { keepRecentTokens = KEEP_TOKENS, maxHistoryShare = SHARE } =
    settings.get<{ keepRecentTokens?: number; maxHistoryShare?: number }>("agents.defaults.compaction") ?? {};
  const whole = messages.reduce((sum, message) => sum + tokensOf(message), 0);
  const cut = cutIndex(entries, Math.min(keepRecentTokens, Math.floor(whole / 2)));
  const first = cut === undefined ? undefined : entries[cut];
  if (cut === undefined || !first) return undefined;
  const about = { agentId: session.agentId, sessionKey: session.key };
  await hooks.beforeCompaction.promise(about);
  const seconds = settings.get<number>("agents.defaults.streamIdleSeconds") ?? SILENCE_SECONDS;
  const summary = await summarize({
    candidate,
    messages: messages.slice(0, cut),
    before,
    instructions,
    sessionKey: session.key,
    window: windowOf(candidate.model.contextWindow, settings),
    share: maxHistoryShare,
    limitMs: seconds * 1_000,
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw failed(error);
  });
  const kept = messages.slice(cut);
  const tokensAfter = [summaryMessage(summary), ...kept].reduce((sum, message) => sum + tokensOf(message), 0);
  await transcript.compact({ summary, firstKeptEntryId: first.id, tokensBefore });
  await sessions.update(session.key, (entry) => ({
    compactionCount: Number(entry["compactionCount"] ?? 0) + 1,
    totalTokens: tokensAfter,
    // A credential that was chosen for the session may be another one from now on.
    ...(entry["authProfileOverrideSource"] === "auto" && {
      authProfileOverride: undefined,
      authProfileOverrideSource: undefined,
    }),
  }));
  void hooks.afterCompaction.promise({ ...about, tokensBefore, tokensAfter });
  return { tokensBefore, tokensAfter, kept: kept.length };
}

/** The conversation as a model gets it. */
export async function contextMessages(transcript: Transcript, limit: number): Promise<TranscriptMessage[]> {
  const { summary, entries } = await transcript.context({ limit });
  const messages = entries.map(({ message }) => message);
  return summary === undefined ? messages : [summaryMessage(summary), ...messages];
}

function summaryMessage(summary: string): TranscriptMessage {
  const text = `[Summary of the conversation so far]\n${summary}\n[End of the summary]`;
  return { role: "user", content: [{ type: "text", text }], timestamp: 0 };
}

function failed(cause: unknown): GatewayError {
  const why = cause instanceof GatewayError ? cause.message : errorText(cause);
  return new GatewayError("UNAVAILABLE", `the conversation could not be summarized: ${why}`, {
    details: { reason: "compaction_failed" },
    retryable: true,
    cause,
  });
}
