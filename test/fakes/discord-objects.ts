const EPOCH = 1_420_070_400_000n;
let count = 0n;

/** An id as Discord makes them: the time in its upper bits, so that later ids are greater. */
export function snowflake(at: number = Date.now()): string {
  return String(((BigInt(at) - EPOCH) << 22n) | (count++ & 0x3f_ffffn));
}

export interface FakeUser {
  readonly id: string;
  readonly username: string;
  readonly global_name?: string;
  readonly bot?: boolean;
}

/** A bot of the fake. Its token opens the REST API and the gateway. */
export interface FakeBot extends FakeUser {
  readonly token: string;
  readonly applicationId: string;
  /** Bits of `application.flags`; by default the message content intent is on. */
  readonly flags?: number;
}

export interface FakeChannel {
  readonly id: string;
  readonly name?: string;
  /** 0 text, 1 direct, 11 public thread. Default 0. */
  readonly type?: number;
  readonly topic?: string;
  readonly parent_id?: string;
  readonly guild_id?: string;
  readonly permission_overwrites?: readonly object[];
  readonly last_message_id?: string | null;
}

export interface FakeGuild {
  readonly id: string;
  readonly name: string;
  readonly channels: readonly FakeChannel[];
  readonly threads?: readonly FakeChannel[];
  /** Roles that the bots have beside `@everyone`. */
  readonly roles?: readonly { readonly id: string; readonly name: string; readonly permissions?: string }[];
  /** Bits of `@everyone`. By default everything a bot needs. */
  readonly everyone?: string;
}

/** What `GUILD_CREATE` says of a guild, whole enough for the real library. */
export function guildObject(guild: FakeGuild, bot: FakeBot): object {
  const everyone = { id: guild.id, name: "@everyone", permissions: guild.everyone ?? "8796093022207" };
  const roles = [everyone, ...(guild.roles ?? [])].map((role, position) => ({
    permissions: "0",
    color: 0,
    hoist: false,
    managed: false,
    mentionable: true,
    flags: 0,
    position,
    ...role,
  }));
  const channels = guild.channels.map((channel, position) => ({
    type: 0,
    position,
    permission_overwrites: [],
    last_message_id: null,
    ...channel,
  }));
  const threads = (guild.threads ?? []).map((thread) => ({
    type: 11,
    guild_id: guild.id,
    last_message_id: null,
    thread_metadata: { archived: false, auto_archive_duration: 1440, archive_timestamp: new Date().toISOString() },
    ...thread,
  }));
  return {
    id: guild.id,
    name: guild.name,
    owner_id: "1",
    roles,
    channels,
    threads,
    members: [
      memberObject(
        bot,
        (guild.roles ?? []).map(({ id }) => id),
      ),
    ],
    member_count: 2,
    ...EMPTY,
  };
}

export function memberObject(user: FakeUser, roles: readonly string[] = []): object {
  return { user: userObject(user), roles, joined_at: new Date().toISOString(), deaf: false, mute: false, flags: 0 };
}

export function userObject({ id, username, global_name, bot }: FakeUser): object {
  return { id, username, global_name: global_name ?? null, discriminator: "0", avatar: null, ...(bot && { bot }) };
}

/** A whole message, with whatever a test says of it on top. */
export function messageObject(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    id: snowflake(),
    timestamp: new Date().toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    pinned: false,
    type: 0,
    content: "",
    ...given,
  };
}

const EMPTY = {
  icon: null,
  splash: null,
  discovery_splash: null,
  afk_channel_id: null,
  afk_timeout: 300,
  verification_level: 0,
  default_message_notifications: 0,
  explicit_content_filter: 0,
  mfa_level: 0,
  nsfw_level: 0,
  premium_tier: 0,
  system_channel_id: null,
  system_channel_flags: 0,
  rules_channel_id: null,
  public_updates_channel_id: null,
  preferred_locale: "en-US",
  premium_progress_bar_enabled: false,
  large: false,
  unavailable: false,
  features: [],
  emojis: [],
  stickers: [],
  presences: [],
  voice_states: [],
  stage_instances: [],
  guild_scheduled_events: [],
  soundboard_sounds: [],
};
