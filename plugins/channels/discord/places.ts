import type {
  APIChannel,
  APIGuildMember,
  APIOverwrite,
  APIRole,
  APIUser,
  GatewayGuildCreateDispatchData,
  GatewayGuildMemberUpdateDispatchData,
} from "discord.js";

/** More channels than any bot's servers have, within reason: those beyond are asked for one by one. */
const MAX_CHANNELS = 50_000;

export interface Channel {
  readonly id: string;
  readonly guildId: string;
  readonly type: number;
  readonly name: string;
  readonly topic?: string;
  /** The channel that a thread is in. A category is not one of those. */
  readonly parentId?: string;
  readonly overwrites: readonly APIOverwrite[];
  readonly lastMessageId?: string;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly roles: Map<string, bigint>;
  /** Roles that the bot has. */
  ownRoles: ReadonlySet<string>;
}

/** Channel types that are threads: of announcements, public and private. */
const THREADS: ReadonlySet<number> = new Set([10, 11, 12]);

export function isThread({ type }: { readonly type: number }): boolean {
  return THREADS.has(type);
}

/** The servers, channels and roles that the bot sees, as the gateway tells of them. */
export class Places {
  readonly #selfId: string;
  readonly #guilds = new Map<string, Guild>();
  readonly #channels = new Map<string, Channel>();

  constructor(selfId: string) {
    this.#selfId = selfId;
  }

  get guildCount(): number {
    return this.#guilds.size;
  }

  guild(id: string): Guild | undefined {
    return this.#guilds.get(id);
  }

  channel(id: string): Channel | undefined {
    return this.#channels.get(id);
  }

  /** Roles that the bot has, in whichever server. */
  ownRoles(): Set<string> {
    return new Set([...this.#guilds.values()].flatMap(({ ownRoles }) => [...ownRoles]));
  }

  /** Channels that have this name, in all servers or in one. */
  find(name: string, guildName?: string): string[] {
    const [wanted, within] = [name.toLowerCase(), guildName?.toLowerCase()];
    const found = [...this.#channels.values()].filter((channel) => {
      const guild = this.#guilds.get(channel.guildId);
      return channel.name.toLowerCase() === wanted && (within === undefined || guild?.name.toLowerCase() === within);
    });
    return found.map(({ id }) => id);
  }

  /** A server came, or came back. Returns what is in it. */
  guildCreated(data: GatewayGuildCreateDispatchData): Channel[] {
    const own = data.members.find(({ user }) => user.id === this.#selfId);
    this.#guilds.set(data.id, {
      id: data.id,
      name: data.name,
      ownerId: data.owner_id,
      roles: new Map(data.roles.map(({ id, permissions }) => [id, BigInt(permissions)])),
      ownRoles: new Set(own?.roles),
    });
    const listed = [...data.channels, ...data.threads] as APIChannel[];
    return listed.flatMap((channel) => this.saved(channel, data.id) ?? []);
  }

  guildDeleted(id: string): void {
    this.#guilds.delete(id);
    for (const channel of this.#channels.values()) if (channel.guildId === id) this.#channels.delete(channel.id);
  }

  /** Keeps a channel of a server as the gateway or the REST API describes it. */
  saved(data: APIChannel, guildId = "guild_id" in data ? data.guild_id : undefined): Channel | undefined {
    if (guildId === undefined) return undefined;
    const channel = channelOf(data, guildId);
    if (this.#channels.has(data.id) || this.#channels.size < MAX_CHANNELS) this.#channels.set(data.id, channel);
    return channel;
  }

  channelDeleted(id: string): void {
    this.#channels.delete(id);
  }

  roleSaved(guildId: string, { id, permissions }: APIRole): void {
    this.#guilds.get(guildId)?.roles.set(id, BigInt(permissions));
  }

  roleDeleted(guildId: string, id: string): void {
    this.#guilds.get(guildId)?.roles.delete(id);
  }

  memberUpdated({ guild_id, user, roles }: GatewayGuildMemberUpdateDispatchData): void {
    const guild = user.id === this.#selfId ? this.#guilds.get(guild_id) : undefined;
    if (guild) guild.ownRoles = new Set(roles);
  }
}

function channelOf(data: APIChannel, guildId: string): Channel {
  const { id, type } = data;
  const { name, topic, parent_id, permission_overwrites, last_message_id } = data as {
    readonly name?: string | null;
    readonly topic?: string | null;
    readonly parent_id?: string | null;
    readonly permission_overwrites?: APIOverwrite[];
    readonly last_message_id?: string | null;
  };
  return {
    id,
    guildId,
    type,
    name: name ?? id,
    overwrites: permission_overwrites ?? [],
    ...(topic && { topic }),
    ...(parent_id && isThread(data) && { parentId: parent_id }),
    ...(last_message_id && { lastMessageId: last_message_id }),
  };
}

/** What somebody is called in a place: the nickname there, the display name, or the user name. */
export function nameOf(user: APIUser, member?: Pick<APIGuildMember, "nick">): string {
  return member?.nick ?? user.global_name ?? user.username;
}
