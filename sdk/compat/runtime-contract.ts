import type { MessageContextFields } from "./inbound-context.ts";

/** `api.runtime`, as far as this gateway has it. Reading any other name gives a function that throws when called. */
export interface PluginRuntime {
  /** The host generation whose contract is kept; plugins compare it as a date version. */
  readonly version: string;
  readonly system: {
    /** The text joins the next turn of that session. */
    readonly enqueueSystemEvent: (
      text: string,
      options: { readonly sessionKey: string; readonly contextKey?: string | null },
    ) => void;
    readonly runCommandWithTimeout: (
      argv: readonly string[],
      options: number | CommandRunOptions,
    ) => Promise<CommandOutput>;
  };
  readonly channel: {
    readonly reply: ReplyRuntime;
    readonly session: SessionRuntime;
    readonly [channel: string]: object;
  };
}

export interface CommandRunOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: string | null;
  /** It ran into the time limit. */
  readonly killed: boolean;
}

export type ReplyKind = "tool" | "block" | "final";

export interface RuntimeReply {
  readonly text?: string;
  readonly mediaUrl?: string;
  readonly mediaUrls?: readonly string[];
  readonly replyToId?: string;
  readonly replyToTag?: boolean;
  readonly replyToCurrent?: boolean;
  readonly audioAsVoice?: boolean;
  readonly isError?: boolean;
}

export interface DispatcherOptions {
  readonly deliver: (reply: RuntimeReply, about: { readonly kind: ReplyKind }) => unknown;
  readonly onError?: (error: unknown, about: { readonly kind: ReplyKind }) => void;
  readonly onReplyStart?: () => unknown;
  readonly onIdle?: () => unknown;
  readonly responsePrefix?: string;
}

export interface DispatchResult {
  readonly queuedFinal: boolean;
  readonly counts: Readonly<Record<ReplyKind, number>>;
}

export interface ReplyDispatcher {
  readonly sendToolResult: (reply: RuntimeReply) => boolean;
  readonly sendBlockReply: (reply: RuntimeReply) => boolean;
  readonly sendFinalReply: (reply: RuntimeReply) => boolean;
  readonly waitForIdle: () => Promise<void>;
  readonly getQueuedCounts: () => Readonly<Record<ReplyKind, number>>;
}

export interface ReplyRuntime {
  readonly finalizeInboundContext: (context: MessageContextFields) => MessageContextFields;
  readonly formatAgentEnvelope: (envelope: EnvelopeText) => string;
  readonly formatInboundEnvelope: (envelope: EnvelopeText & InboundSender) => string;
  readonly resolveEnvelopeFormatOptions: (config?: unknown) => EnvelopeFormat;
  readonly dispatchReplyWithBufferedBlockDispatcher: (request: {
    readonly ctx: MessageContextFields;
    readonly cfg?: unknown;
    readonly dispatcherOptions: DispatcherOptions;
    readonly replyOptions?: object;
  }) => Promise<DispatchResult>;
  readonly createReplyDispatcherWithTyping: (options: DispatcherOptions) => {
    readonly dispatcher: ReplyDispatcher;
    readonly replyOptions: object;
    readonly markDispatchIdle: () => void;
  };
  readonly dispatchReplyFromConfig: (request: {
    readonly ctx: MessageContextFields;
    readonly cfg?: unknown;
    readonly dispatcher: ReplyDispatcher;
    readonly replyOptions?: object;
  }) => Promise<DispatchResult>;
  readonly resolveHumanDelayConfig: (config: unknown, agentId: string) => unknown;
  readonly resolveEffectiveMessagesConfig: (
    config: unknown,
    agentId: string,
  ) => { readonly messagePrefix: string; readonly responsePrefix: string | undefined };
}

export interface EnvelopeFormat {
  readonly timezone?: string;
  readonly userTimezone?: string | undefined;
  readonly includeTimestamp?: boolean;
  readonly includeElapsed?: boolean;
}

export interface EnvelopeText {
  readonly channel: string;
  readonly from?: string;
  readonly timestamp?: number | Date;
  readonly previousTimestamp?: number | Date | undefined;
  readonly envelope?: EnvelopeFormat;
  readonly body: string;
}

export interface InboundSender {
  readonly chatType?: string;
  readonly senderLabel?: string;
  readonly sender?: { readonly name?: string; readonly username?: string; readonly id?: string };
}

export interface SessionRuntime {
  /** An opaque handle: only the helpers beside it read what is there. */
  readonly resolveStorePath: (store?: unknown, options?: { readonly agentId?: string }) => string;
  /** When this process last recorded a message of the session, as far as it knows yet. */
  readonly readSessionUpdatedAt: (about: {
    readonly storePath: string;
    readonly sessionKey: string;
  }) => number | undefined;
  readonly recordInboundSession: (record: {
    readonly storePath: string;
    readonly sessionKey: string;
    readonly ctx: MessageContextFields;
    readonly updateLastRoute?: { readonly channel?: string; readonly to?: string; readonly accountId?: string };
    readonly onRecordError?: (error: unknown) => void;
  }) => Promise<void>;
}
