import type { Envelope, Media, ReplyAddress, ReplyPayload, Sender } from "./envelope.ts";

/** Outcome of one delivery attempt (reliability.md R-08). */
export type DeliveryOutcome =
  | {
      readonly outcome: "sent";
      readonly messageId: string;
      readonly chatId?: string;
      /** More of what the network said, for the caller of `send`, such as `toJid` or `pollId`. */
      readonly extra?: Readonly<Record<string, string>>;
    }
  | {
      /** Certainly nothing was shown. `retryable: false` ends the entry. */
      readonly outcome: "not_sent";
      readonly retryable: boolean;
      readonly reason: string;
      /** What the network asked for; nothing more is sent there before. */
      readonly retryAfterMs?: number;
      /** Whom the network asked to wait: this target (default) or everything of the account. */
      readonly throttled?: "target" | "account";
    }
  /** Nobody can know: the request left and no answer came. Never repeated by itself. */
  | { readonly outcome: "unknown"; readonly reason: string };

/** One try to send an entry: when it began and what came of it. */
export interface Attempt {
  readonly at: number;
  readonly ms?: number;
  readonly outcome: "sent" | "not_sent" | "unknown" | "under way";
  readonly reason?: string;
}

/** A file to upload. It lies there until the entry is at an end, whatever becomes of the address it came from. */
export interface OutgoingMedia {
  readonly path: string;
  /** Told from the bytes where they tell. */
  readonly contentType: string;
  readonly fileName: string;
  /** In bytes. */
  readonly size: number;
  readonly kind: Media["kind"];
}

/** The bytes of an attachment as they come. Reading stops at the gateway's limit, whatever the network said of the size. */
export interface Download {
  readonly body: AsyncIterable<Uint8Array>;
  readonly contentType?: string;
  readonly fileName?: string;
}

/** One message on its way out. `id` is the client message id of every attempt. */
export interface OutboxEntry {
  readonly id: string;
  readonly address: ReplyAddress;
  readonly payload: ReplyPayload;
  /**
   * Set for `deliver` when there is something to upload, in order. `payload.text` fits `limits.caption` then and belongs
   * to the first of them; longer texts come as entries of their own.
   */
  readonly media?: readonly OutgoingMedia[];
  /** The message it answers. */
  readonly workId?: string;
  /** Which part of a longer text, from 0. Parts share the id of the first one. */
  readonly part?: { readonly of: string; readonly index: number; readonly total: number };
  readonly state: "pending" | "attempting" | "sent" | "unknown" | "dead" | "expired" | "dropped";
  readonly attempt: number;
  readonly createdAt: number;
  /** Not sent until then: given up, and listed as expired. */
  readonly deadlineAt?: number;
  readonly nextAttemptAt: number;
  readonly updatedAt?: number;
  /** The last attempts, oldest first. */
  readonly attempts?: readonly Attempt[];
  readonly receipt?: {
    readonly messageId: string;
    readonly chatId?: string;
    readonly extra?: Readonly<Record<string, string>>;
  };
  readonly reason?: string;
  /** Place in the order of everything that goes out. */
  readonly seq?: number;
}

export interface ChannelAccount {
  readonly accountId: string;
  /** The account's part of `channels.<id>`; account keys override channel keys. Its live keys follow the file. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a channel says of an account: fields of the snapshot in `channels.status` (channels.md §1.17). */
export type StatusPatch = Readonly<Record<string, unknown>>;

export interface ChannelContext {
  readonly account: ChannelAccount;
  readonly signal: AbortSignal;
  /** Resolves once the message is durable; only then acknowledge it to the platform. Rejects: do not acknowledge. */
  accept(envelope: Omit<Envelope, "channel" | "accountId">): Promise<{ readonly duplicate: boolean }>;
  status(patch: StatusPatch): void;
  /** The network answered and knows us. Needed when the channel says `reportsConnection`. */
  connected(patch?: StatusPatch): void;
  /** The link is lost and the channel is about to try again by itself. */
  disconnected(reason: string, patch?: StatusPatch): void;
}

/**
 * Throw one from `start` to say what kind of end it was. `transient` (also of any other error): started again after
 * a growing pause. `throttled`: after `retryAfterMs`. `conflict`: again, and shown as an issue. `auth` and `logged-out`:
 * not again before the configuration changes or somebody logs in.
 */
export class ChannelError extends Error {
  readonly kind: "transient" | "throttled" | "conflict" | "auth" | "logged-out";
  readonly retryAfterMs: number | undefined;
  /** A command or a precise instruction for the operator. */
  readonly fix: string | undefined;

  constructor(
    kind: ChannelError["kind"],
    message: string,
    options: { readonly retryAfterMs?: number; readonly fix?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ChannelError";
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
    this.fix = options.fix;
  }
}

/** What the network can do. Asking for something else is `INVALID_REQUEST`, naming channel and feature. */
export interface ChannelCapabilities {
  readonly chatTypes?: readonly Envelope["chatType"][];
  readonly threads?: boolean;
  readonly media?: boolean;
  /** The network tells who was mentioned. */
  readonly nativeMentions?: boolean;
  readonly reply?: boolean;
  readonly reactions?: boolean;
  readonly edit?: boolean;
  readonly delete?: boolean;
  readonly poll?: boolean;
  readonly buttons?: boolean;
  readonly cards?: boolean;
  readonly nativeCommands?: boolean;
  readonly typing?: boolean;
  readonly readReceipts?: boolean;
}

/** Bounds of one message. `channels.<id>.textChunkLimit` may lower `text`, never raise it above `textHard`. */
export interface ChannelLimits {
  /** UTF-16 units of one text by default. 4000. */
  readonly text?: number;
  /** What the network takes at most. Default: `text`. */
  readonly textHard?: number;
  readonly caption?: number;
  /** Soft bound on lines of one text, where `channels.<id>.maxLinesPerMessage` says nothing else. */
  readonly lines?: number;
  /** Of one file that comes in, where `channels.<id>.mediaMaxMb` says nothing else. 20. */
  readonly mediaMaxMb?: number;
  /** Of one file that goes out. Default: `mediaMaxMb`, else 5. `agents.defaults.mediaMaxMb` comes before it. */
  readonly mediaOutMaxMb?: number;
  readonly pollOptions?: number;
  /** Messages of a group that are kept as context, where the configuration says nothing else. 50. */
  readonly history?: number;
  /** Messages per `perMs` of one account, and to one target; the outbox waits instead of asking too often. */
  readonly rate?: {
    readonly account?: { readonly count: number; readonly perMs: number };
    readonly target?: { readonly count: number; readonly perMs: number };
  };
}

/** How the accounts in a section of the configuration are found, where it is not the usual `accounts.<id>`. */
export interface ChannelAccounts {
  list(section: Readonly<Record<string, unknown>>): readonly string[];
  resolve(section: Readonly<Record<string, unknown>>, accountId: string): Readonly<Record<string, unknown>>;
}

export type Target =
  | {
      readonly ok: true;
      readonly to: string;
      readonly threadId?: string;
      readonly kind?: "user" | "group" | "channel" | "thread";
    }
  | { readonly ok: false; readonly error: string };

/** Target syntax. A prefix `<channel>:` has been taken off before. */
export interface ChannelTargets {
  parse(raw: string, account: ChannelAccount): Target | Promise<Target>;
  /** The accepted forms, for error messages. */
  readonly hint: string;
}

/** Ids of people on this network, for allowlists and pairing. */
export interface ChannelPeople {
  /** `Your <idLabel>: 41` in the pairing reply. Default `<label> user id`. */
  readonly idLabel?: string;
  /** The stable id an entry of an allowlist stands for, in the form `Sender.id` has, or nothing for what is no id. */
  normalize?(entry: string): string | undefined;
  /** Other stable ids of a sender that entries may name, such as a phone number. */
  aliases?(sender: Sender): readonly string[];
}

export interface Probe {
  readonly ok: boolean;
  readonly error?: string;
  readonly [field: string]: unknown;
}

/** Something wrong that the operator can mend. */
export interface ChannelIssue {
  readonly kind: "intent" | "permissions" | "config" | "auth" | "runtime";
  readonly message: string;
  readonly fix?: string;
}

/** What somebody has to do to link an account. It links whoever has it: shown to the caller, never logged. */
export interface LoginOffer {
  readonly message: string;
  /** The code as an image. */
  readonly qrDataUrl?: string;
  /** The text in it, for terminals. */
  readonly qr?: string;
  /** To be typed on the phone instead. */
  readonly pairingCode?: string;
}

export interface ChannelLogin {
  /** Asked again while a login waits, the same login with its code of now; with `force` a new one. */
  start(
    account: ChannelAccount,
    options: { readonly force?: boolean; readonly timeoutMs?: number; readonly phoneNumber?: string },
  ): Promise<LoginOffer>;
  wait(
    account: ChannelAccount,
    options: { readonly timeoutMs?: number },
  ): Promise<{ readonly connected: boolean; readonly message: string }>;
}

/**
 * A chat network. The channel says who wrote what and where, and carries out orders; policy is not its business.
 * Only `start` and `deliver` are needed.
 */
export interface ChannelDef {
  readonly label?: string;
  readonly meta?: {
    readonly detailLabel?: string;
    readonly systemImage?: string;
    readonly blurb?: string;
    readonly aliases?: readonly string[];
    /** Place in lists; lower comes first. */
    readonly order?: number;
  };
  /** False: runs without a section in the configuration. */
  readonly needsConfig?: boolean;
  readonly capabilities?: ChannelCapabilities;
  /** The network shows an entry once, however often it is sent with the same id: it is sent again after a crash. */
  readonly repeatsSafely?: boolean;
  /** Longest text of one message, in characters. The same as `limits.text`. */
  readonly textLimit?: number;
  readonly limits?: ChannelLimits;
  /**
   * The network's form of one chunk of Markdown. Called for each chunk after cutting, so styles cannot leak from one
   * into the next. Without it chunks go out as Markdown.
   */
  format?(markdown: string, account: ChannelAccount): string;
  readonly accounts?: ChannelAccounts;
  /** Cheap, without network: what is missing before the account can be started, or nothing. */
  unconfigured?(account: ChannelAccount): string | undefined;
  /** Fields for the status that the configuration tells, such as `tokenSource` and `mode`. No secrets. */
  describe?(account: ChannelAccount): StatusPatch;
  readonly people?: ChannelPeople;
  readonly targets?: ChannelTargets;
  /** Keys of the section that restart the account; a change of any other is live. Default: any key but those of policy. */
  readonly restartKeys?: readonly string[];
  /** Not connected before it says so with `connected()`; until then nothing is sent. */
  readonly reportsConnection?: boolean;

  /** Lives until the signal aborts. Resolving means the account stopped for good; see {@link ChannelError}. */
  start(context: ChannelContext): Promise<void>;
  /** One attempt. Whatever it throws counts as `unknown`. */
  deliver(entry: OutboxEntry, account: ChannelAccount, signal?: AbortSignal): Promise<DeliveryOutcome>;
  /** After a crash in the middle of an attempt: did the entry arrive? `not_sent` and retryable sends it again. */
  lookBack?(entry: OutboxEntry, account: ChannelAccount, signal?: AbortSignal): Promise<DeliveryOutcome>;

  /** The text without native mentions of the bot, before commands are looked for. */
  stripMentions?(text: string, account: ChannelAccount): string;
  /** Called every few seconds while a turn works on an answer. */
  typing?(address: ReplyAddress, account: ChannelAccount): Promise<void>;
  /**
   * The bytes of an attachment that came with `status: "pending"`. Called once the message was let in, before its turn,
   * and not again after a restart when the file is there. Whatever it throws makes the attachment `failed`.
   */
  download?(media: Media, account: ChannelAccount, signal: AbortSignal): Promise<Download>;
  /** Puts an emoji on a message; an empty one takes ours away. */
  react?(address: ReplyAddress, messageId: string, emoji: string, account: ChannelAccount): Promise<void>;
  /** Another text for a message of ours. `payload` is one short text in the form that `deliver` gets it. */
  edit?(address: ReplyAddress, messageId: string, payload: ReplyPayload, account: ChannelAccount): Promise<void>;
  /** Takes a message of ours back. One that is gone already is no error. */
  remove?(address: ReplyAddress, messageId: string, account: ChannelAccount): Promise<void>;
  markRead?(address: ReplyAddress, messageId: string, account: ChannelAccount): Promise<void>;

  probe?(account: ChannelAccount, signal: AbortSignal): Promise<Probe>;
  issues?(account: ChannelAccount): readonly ChannelIssue[];
  readonly login?: ChannelLogin;
  /** Forgets the account's link to the network. */
  logout?(account: ChannelAccount): Promise<{ readonly cleared: boolean; readonly loggedOut?: boolean }>;
}

export interface ChannelOptions {
  readonly label?: string;
}

/** State of one account, as `channels.status` tells it. Times are epoch milliseconds. */
export interface ChannelStatus {
  readonly accountId: string;
  readonly enabled: boolean;
  readonly configured: boolean;
  readonly running: boolean;
  readonly connected: boolean;
  readonly lastError: string | null;
  readonly [field: string]: unknown;
}
