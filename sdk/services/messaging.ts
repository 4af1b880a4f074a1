import { AsyncParallelHook, AsyncSeriesBailHook, AsyncSeriesWaterfallHook } from "tapable";
import { KeyedHook, limit } from "../hook.ts";
import { defineService } from "../service.ts";
import type { Session } from "./sessions.ts";

/** Where an answer goes. Captured when a message is accepted and never derived again. */
export interface ReplyAddress {
  readonly channel: string;
  readonly accountId: string;
  /** Target in the channel's own syntax. */
  readonly to: string;
  readonly threadId?: string;
}

/** A message on its way in, from a channel or a client. */
export interface Envelope {
  readonly channel: string;
  readonly accountId?: string;
  /** The platform's id of this message; a repeat of it is a duplicate. */
  readonly messageId: string;
  readonly text: string;
  readonly sender: { readonly id: string; readonly name?: string };
  readonly chatType: "direct" | "group" | "channel";
  readonly chatId: string;
  readonly threadId?: string;
  readonly timestamp?: number;
  /** The bot was addressed; groups only. */
  readonly mentioned?: boolean;
  /** Session to use instead of the routed one; trusted callers only. */
  readonly sessionKey?: string;
  /** Id of the run that answers; default is made. */
  readonly runId?: string;
  /** Deliver the answer to `replyTo`. Without it the answer only goes to the session. */
  readonly replyTo?: ReplyAddress;
  /** What the caller asked of the turn, such as `thinking` or `timeoutMs`. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** States of an accepted message (reliability.md §3). */
export type WorkState = "queued" | "running" | "done" | "failed" | "interrupted" | "refused";

/** An accepted message. Durable: it survives a kill until it has an end state. */
export interface Work {
  readonly id: string;
  readonly runId: string;
  readonly sessionKey: string;
  readonly envelope: Envelope;
  readonly state: WorkState;
  readonly acceptedAt: number;
  readonly updatedAt: number;
  readonly attempt: number;
  /** Something outside was changed by the turn; it must not be run again. */
  readonly effects: boolean;
  readonly result?: TurnResult;
  readonly reason?: string;
}

export interface ReplyPayload {
  readonly text: string;
  readonly mediaUrl?: string;
  readonly mediaUrls?: readonly string[];
}

/** What a turn ended with. `status: "error"` carries the reason; payloads may still hold a partial text. */
export interface TurnResult {
  readonly status: "ok" | "error";
  readonly payloads: readonly ReplyPayload[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details?: unknown;
    readonly retryable?: boolean;
  };
}

/** A turn asked of whoever answers. */
export interface Turn {
  readonly work: Work;
  readonly session: Session;
  readonly signal: AbortSignal;
  /** The turn was stopped only to be run again after a restart: leave no trace of this attempt. */
  isPostponed(): boolean;
  /** Call before the first effect outside the gateway; resolves when that fact is durable. */
  markEffects(): Promise<void>;
}

/** Outcome of one delivery attempt (reliability.md R-08). */
export type DeliveryOutcome =
  | { readonly outcome: "sent"; readonly messageId: string; readonly chatId?: string }
  | {
      readonly outcome: "not_sent";
      readonly retryable: boolean;
      readonly reason: string;
      readonly retryAfterMs?: number;
    }
  | { readonly outcome: "unknown"; readonly reason: string };

/** One message on its way out. `id` is the client message id of every attempt. */
export interface OutboxEntry {
  readonly id: string;
  readonly address: ReplyAddress;
  readonly payload: ReplyPayload;
  readonly workId?: string;
  readonly state: "pending" | "attempting" | "sent" | "unknown" | "dead";
  readonly attempt: number;
  readonly createdAt: number;
  readonly nextAttemptAt: number;
  readonly receipt?: { readonly messageId: string; readonly chatId?: string };
  readonly reason?: string;
}

export interface ChannelAccount {
  readonly accountId: string;
  /** The account's part of `channels.<id>`; account keys override channel keys. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface ChannelContext {
  readonly account: ChannelAccount;
  readonly signal: AbortSignal;
  /** Resolves once the message is durable; only then acknowledge it to the platform. */
  accept(envelope: Omit<Envelope, "channel" | "accountId">): Promise<{ readonly duplicate: boolean }>;
  status(patch: Readonly<Record<string, unknown>>): void;
}

/** A chat network. The channel says who wrote what and where, and carries out orders; policy is not its business. */
export interface ChannelDef {
  readonly label?: string;
  /** False: runs without a section in the configuration. */
  readonly needsConfig?: boolean;
  /** The network shows an entry once, however often it is sent with the same id. */
  readonly repeatsSafely?: boolean;
  /** Longest text of one message, in characters. Default 4000. */
  readonly textLimit?: number;
  /** Lives until the signal aborts. */
  start(context: ChannelContext): Promise<void>;
  deliver(entry: OutboxEntry, account: ChannelAccount): Promise<DeliveryOutcome>;
}

export interface ChannelOptions {
  readonly label?: string;
}

/** A slash command that answers without a model turn. */
export interface CommandOptions {
  readonly description: string;
  readonly acceptsArgs?: boolean;
  /** Refuse senders that are not authorised. Default true. */
  readonly requireAuth?: boolean;
}

export interface CommandCall {
  readonly name: string;
  readonly args: string;
  readonly work: Work;
  readonly session: Session;
}

export interface Accepted {
  readonly work: Work;
  /** The message had been accepted before. */
  readonly duplicate: boolean;
}

export interface MessagingApi {
  /** Take in a message: durable when it resolves. */
  accept(envelope: Envelope): Promise<Accepted>;
  /** Resolves when the work has ended, or at once if it has. */
  ended(workId: string, signal?: AbortSignal): Promise<Work>;
  get(workId: string): Promise<Work | undefined>;
  /** Abort running and queued work of a session, or one run. Returns the run ids it stopped. */
  abort(sessionKey: string, runId?: string): string[];
  /** Queue a message for a channel: durable when it resolves. The same id is delivered once. */
  deliver(address: ReplyAddress, payload: ReplyPayload, id?: string): Promise<OutboxEntry>;
  /** Resolves when the entry is sent, unknown or dead, or after `timeoutMs` with its state then. */
  delivered(entryId: string, timeoutMs: number): Promise<OutboxEntry>;
  /** Entries that answer one message. */
  deliveries(workId: string): Promise<OutboxEntry[]>;
  /** Channels that are offered, with the state of their accounts. */
  channels(): readonly { readonly id: string; readonly label: string; readonly accounts: readonly ChannelStatus[] }[];
  /** Work that has not ended, oldest first. */
  unfinished(): Promise<Work[]>;
}

export interface ChannelStatus {
  readonly accountId: string;
  readonly enabled: boolean;
  readonly configured: boolean;
  readonly running: boolean;
  readonly connected: boolean;
  readonly lastError: string | null;
  readonly [field: string]: unknown;
}

export const Messaging = defineService<MessagingApi, ReturnType<typeof createHooks>>("messaging", createHooks);

function createHooks() {
  return {
    /** A message is durable, not yet decided on. Observers only. */
    received: new AsyncParallelHook<[Work]>(["work"], "messaging.received"),
    /** May this message go on? First refusal wins and is recorded as the end of the work. */
    admit: new AsyncSeriesBailHook<[Work], { readonly refuse: string } | void>(["work"], "messaging.admit"),
    /** One slash command per key. */
    command: new KeyedHook<[CommandCall], ReplyPayload, CommandOptions>(["call"], "messaging.command", "commands"),
    /** Who answers? First result wins. */
    turn: limit(new AsyncSeriesBailHook<[Turn], TurnResult | void>(["turn"], "messaging.turn"), 0),
    /** Last change to a payload before it is queued for a channel. */
    outbound: new AsyncSeriesWaterfallHook<[ReplyPayload, ReplyAddress]>(["payload", "address"], "messaging.outbound"),
    /** A delivery reached its end. */
    delivered: new AsyncParallelHook<[OutboxEntry]>(["entry"], "messaging.delivered"),
    /** One chat network per key. */
    channel: new KeyedHook<[], ChannelDef, ChannelOptions>([], "messaging.channel", "channels"),
  };
}
