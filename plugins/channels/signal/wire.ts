/** What signal-cli tells in one event (man page of signal-cli-jsonrpc; channels.md §3.5). Nothing in it is certain. */
export interface Received {
  readonly account?: string;
  readonly envelope?: WireEnvelope;
}

export interface WireEnvelope {
  readonly source?: string;
  readonly sourceNumber?: string | null;
  readonly sourceUuid?: string;
  readonly sourceName?: string;
  readonly timestamp?: number;
  readonly dataMessage?: DataMessage;
  readonly editMessage?: { readonly targetSentTimestamp?: number; readonly dataMessage?: DataMessage };
  readonly syncMessage?: object;
}

export interface DataMessage {
  readonly timestamp?: number;
  readonly message?: string | null;
  readonly groupInfo?: { readonly groupId?: string; readonly groupName?: string };
  readonly quote?: {
    readonly id?: number;
    readonly author?: string;
    readonly authorNumber?: string | null;
    readonly authorUuid?: string;
    readonly text?: string;
  };
  readonly attachments?: readonly Attachment[];
  readonly mentions?: readonly Mention[];
  readonly reaction?: {
    readonly emoji?: string;
    readonly targetAuthor?: string;
    readonly targetAuthorNumber?: string | null;
    readonly targetAuthorUuid?: string;
    readonly targetSentTimestamp?: number;
    readonly isRemove?: boolean;
  };
  readonly remoteDelete?: object;
}

export interface Attachment {
  readonly id?: string;
  readonly contentType?: string;
  readonly filename?: string | null;
  readonly size?: number;
}

export interface Mention {
  readonly start?: number;
  readonly length?: number;
  readonly name?: string;
  readonly number?: string | null;
  readonly uuid?: string;
}
