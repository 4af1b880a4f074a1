import type {
  APIChannel,
  APIRole,
  GatewayGuildCreateDispatchData,
  GatewayGuildMemberUpdateDispatchData,
  GatewayMessageReactionAddDispatchData,
} from "discord.js";
import { ChannelError, errorText, GatewayError, Lanes } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";
import type { Cursors } from "./cursors.ts";
import type { Interaction } from "./interaction-parse.ts";
import { failureOf } from "./failure.ts";
import { Missed } from "./missed.ts";
import { messageEnvelope } from "./parse.ts";
import type { Here, Inbound, Self, Written } from "./parse.ts";
import type { Channel } from "./places.ts";
import { reactionEnvelope } from "./reaction.ts";
import type { Session } from "./session.ts";
import { isLater } from "./snowflake.ts";
import { ThreadStarters } from "./thread-starter.ts";

/** Events that wait for the store. With more than these the account starts anew, and asks for what it missed. */
const MAX_WAITING = 1_000;
/** An edit tells of itself once more whenever a link in it is looked up. */
const EDIT_MS = 60_000;
/** Direct conversations that are looked through after nobody listened, those heard of last. */
const DIRECTS = 50;
const LOOKUP_MS = 5_000;

export interface ReceiverParts {
  readonly session: Session;
  readonly cursors: Cursors;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly accept: (inbound: Inbound) => Promise<unknown>;
  readonly fail: (error: ChannelError) => void;
  /** A button was pressed or a command of the menu chosen. */
  readonly interaction: (interaction: Interaction) => Promise<void>;
}

/** Events of the gateway on their way in: in the order of their channel, and durable before the cursor moves. */
export class Receiver {
  readonly #parts: ReceiverParts;
  readonly #lanes = new Lanes();
  readonly #starters: ThreadStarters;
  readonly #missed: Missed;
  #hasFailed = false;
  readonly #handlers: Readonly<Record<string, (data: never) => void>>;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
    this.#starters = new ThreadStarters(parts.session);
    this.#missed = new Missed(parts.session, parts.signal);
    const { places } = parts.session;
    const saved = (data: APIChannel) => void places.saved(data);
    const deleted = ({ id }: { id: string }) => places.channelDeleted(id);
    type OfRole = { readonly guild_id: string; readonly role: APIRole; readonly role_id: string };
    this.#handlers = {
      GUILD_CREATE: (data: GatewayGuildCreateDispatchData) => this.#guildCreated(data),
      GUILD_DELETE: ({ id, unavailable }: { id: string; unavailable?: boolean }) => {
        if (unavailable !== true) places.guildDeleted(id);
      },
      CHANNEL_CREATE: saved,
      CHANNEL_UPDATE: saved,
      THREAD_CREATE: saved,
      THREAD_UPDATE: saved,
      THREAD_LIST_SYNC: ({ threads }: { threads: APIChannel[] }) => threads.forEach((thread) => saved(thread)),
      CHANNEL_DELETE: deleted,
      THREAD_DELETE: deleted,
      GUILD_ROLE_CREATE: ({ guild_id, role }: OfRole) => places.roleSaved(guild_id, role),
      GUILD_ROLE_UPDATE: ({ guild_id, role }: OfRole) => places.roleSaved(guild_id, role),
      GUILD_ROLE_DELETE: ({ guild_id, role_id }: OfRole) => places.roleDeleted(guild_id, role_id),
      GUILD_MEMBER_UPDATE: (data: GatewayGuildMemberUpdateDispatchData) => places.memberUpdated(data),
      MESSAGE_CREATE: (data: Written) => this.#take(data, data.guild_id),
      MESSAGE_UPDATE: (data: Written) => this.#edited(data),
      MESSAGE_REACTION_ADD: (data: GatewayMessageReactionAddDispatchData) => this.#reacted(data),
      INTERACTION_CREATE: (data: Interaction) => this.#add(data.channel_id ?? "", () => parts.interaction(data)),
    };
  }

  /** A dispatch. What makes no sense is logged and nothing more: the next one may. */
  packet(name: string, data: unknown): void {
    if (!Object.hasOwn(this.#handlers, name)) return;
    try {
      // Each handler knows the shape of its event.
      (this.#handlers[name] as (data: unknown) => void)(data);
    } catch (error) {
      this.#odd(name, error);
    }
  }

  /** The gateway greeted anew: what was said in direct conversations meanwhile is asked for. Servers tell by themselves. */
  greeted(): void {
    for (const { channelId } of this.#parts.cursors.directs().slice(0, DIRECTS)) this.#catchUp(channelId, undefined);
  }

  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  /** Where a channel of a server is, and what of. Asked for when the gateway has not told. */
  async here(channelId: string, guildId: string | undefined, isGroup = false): Promise<Here> {
    if (guildId === undefined) return { chatType: isGroup ? "group" : "direct", chatId: channelId };
    const { places } = this.#parts.session;
    const channel = places.channel(channelId) ?? (await this.#lookUp(channelId, guildId));
    const parent = channel?.parentId === undefined ? undefined : places.channel(channel.parentId);
    return { chatType: "channel", chatId: channelId, guildId, guild: places.guild(guildId), channel, parent };
  }

  async #lookUp(channelId: string, guildId: string): Promise<Channel | undefined> {
    const { session, signal, log } = this.#parts;
    try {
      const found = await session.api.object("GET", `/channels/${channelId}`, { signal, limitMs: LOOKUP_MS });
      return session.places.saved(found as unknown as APIChannel, guildId);
    } catch (error) {
      log.debug(`discord: channel ${channelId} cannot be looked up: ${errorText(error)}`);
      return undefined;
    }
  }

  #guildCreated(data: GatewayGuildCreateDispatchData): void {
    if (data.unavailable) return;
    const channels = this.#parts.session.places.guildCreated(data);
    for (const { id, guildId, lastMessageId } of channels) {
      const cursor = this.#parts.cursors.get(id);
      if (cursor && lastMessageId !== undefined && isLater(lastMessageId, cursor.lastId)) this.#catchUp(id, guildId);
    }
  }

  #take(message: Written, guildId: string | undefined, isBacklog = false): void {
    this.#add(message.channel_id, () => this.#admit(message, guildId, isBacklog));
  }

  async #admit(message: Written, guildId: string | undefined, isBacklog: boolean): Promise<void> {
    const { session, cursors } = this.#parts;
    const { author, channel_id, id } = message;
    if (author.id === session.bot.id) return;
    const isGroup = (message as { readonly channel_type?: number }).channel_type === 3;
    if (isGroup && !this.#hearsGroup(channel_id)) return;
    const here = await this.here(channel_id, guildId, isGroup);
    const inbound = messageEnvelope(message, here, this.self());
    if (here.chatType === "direct") session.directs.learned(author.id, channel_id);
    if (inbound) {
      const whole = await this.#starters.of(inbound, here, this.#parts.signal);
      await this.#accept(isBacklog ? { ...whole, isBacklog } : whole).catch((error: unknown) => {
        cursors.missed(channel_id, id, guildId);
        throw error;
      });
    }
    cursors.passed(channel_id, id, guildId);
  }

  /** Groups of direct messages are off unless the account says otherwise. */
  #hearsGroup(channelId: string): boolean {
    const { groupEnabled, groupChannels } = keysOf(this.#parts.session.account).dm ?? {};
    return groupEnabled === true && (groupChannels === undefined || groupChannels.includes(channelId));
  }

  #edited(message: Written): void {
    const revision = message.edited_timestamp;
    if (!revision || Math.abs(Date.now() - Date.parse(revision)) > EDIT_MS) return;
    const { guild_id: guildId, channel_id: channelId } = message;
    this.#add(channelId, async () => {
      const isGroup = (message as { readonly channel_type?: number }).channel_type === 3;
      if (isGroup && !this.#hearsGroup(channelId)) return;
      const inbound = messageEnvelope(message, await this.here(channelId, guildId, isGroup), this.self());
      if (!inbound) return;
      const { media: _media, ...rest } = inbound;
      await this.#accept({ ...rest, kind: "edit", revision });
    });
  }

  #reacted(data: GatewayMessageReactionAddDispatchData): void {
    const { session } = this.#parts;
    if (data.user_id === session.bot.id) return;
    this.#add(data.channel_id, async () => {
      const here = await this.here(data.channel_id, data.guild_id);
      const inbound = reactionEnvelope(data, here, keysOf(session.account), this.self());
      if (inbound) await this.#accept(inbound);
    });
  }

  /** Who the bot is, by the configuration of now. */
  self(): Self {
    const { account, bot } = this.#parts.session;
    return { id: bot.id, accountId: account.accountId, roleMentions: keysOf(account).roleMentions !== false };
  }

  /** Asks a channel for what came after the last message that is durable, before anything newer is taken. */
  #catchUp(channelId: string, guildId: string | undefined): void {
    this.#add(channelId, async () => {
      const { cursors, log } = this.#parts;
      const lastId = cursors.get(channelId)?.lastId;
      if (lastId === undefined) return;
      try {
        for await (const messages of this.#missed.since(channelId, lastId))
          for (const message of messages) await this.#admit(message as Written, guildId, true);
      } catch (error) {
        if (error instanceof ChannelError || this.#parts.signal.aborted) throw error;
        log.warn(`discord: what was said in ${channelId} meanwhile cannot be read: ${failureOf(error).text}`);
      }
    });
  }

  /** Rejects when the message is not durable; the account ends then, and asks for it again. */
  async #accept(inbound: Inbound): Promise<void> {
    try {
      await this.#parts.accept(inbound);
    } catch (error) {
      // Nothing that is asked for again can become better.
      if (error instanceof GatewayError && error.code === "INVALID_REQUEST") return this.#odd("a message", error);
      throw new ChannelError("transient", `a message could not be stored: ${errorText(error)}`);
    }
  }

  #add(channelId: string, task: () => Promise<void>): void {
    const { signal, fail } = this.#parts;
    if (this.#lanes.size >= MAX_WAITING)
      return fail(new ChannelError("transient", `${MAX_WAITING} messages wait to be stored`));
    void this.#lanes.run(channelId, async () => {
      // What comes after one that was not kept must not move the cursor over it.
      if (signal.aborted || this.#hasFailed) return;
      try {
        await task();
      } catch (error) {
        this.#hasFailed ||= error instanceof ChannelError;
        if (error instanceof ChannelError) fail(error);
        else if (!signal.aborted) this.#odd("an event", error);
      }
    });
  }

  #odd(what: string, error: unknown): void {
    this.#parts.log.warn(`discord: ${what} cannot be read: ${errorText(error)}`);
  }
}
