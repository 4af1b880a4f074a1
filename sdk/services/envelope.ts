import type { OperatorScope } from "../method.ts";

/** Where an answer goes. Captured when a message is accepted and never derived again. */
export interface ReplyAddress {
  readonly channel: string;
  readonly accountId: string;
  /** Target in the channel's own syntax. */
  readonly to: string;
  readonly threadId?: string;
}

/** Who wrote. Only `id` decides anything: the rest can be changed by its owner at will. */
export interface Sender {
  /** The network's stable id. A message without one is refused. */
  readonly id: string;
  readonly name?: string;
  readonly username?: string;
  readonly tag?: string;
  /** Phone number with `+`, where the network has one. */
  readonly e164?: string;
  readonly isBot?: boolean;
  /** Written by the account itself. */
  readonly isSelf?: boolean;
}

/**
 * One attachment, as far as it is known. A channel names it (`ref` or `url`, `status: "pending"`) and downloads nothing:
 * the gateway has it fetched once the message was let in, and sets `path`, the size, what the bytes are, and `status`.
 */
export interface Media {
  readonly kind: "image" | "video" | "audio" | "document" | "sticker" | "unknown";
  /** Where the bytes are in the media store. Set by the gateway. */
  readonly path?: string;
  /** Public address, for networks that have one. Without a `download` of the channel it is fetched under guard. */
  readonly url?: string;
  /** The network's handle, for the `download` of the channel: an id, or JSON. At most 8,192 characters. */
  readonly ref?: string;
  readonly contentType?: string;
  readonly fileName?: string;
  /** In bytes. What the network says; a hint only until `status` is `saved`. */
  readonly size?: number;
  /** `skipped`: the gateway has no way to fetch it. */
  readonly status: "saved" | "too-large" | "failed" | "skipped" | "pending";
  /** What is said or seen in it, in words, where a plugin has understood it. Set by the gateway. */
  readonly text?: string;
}

/** A message on its way in, from a channel or a client. JSON: it is stored as it is. */
export interface Envelope {
  readonly channel: string;
  readonly accountId?: string;
  /** The platform's id of this message; a repeat of it is a duplicate. */
  readonly messageId: string;
  /**
   * What happened to that message. Another kind of the same id is another event. Default `message`. A `reaction` and a
   * `notice` start no turn: their text is told with the next one.
   */
  readonly kind?: "message" | "edit" | "reaction" | "notice" | "button" | "command" | "join" | "poll" | "call";
  /** Tells apart events of one kind and one id, such as the time of an edit. */
  readonly revision?: string;
  /** Exactly what the user typed; the caption of media. */
  readonly text: string;
  readonly sender: Sender;
  /** `group` has no named rooms, `channel` is one of them. A thread of either is a `threadId`. */
  readonly chatType: "direct" | "group" | "channel";
  readonly chatId: string;
  readonly threadId?: string;
  /** The channel or group that owns the thread, when the network gives the thread an id of its own. */
  readonly parentChatId?: string;
  /** Discord guild. */
  readonly guildId?: string;
  /** Slack or Teams team. */
  readonly teamId?: string;
  /** When the sender sent it. */
  readonly timestamp?: number;
  /** The bot was addressed; groups only. The same as `mentions.bot`. */
  readonly mentioned?: boolean;
  /** Native mentions. `canDetect`: the network has them at all. */
  readonly mentions?: { readonly bot: boolean; readonly any: boolean; readonly canDetect: boolean };
  /** The message this one answers. `isBot`: one of ours, which counts as a mention. */
  readonly quoted?: {
    readonly id: string;
    readonly body?: string;
    readonly sender?: string;
    readonly isBot?: boolean;
  };
  readonly forwarded?: { readonly from?: string; readonly fromId?: string; readonly date?: number };
  readonly media?: readonly Media[];
  readonly location?: {
    readonly lat: number;
    readonly lon: number;
    readonly accuracy?: number;
    readonly name?: string;
    readonly address?: string;
    readonly isLive?: boolean;
  };
  readonly group?: { readonly subject?: string; readonly channelName?: string; readonly members?: number };
  /** Text about the place that others wrote, such as a topic. Never treated as instructions. */
  readonly untrusted?: readonly string[];
  /** For people, such as `Team id:-1001 topic:9`. */
  readonly conversationLabel?: string;
  /** Ids of all messages that became this one: an album, or what a debounce joined. */
  readonly messageIds?: readonly string[];
  /** Ids of other senders whose messages were collected into this one. What one of them may not, nobody may in it. */
  readonly alsoFrom?: readonly string[];
  /** The channel fetched it after being away: no pairing code is sent for it. */
  readonly isBacklog?: boolean;
  /** Session to use instead of the routed one; trusted callers only. Its sender has been authenticated. */
  readonly sessionKey?: string;
  /** Id of the run that answers; default is made. */
  readonly runId?: string;
  /** Deliver the answer to `replyTo`. Without it the answer only goes to the session. */
  readonly replyTo?: ReplyAddress;
  /**
   * What the caller asked of the turn, such as `thinking` or `timeoutMs`. `lane` names its lane of turns, `scopes` what
   * the client may do whose message it is ({@link hasScope}).
   */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Poll {
  readonly question: string;
  readonly options: readonly string[];
  readonly maxSelections?: number;
  readonly durationHours?: number;
}

export interface Button {
  readonly text: string;
  /** What comes back in an envelope of kind `button`. */
  readonly value?: string;
  readonly url?: string;
}

/** Something to say. Formatting, cutting and the captions of media are the gateway's and the channel's work. */
export interface ReplyPayload {
  /** Markdown, unless `format` says otherwise. */
  readonly text: string;
  /** Of a turn's answer that was sent in blocks: the end of `text` that is still to be sent. */
  readonly unsent?: string;
  /** `plain`: nothing in the text is markup. `native`: the channel's own markup, passed on as it is. */
  readonly format?: "markdown" | "plain" | "native";
  /** For `deliver` only, beside a `native` text: the Markdown it was made of, to fall back to. */
  readonly markdown?: string;
  /** Address or path of a file. What a channel uploads is {@link OutboxEntry.media}, not this. */
  readonly mediaUrl?: string;
  readonly mediaUrls?: readonly string[];
  readonly gifPlayback?: boolean;
  readonly asVoice?: boolean;
  /** Platform id of the message to quote. */
  readonly replyToId?: string;
  /** What an agent asks to quote: the message it answers, or one by its id. Done where `replyToMode` lets it. */
  readonly quote?: "current" | { readonly id: string };
  readonly silent?: boolean;
  readonly poll?: Poll;
  readonly buttons?: readonly (readonly Button[])[];
  readonly card?: Readonly<Record<string, unknown>>;
}

/** Did a client of the gateway write this that has the scope? Nobody on a network has any. */
export function hasScope({ sessionKey, options }: Envelope, scope: OperatorScope): boolean {
  const scopes = sessionKey === undefined ? undefined : options?.["scopes"];
  return Array.isArray(scopes) && (scopes.includes(scope) || scopes.includes("operator.admin"));
}
