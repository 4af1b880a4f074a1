/**
 * What is read of an update. It comes from outside, so everything may be missing; what is there is believed to have its
 * type, and an update that has not is skipped whole by whoever reads it.
 */
export interface WireUpdate {
  readonly update_id?: number;
  readonly message?: WireMessage;
  readonly edited_message?: WireMessage;
  readonly channel_post?: WireMessage;
  readonly edited_channel_post?: WireMessage;
  readonly callback_query?: WireCallback;
  readonly message_reaction?: WireReaction;
  readonly my_chat_member?: WireMember;
}

export interface WireUser {
  readonly id?: number;
  readonly is_bot?: boolean;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly username?: string;
}

export interface WireChat {
  readonly id?: number;
  readonly type?: string;
  readonly title?: string;
  readonly username?: string;
  readonly is_forum?: boolean;
}

export interface WireEntity {
  readonly type?: string;
  readonly offset?: number;
  readonly length?: number;
  readonly user?: WireUser;
}

export interface WireFile {
  readonly file_id?: string;
  readonly file_size?: number;
  readonly file_name?: string;
  readonly mime_type?: string;
  readonly width?: number;
  readonly height?: number;
}

export interface WireSticker extends WireFile {
  readonly is_animated?: boolean;
  readonly is_video?: boolean;
  readonly emoji?: string;
}

export interface WireLocation {
  readonly latitude?: number;
  readonly longitude?: number;
  readonly horizontal_accuracy?: number;
  readonly live_period?: number;
}

export interface WireContact {
  readonly first_name?: string;
  readonly last_name?: string;
  readonly phone_number?: string;
}

export interface WireOrigin {
  readonly type?: string;
  readonly date?: number;
  readonly sender_user?: WireUser;
  readonly sender_user_name?: string;
  readonly sender_chat?: WireChat;
  readonly chat?: WireChat;
}

export interface WireMessage {
  readonly message_id?: number;
  readonly message_thread_id?: number;
  readonly is_topic_message?: boolean;
  readonly date?: number;
  readonly edit_date?: number;
  readonly chat?: WireChat;
  readonly from?: WireUser;
  readonly sender_chat?: WireChat;
  readonly text?: string;
  readonly caption?: string;
  readonly entities?: readonly WireEntity[];
  readonly caption_entities?: readonly WireEntity[];
  readonly media_group_id?: string;
  readonly reply_to_message?: WireMessage;
  readonly forum_topic_created?: object;
  readonly quote?: { readonly text?: string };
  readonly forward_origin?: WireOrigin;
  readonly photo?: readonly WireFile[];
  readonly video?: WireFile;
  readonly video_note?: WireFile;
  readonly animation?: WireFile;
  readonly audio?: WireFile;
  readonly voice?: WireFile;
  readonly document?: WireFile;
  readonly sticker?: WireSticker;
  readonly location?: WireLocation;
  readonly venue?: { readonly location?: WireLocation; readonly title?: string; readonly address?: string };
  readonly contact?: WireContact;
  readonly poll?: { readonly question?: string; readonly options?: readonly { readonly text?: string }[] };
  readonly dice?: { readonly emoji?: string; readonly value?: number };
  readonly migrate_to_chat_id?: number;
}

export interface WireCallback {
  readonly id?: string;
  readonly from?: WireUser;
  readonly message?: WireMessage;
  readonly data?: string;
}

export interface WireReaction {
  readonly chat?: WireChat;
  readonly message_id?: number;
  readonly user?: WireUser;
  readonly actor_chat?: WireChat;
  readonly date?: number;
  readonly old_reaction?: readonly WireEmoji[];
  readonly new_reaction?: readonly WireEmoji[];
}

export interface WireEmoji {
  readonly type?: string;
  readonly emoji?: string;
}

export interface WireMember {
  readonly chat?: WireChat;
  readonly from?: WireUser;
  readonly date?: number;
  readonly new_chat_member?: { readonly status?: string };
  readonly old_chat_member?: { readonly status?: string };
}
