import { AsyncParallelHook, AsyncSeriesBailHook, AsyncSeriesWaterfallHook } from "tapable";
import { KeyedHook, limit } from "../hook.ts";
import { defineService } from "../service.ts";
import type { ChannelDef, ChannelOptions, ChannelStatus, OutboxEntry } from "./channel.ts";
import type { Envelope, Media, ReplyAddress, ReplyPayload } from "./envelope.ts";
import type { Session } from "./sessions.ts";

export type { ChannelContext, ChannelDef, DeliveryOutcome, OutboxEntry } from "./channel.ts";
export type { Envelope, ReplyAddress, ReplyPayload } from "./envelope.ts";

/** States of an accepted message (reliability.md §3). `merged`: answered as part of a later message. */
export type WorkState = "queued" | "running" | "done" | "failed" | "interrupted" | "refused" | "merged";

/** What was decided about a message, and when: a line of its trace. */
export interface WorkStep {
  readonly at: number;
  readonly step: string;
  readonly note?: string;
}

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
  /** Place in the order of everything that came in. */
  readonly seq?: number;
  /** On disk only until those before it are through: its conversation or account has too many waiting. */
  readonly deferred?: true;
  readonly mergedInto?: string;
  /** What its sender had asked, of one that took others along: `envelope` holds what all of them said. */
  readonly asked?: Pick<Envelope, "text" | "media">;
  /** What becomes of it while a turn runs, said in the message itself. */
  readonly queueMode?: QueueMode;
  /** What the agent is told instead of `envelope.text`: with who wrote, where, and what was said before. */
  readonly prompt?: string;
  /** First lines of messages before it that were dropped because too many waited. */
  readonly digest?: readonly string[];
  readonly steps?: readonly WorkStep[];
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

/** What becomes of a message that comes while a turn of its session runs (agent.md §4). */
export type QueueMode = "collect" | "followup" | "steer" | "steer-backlog" | "interrupt";

/** A message that came in the middle of a turn, for the agent to see before it goes on. */
export interface Steering {
  /** With who wrote it and when. */
  readonly text: string;
  readonly envelope: Envelope;
}

/** The way for parts of an answer that is still being written. */
export interface BlockDelivery {
  /**
   * Queue a part of the answer. Durable when it resolves, and counts as an effect. `meta` is that of the result, for the
   * prefix. What was sent is left out of the answer with `unsent`.
   */
  send(payload: ReplyPayload, meta: Readonly<Record<string, unknown>>): Promise<void>;
  /** What the channel says of small blocks. */
  readonly coalesce: { readonly minChars?: number; readonly maxChars?: number; readonly idleMs?: number };
  readonly textLimit: number;
}

/** What a group or room says of the turns in it. */
export interface TurnPlace {
  /** Told to the agent there. */
  readonly systemPrompt?: string;
  /** The only skills that its prompt names there. */
  readonly skills?: readonly string[];
}

/** A turn asked of whoever answers. */
export interface Turn {
  readonly work: Work;
  readonly session: Session;
  readonly signal: AbortSignal;
  /** Nobody but owners wrote what the turn answers, and what was said around it. */
  readonly isOwner?: boolean;
  /** What the configuration says of the group or room it was written in. */
  readonly place?: TurnPlace;
  /** Whoever wrote it may use commands, so directives in it count. */
  readonly mayDirect?: boolean;
  /** The turn was stopped only to be run again after a restart: leave no trace of this attempt. */
  isPostponed(): boolean;
  /** Messages that came since and are to be told now. Ask between two tool calls; they are not answered otherwise. */
  readonly steering?: () => Promise<readonly Steering[]>;
  /** There where the channel wants an answer in blocks, while it is written. */
  readonly blocks?: BlockDelivery;
  /** Call before the first effect outside the gateway; resolves when that fact is durable. */
  markEffects(): Promise<void>;
}

/** An attachment on disk that somebody may understand. */
export interface MediaQuestion {
  readonly media: Media;
  readonly work: Work;
  readonly signal: AbortSignal;
}

/** Another way to call a command: `/<name> …` is the command with `args` before what follows. */
export interface FurtherCommand {
  /** `[a-z][a-z0-9-]*`. What is a command by itself goes first. */
  readonly name: string;
  readonly description: string;
  readonly args: string;
  /** Shown in the menus of networks. */
  readonly isListed: boolean;
}

/** A slash command that answers without a model turn. */
export interface CommandOptions {
  readonly description: string;
  readonly acceptsArgs?: boolean;
  /** With these words behind it, is it a command at all, or a message for the agent? Default: always a command. */
  readonly accepts?: (args: string) => boolean;
  /** What the agent is asked instead of the message; nothing: the command answers itself. */
  readonly asks?: (args: string, work: Work) => Promise<string | undefined>;
  /** Refuse senders that are not authorised. Default true. */
  readonly requireAuth?: boolean;
  /** Only for those whom `commands.ownerAllowFrom`, or else the channel's `allowFrom`, names. */
  readonly ownerOnly?: boolean;
  /** A character that a message may begin with instead of the name, while there is one. */
  readonly shorthand?: () => string | undefined;
  /** Other names. */
  readonly aliases?: readonly string[];
  /** Asked anew each time. */
  readonly further?: () => readonly FurtherCommand[];
}

/** A slash command as menus of networks list it. */
export interface ListedCommand {
  /** Without the slash: `[a-z0-9_-]`. */
  readonly name: string;
  readonly description: string;
  readonly acceptsArgs: boolean;
  readonly ownerOnly: boolean;
  readonly aliases: readonly string[];
  /** A {@link FurtherCommand}; these come last. */
  readonly isFurther?: true;
}

export interface CommandCall {
  readonly name: string;
  readonly args: string;
  readonly work: Work;
  readonly session: Session;
  /** The sender may do what owners may. */
  readonly isOwner?: boolean;
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
  /** What a message of this channel becomes while a turn of the session runs. */
  queueMode(sessionKey: string, channel: string): Promise<QueueMode>;
  /** Abort running and queued work of a session, or one run. Returns the run ids it stopped. */
  abort(sessionKey: string, runId?: string): string[];
  /**
   * The address that a target stands for, in the syntax of its channel; the channel's first account by default. Refuses
   * with `INVALID_REQUEST` what cannot be reached.
   */
  address(channel: string, to: string, accountId?: string): Promise<ReplyAddress>;
  /** Queue a message for a channel: durable when it resolves. The same id is delivered once. */
  deliver(address: ReplyAddress, payload: ReplyPayload, id?: string): Promise<OutboxEntry>;
  /** Resolves when the entry is sent, unknown or dead, or after `timeoutMs` with its state then. */
  delivered(entryId: string, timeoutMs: number): Promise<OutboxEntry>;
  /** Entries that answer one message. */
  deliveries(workId: string): Promise<OutboxEntry[]>;
  /**
   * Does a list of stable ids name who wrote this, as the channel reads its ids? A wildcard names nobody, and neither
   * does a name that its bearer can change.
   */
  isNamed(ids: readonly (string | number)[], envelope: Pick<Envelope, "channel" | "sender">): Promise<boolean>;
  /** Put an emoji on a message of a network; an empty one takes ours away. Refused where there is no such thing. */
  react(address: ReplyAddress, messageId: string, emoji: string): Promise<void>;
  /** Another text for a message of ours, by default the last one there. Resolves with its id. */
  edit(address: ReplyAddress, messageId: string | undefined, text: string): Promise<string>;
  /** Take back a message of ours, by default the last one there. Resolves with its id. */
  remove(address: ReplyAddress, messageId?: string): Promise<string>;
  /** The slash commands there are now, by name, for a network's own menu. */
  commands(): readonly ListedCommand[];
  /** Channels that are offered, with the state of their accounts. */
  channels(): readonly { readonly id: string; readonly label: string; readonly accounts: readonly ChannelStatus[] }[];
  /** Work that has not ended, oldest first. */
  unfinished(): Promise<Work[]>;
  /**
   * Path and query on the gateway's port under which a file of the media store can be read for ten minutes, for networks
   * that fetch what they are sent. Nothing for a file that is elsewhere.
   */
  mediaLink(path: string): string | undefined;
}

export const Messaging = defineService<MessagingApi, ReturnType<typeof createHooks>>("messaging", createHooks);

function createHooks() {
  return {
    /** A message is durable, not yet decided on. Observers only. */
    received: new AsyncParallelHook<[Work]>(["work"], "messaging.received"),
    /**
     * What is in this attachment, in words? Asked for each that was fetched, while its message waits for its turn. First
     * answer wins; a throw costs that attachment its words and nothing else.
     */
    understand: limit(new AsyncSeriesBailHook<[MediaQuestion], string | void>(["question"], "messaging.understand"), 0),
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
