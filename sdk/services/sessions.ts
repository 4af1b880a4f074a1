import { AsyncSeriesBailHook, SyncHook } from "tapable";
import { limit } from "../hook.ts";
import { defineService } from "../service.ts";

/** A parsed session key. `canonical` is the spelling that is stored (sessions.md §1). */
export interface SessionKey {
  readonly canonical: string;
  readonly agentId: string;
  /** The key without `agent:<id>:`. */
  readonly rest: string;
}

/** Fields of a session that the gateway reads; others are kept as they are (sessions.md §2). */
export interface SessionEntry {
  readonly sessionId: string;
  readonly updatedAt: number;
  readonly createdAt?: number;
  readonly chatType?: "direct" | "group" | "channel" | "thread";
  readonly label?: string;
  readonly displayName?: string;
  readonly channel?: string;
  readonly lastChannel?: string;
  readonly lastTo?: string;
  readonly lastAccountId?: string;
  readonly thinkingLevel?: string;
  readonly verboseLevel?: string;
  readonly modelProvider?: string;
  readonly model?: string;
  readonly contextTokens?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly abortedLastRun?: boolean;
  readonly systemSent?: boolean;
  readonly [field: string]: unknown;
}

export interface Session {
  readonly key: string;
  readonly agentId: string;
  readonly entry: SessionEntry;
}

/** What a model provider wants to see again with a part of an answer: signatures, ids of items. Opaque to us. */
export type ProviderMetadata = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export type ContentBlock =
  | { readonly type: "text"; readonly text: string; readonly providerMetadata?: ProviderMetadata }
  | {
      readonly type: "thinking";
      readonly thinking: string;
      readonly thinkingSignature?: string;
      readonly providerMetadata?: ProviderMetadata;
    }
  | { readonly type: "image"; readonly data: string; readonly mimeType: string }
  | {
      readonly type: "toolCall";
      readonly id: string;
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
      /** Literal that the seeds' end-to-end test looks for (state.md §4.3). */
      readonly kind?: "tool_use";
      readonly providerMetadata?: ProviderMetadata;
    };

export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly totalTokens: number;
  /** Of `output`, what was thought and not said, where the provider tells. */
  readonly reasoning?: number;
  /** In USD, where the price is known. */
  readonly cost?: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
    readonly total: number;
  };
}

/** A message as the transcript stores it (sessions.md §3). */
export type TranscriptMessage =
  | { readonly role: "user"; readonly content: readonly ContentBlock[]; readonly timestamp: number }
  | {
      readonly role: "assistant";
      readonly content: readonly ContentBlock[];
      readonly api: string;
      readonly provider: string;
      readonly model: string;
      readonly usage: Usage;
      readonly stopReason: "stop" | "length" | "toolUse" | "error" | "aborted";
      readonly errorMessage?: string;
      readonly timestamp: number;
    }
  | {
      readonly role: "toolResult";
      readonly toolCallId: string;
      readonly toolName: string;
      readonly content: readonly ContentBlock[];
      readonly details?: unknown;
      readonly isError: boolean;
      readonly timestamp: number;
    };

export type AssistantMessage = Extract<TranscriptMessage, { role: "assistant" }>;
export type ToolResultMessage = Extract<TranscriptMessage, { role: "toolResult" }>;

export interface AppendOptions {
  /** What the message was made from, such as a piece of work. A transcript takes one message of each source. */
  readonly sourceId?: string;
}

/** What a model has to know of a transcript. */
export interface TranscriptContext {
  /** Of what was compacted; what stands before `entries`. */
  readonly summary?: string;
  /** Messages since then, oldest first. */
  readonly entries: readonly { readonly id: string; readonly message: TranscriptMessage }[];
}

/** A summary that takes the place of everything before `firstKeptEntryId` (sessions.md §3). */
export interface Compaction {
  readonly summary: string;
  readonly firstKeptEntryId: string;
  readonly tokensBefore: number;
  readonly details?: unknown;
}

/** The append-only file of one session. Reads repair what a crash left behind. */
export interface Transcript {
  readonly file: string;
  /** Messages in order, newest last; with `limit`, only the newest. */
  messages(options?: { readonly limit?: number }): Promise<TranscriptMessage[]>;
  /** Resolves with the entry's id when the line is written, or with that of the entry its source has already. */
  /** What counts for a model: the newest summary and what came after it. Older messages stay in the file. */
  context(options?: { readonly limit?: number }): Promise<TranscriptContext>;
  /** Write down that everything before an entry has become a summary. Resolves with the id of that entry. */
  compact(compaction: Compaction): Promise<string>;
  append(message: TranscriptMessage, options?: AppendOptions): Promise<string>;
  has(sourceId: string): Promise<boolean>;
  /** Resolves when everything appended so far is as safe as a commit of the store: see its durability. */
  sync(): Promise<void>;
}

/** What a message says about its conversation, for {@link SessionsApi.deriveKey}. */
export interface Conversation {
  readonly agentId?: string;
  readonly channel: string;
  readonly accountId?: string;
  readonly chatType: "direct" | "group" | "channel";
  /** The other person of a direct chat, or the group. */
  readonly chatId: string;
  readonly threadId?: string;
}

/** Why a session got a new transcript, or lost its entry. */
export type SessionChange = "started" | "updated" | "reset" | "deleted" | "compacted";

export interface CompactOptions {
  /** Keep so many of the newest lines; without it a summary is made where somebody can make one. */
  readonly maxLines?: number;
  readonly instructions?: string;
}

/** What became of a transcript that was to be made shorter (sessions.md §5). */
export interface Compacted {
  readonly compacted: boolean;
  readonly kept?: number;
  /** Where the whole transcript is now. */
  readonly archived?: string;
  readonly reason?: string;
  readonly tokensBefore?: number;
  readonly tokensAfter?: number;
}

export interface SessionsApi {
  /** The canonical form of any accepted spelling. Throws `INVALID_REQUEST` for what cannot be a key. */
  parseKey(key: string): SessionKey;
  /** Key of the session of a conversation, by `session.dmScope` and `session.identityLinks`. */
  deriveKey(conversation: Conversation): SessionKey;
  /** A key in one of its two spellings: the stored one, or that of the established documents. */
  formatKey(key: string, style: "canonical" | "seed"): string;
  mainKey(agentId?: string): string;
  defaultAgentId(): string;
  get(key: string): Promise<Session | undefined>;
  findById(sessionId: string): Promise<Session | undefined>;
  /** The session, made when missing. */
  open(key: string): Promise<Session>;
  /**
   * Read, change, write; concurrent updates of one key queue up. Creates a missing entry. `updatedAt` becomes now,
   * unless the change says otherwise.
   */
  update(key: string, change: (entry: SessionEntry) => Partial<SessionEntry>): Promise<Session>;
  /** Newest first, without single runs of cron jobs. */
  list(options?: { readonly limit?: number; readonly agentId?: string }): Promise<Session[]>;
  count(): Promise<number>;
  /** May anything be said in this session? By its own `sendPolicy`, else by `session.sendPolicy` (sessions.md §6). */
  sendPolicy(key: string): Promise<"allow" | "deny">;
  /**
   * Rejects with `INVALID_REQUEST` what may not be said there by {@link sendPolicy}. The command that lifts the rule
   * always may.
   */
  assertMaySay(key: string, text: string): Promise<void>;
  /**
   * A new transcript for the session; levels, label and route stay (sessions.md §4). Stops what runs in it first, so
   * it may not be called from the session's own lane. Makes a missing session.
   */
  reset(key: string): Promise<Session>;
  /** Forgets the session and renames its transcript. Stops what runs in it first. */
  remove(
    key: string,
    options?: { readonly deleteTranscript?: boolean },
  ): Promise<{ readonly deleted: boolean; readonly archived: readonly string[] }>;
  /** Makes the transcript shorter. Refused with `UNAVAILABLE` while something runs in the session. */
  compact(key: string, options?: CompactOptions): Promise<Compacted>;
  transcript(session: Session): Transcript;
  /**
   * Runs `work` when the calls before it in this session have ended. One at a time per key, order kept. Work that
   * waits for other work of its own session waits for ever.
   */
  lane<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Directory of an agent's sessions. */
  directory(agentId: string): string;
}

export const Sessions = defineService<SessionsApi, ReturnType<typeof createHooks>>("sessions", createHooks);

function createHooks() {
  return {
    /** A session got a new transcript. */
    started: new SyncHook<[Session]>(["session"], "sessions.started"),
    /** The entry of this key has changed, or is gone. */
    changed: new SyncHook<[string, SessionChange]>(["key", "change"], "sessions.changed"),
    /** Make a summary of a transcript. First result wins; without one the newest lines are kept. */
    compact: limit(
      new AsyncSeriesBailHook<[Session, CompactOptions], Compacted | void>(["session", "options"], "sessions.compact"),
      0,
    ),
  };
}
