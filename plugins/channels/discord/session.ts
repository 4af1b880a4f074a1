import type { ChannelAccount, ReplyAddress } from "openclaw/plugin-sdk";
import type { Api } from "./api.ts";
import { Directs } from "./directs.ts";
import { failureOf } from "./failure.ts";
import type { Failure } from "./failure.ts";
import { Places } from "./places.ts";
import { checkedId } from "./snowflake.ts";

const MAX_REFUSALS = 20;
const MAX_REACTIONS = 1_000;

/** Who the bot is, as the gateway greeted it. */
export interface Bot {
  readonly id: string;
  readonly username: string;
  readonly applicationId: string;
  /** Bits that tell which privileged intents it has. */
  readonly flags: number;
}

/** What is known of one account while it is connected. */
export class Session {
  readonly account: ChannelAccount;
  readonly api: Api;
  readonly bot: Bot;
  readonly places: Places;
  readonly directs: Directs = new Directs();
  /** Where Discord refused something that permissions decide, and its words. */
  readonly refusals: Map<string, string> = new Map();
  /** Discord has taken the token back. */
  readonly #tokenRefused: () => void;
  readonly #reactions = new Map<string, string>();

  constructor(account: ChannelAccount, api: Api, bot: Bot, tokenRefused: () => void) {
    this.#tokenRefused = tokenRefused;
    this.account = account;
    this.api = api;
    this.bot = bot;
    this.places = new Places(bot.id);
  }

  /** The channel that an address means. A direct conversation is opened when need be. */
  async channelOf({ to, threadId }: ReplyAddress, signal?: AbortSignal): Promise<string> {
    if (threadId !== undefined) return checkedId(threadId, "thread");
    const [, kind, id = to] = /^(?:(user|channel):)?(.+)$/.exec(to) ?? [];
    if (kind === "user") return this.directs.open(checkedId(id, "person"), this.api, signal);
    return checkedId(id, "channel");
  }

  /** The path of a message of the REST API. */
  async pathOf(address: ReplyAddress, messageId: string): Promise<`/${string}`> {
    const id = checkedId(messageId, "message");
    return `/channels/${await this.channelOf(address)}/messages/${id}`;
  }

  /** Remembers what permissions forbid, so that `channels status` can name it; and forgets it when it works. */
  noted(channelId: string, failure: Failure | undefined): void {
    if (failure?.kind === "auth") this.#tokenRefused();
    this.refusals.delete(channelId);
    if (failure?.kind !== "refused" || (failure.code !== 50_001 && failure.code !== 50_013)) return;
    const [oldest] = this.refusals.keys();
    if (this.refusals.size >= MAX_REFUSALS && oldest !== undefined) this.refusals.delete(oldest);
    this.refusals.set(channelId, failure.text);
  }

  async typing(address: ReplyAddress): Promise<void> {
    const channelId = await this.channelOf(address);
    await this.api.request("POST", `/channels/${channelId}/typing`, { limitMs: 5_000 });
  }

  /** Puts an emoji on a message, or takes ours away: the one we know of, or whichever the message has of us. */
  async react(address: ReplyAddress, messageId: string, emoji: string): Promise<void> {
    const path = await this.pathOf(address, messageId);
    if (emoji !== "") {
      await this.api.request("PUT", `${path}/reactions/${emoji}/@me`);
      this.#reactions.set(messageId, emoji);
      const [oldest] = this.#reactions.keys();
      if (this.#reactions.size > MAX_REACTIONS && oldest !== undefined) this.#reactions.delete(oldest);
      return;
    }
    const known = this.#reactions.get(messageId);
    const ours = known === undefined ? await this.#ownReactions(path) : [known];
    for (const one of ours) await this.api.request("DELETE", `${path}/reactions/${one}/@me`);
    this.#reactions.delete(messageId);
  }

  /** Takes a message back. One that is gone already is no error. */
  async remove(address: ReplyAddress, messageId: string): Promise<void> {
    const path = await this.pathOf(address, messageId);
    try {
      await this.api.request("DELETE", path);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== "refused" || failure.code !== 10_008) throw error;
    }
  }

  async #ownReactions(path: `/${string}`): Promise<string[]> {
    const { reactions } = await this.api.object("GET", path);
    if (!Array.isArray(reactions)) return [];
    return (reactions as { me?: boolean; emoji: { id?: string | null; name?: string | null } }[])
      .filter(({ me }) => me === true)
      .map(({ emoji: { id, name } }) => encodeURIComponent(id ? `${name ?? "_"}:${id}` : (name ?? "")));
  }
}
