import { GatewayError } from "openclaw/plugin-sdk";
import type { ChannelAccount, ReplyAddress } from "openclaw/plugin-sdk";
import type { Api } from "./api.ts";
import type { Cursors } from "./cursors.ts";
import { failureOf } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { Self } from "./parse.ts";
import { Places } from "./places.ts";
import { checkedTimestamp } from "./timestamp.ts";

const MAX_REFUSALS = 20;
const MAX_DIRECTS = 1_000;

/** The bot as Slack knows it. */
export interface Bot extends Self {
  readonly name: string;
  readonly scopes: readonly string[];
}

export interface SessionParts {
  readonly account: ChannelAccount;
  readonly api: Api;
  /** For what is only read: with the token of a person where there is one. */
  readonly reads: Api;
  readonly bot: Bot;
  readonly cursors: Cursors;
  /** Slack has taken the token back, and says so with this word. */
  readonly tokenRefused: (error: string) => void;
}

/** What is known of one account while it is connected. */
export class Session {
  readonly account: ChannelAccount;
  readonly api: Api;
  readonly reads: Api;
  readonly bot: Bot;
  readonly places: Places;
  readonly cursors: Cursors;
  /** Where Slack refused something that somebody can mend, and its words. */
  readonly refusals: Map<string, string> = new Map();
  readonly #tokenRefused: (error: string) => void;
  readonly #directs = new Map<string, string>();

  constructor({ account, api, reads, bot, cursors, tokenRefused }: SessionParts) {
    this.account = account;
    this.api = api;
    this.reads = reads;
    this.bot = bot;
    this.cursors = cursors;
    this.places = new Places(reads);
    this.#tokenRefused = tokenRefused;
  }

  /** Which channel a direct conversation is. */
  learned(userId: string, channelId: string): void {
    this.#directs.delete(userId);
    this.#directs.set(userId, channelId);
    const [oldest] = this.#directs.keys();
    if (this.#directs.size > MAX_DIRECTS && oldest !== undefined) this.#directs.delete(oldest);
  }

  /** The channel that an address means. A direct conversation is opened when need be. */
  async channelOf({ to }: ReplyAddress, signal?: AbortSignal): Promise<string> {
    const [, kind, id = to] = /^(?:(user|channel):)?(.+)$/.exec(to) ?? [];
    if (kind !== "user" && !/^[UW][A-Z0-9]+$/i.test(id)) return id;
    // Approvals are kept in small letters, and told to whom they are for.
    const person = id.toUpperCase();
    const known = this.#directs.get(person);
    if (known !== undefined) return known;
    const { channel } = await this.api.call("conversations.open", { users: person }, { signal });
    const opened = (channel as { readonly id?: unknown } | undefined)?.id;
    if (typeof opened !== "string")
      throw new GatewayError("UNAVAILABLE", "Slack did not say which conversation it opened");
    this.learned(person, opened);
    return opened;
  }

  /** Remembers what somebody has to mend, so that `channels status` can name it; and forgets it when it works. */
  noted(where: string, failure: Failure | undefined): void {
    if (failure?.kind === "auth") this.#tokenRefused(failure.error);
    this.refusals.delete(where);
    if (failure?.kind !== "refused" || !MENDABLE.has(failure.error)) return;
    const [oldest] = this.refusals.keys();
    if (this.refusals.size >= MAX_REFUSALS && oldest !== undefined) this.refusals.delete(oldest);
    this.refusals.set(where, failure.text);
  }

  /** Puts an emoji on a message, or takes ours away. One that is there already, or gone, is no error. */
  async react(address: ReplyAddress, messageId: string, emoji: string): Promise<void> {
    const message = { channel: await this.channelOf(address), timestamp: checkedTimestamp(messageId) };
    if (emoji !== "") return this.#unless("already_reacted", "reactions.add", { ...message, name: emoji });
    const { message: found } = await this.reads.call("reactions.get", { ...message, full: true });
    const { reactions = [] } = (found ?? {}) as { reactions?: readonly { name: string; users?: readonly string[] }[] };
    for (const { name, users = [] } of reactions)
      if (users.includes(this.bot.userId)) await this.#unless("no_reaction", "reactions.remove", { ...message, name });
  }

  /** Takes a message back. One that is gone already is no error. */
  async remove(address: ReplyAddress, messageId: string): Promise<void> {
    const message = { channel: await this.channelOf(address), ts: checkedTimestamp(messageId) };
    await this.#unless("message_not_found", "chat.delete", message);
  }

  /** Does it; that it is so already is no error. */
  async #unless(already: string, method: string, args: object): Promise<void> {
    try {
      await this.api.call(method, args);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== "refused" || failure.error !== already) throw error;
    }
  }
}

/** Refusals that end when somebody changes a setting. */
const MENDABLE: ReadonlySet<string> = new Set([
  "not_in_channel",
  "channel_not_found",
  "is_archived",
  "missing_scope",
  "no_permission",
  "restricted_action",
]);
