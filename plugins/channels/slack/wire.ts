/** What Slack sends, as far as it is read here. Nothing of it is taken for granted: each field may be missing. */
export interface WireMessage {
  readonly type?: string;
  readonly subtype?: string;
  readonly channel?: string;
  readonly channel_type?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly username?: string;
  readonly text?: string;
  readonly ts?: string;
  readonly thread_ts?: string;
  /** Who began the thread. */
  readonly parent_user_id?: string;
  readonly files?: readonly WireFile[];
  readonly attachments?: readonly { readonly text?: string; readonly fallback?: string }[];
  readonly edited?: { readonly ts?: string };
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: Readonly<Record<string, unknown>> };
}

export interface WireFile {
  readonly id?: string;
  readonly name?: string;
  readonly title?: string;
  readonly mimetype?: string;
  readonly subtype?: string;
  readonly size?: number;
  readonly url_private?: string;
  readonly url_private_download?: string;
  readonly mode?: string;
}

/** A message that was changed or taken back. */
export interface WireChange extends WireMessage {
  readonly message?: WireMessage;
  readonly previous_message?: WireMessage;
  readonly deleted_ts?: string;
  readonly event_ts?: string;
}

export interface WireReaction {
  readonly user?: string;
  readonly reaction?: string;
  readonly item_user?: string;
  readonly item?: { readonly type?: string; readonly channel?: string; readonly ts?: string };
  readonly event_ts?: string;
}

export interface WireEvent {
  readonly type?: string;
  readonly event?: WireMessage & { readonly type?: string };
  readonly authorizations?: readonly { readonly team_id?: string | null; readonly user_id?: string }[];
  readonly [field: string]: unknown;
}

export interface WireCommand {
  readonly command?: string;
  readonly text?: string;
  readonly channel_id?: string;
  readonly channel_name?: string;
  readonly user_id?: string;
  readonly user_name?: string;
  readonly trigger_id?: string;
  readonly response_url?: string;
}

export interface WirePress {
  readonly type?: string;
  readonly user?: { readonly id?: string; readonly username?: string; readonly name?: string };
  readonly channel?: { readonly id?: string; readonly name?: string };
  readonly container?: { readonly message_ts?: string; readonly channel_id?: string; readonly thread_ts?: string };
  readonly message?: { readonly ts?: string; readonly thread_ts?: string };
  readonly trigger_id?: string;
  readonly actions?: readonly { readonly action_id?: string; readonly value?: string; readonly action_ts?: string }[];
}
