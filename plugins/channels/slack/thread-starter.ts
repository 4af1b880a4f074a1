import { keysOf } from "./account.ts";
import { textOf } from "./parse.ts";
import type { Here, Inbound } from "./parse.ts";
import type { Session } from "./session.ts";
import { isLater } from "./timestamp.ts";
import type { WireMessage } from "./wire.ts";

const MAX_KNOWN = 1_000;
const MAX_TEXT = 1_000;
/** Slack wants an answer within three seconds. */
const LIMIT_MS = 1_000;
/** Messages of the channel that a thread is told of, where it inherits from it. */
const BEFORE = 10;

/**
 * What a thread began with, for the first message in it that means the bot: whoever reads only the thread does not know
 * what it is about. A text of somebody else, never an instruction.
 */
export class ThreadStarters {
  readonly #session: Session;
  readonly #known = new Set<string>();

  constructor(session: Session) {
    this.#session = session;
  }

  async of(inbound: Inbound, here: Here, threadTs: string | undefined): Promise<Inbound> {
    const { chatId, mentions, quoted, untrusted = [] } = inbound;
    if (threadTs === undefined || here.chatType === "direct" || !(mentions?.bot || quoted?.isBot)) return inbound;
    const key = `${chatId} ${threadTs}`;
    if (this.#known.has(key) || !this.#isHeard(chatId)) return inbound;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.add(key);
    const { thread } = keysOf(this.#session.account);
    const before = thread?.inheritParent ? await this.#before(chatId, threadTs) : [];
    const starter = await this.#root(chatId, threadTs);
    const lines = [
      ...(await this.#told(before, "said in the channel before the thread")),
      // Its own words the bot knows.
      ...(await this.#told(
        starter.filter(({ user }) => user !== this.#session.bot.userId),
        "the thread began with",
      )),
    ];
    return lines.length === 0 ? inbound : { ...inbound, untrusted: [...untrusted, ...lines] };
  }

  async #told(messages: readonly WireMessage[], what: string): Promise<string[]> {
    const lines: string[] = [];
    for (const message of messages) {
      const text = textOf(message).slice(0, MAX_TEXT);
      const id = message.user ?? message.bot_id ?? "?";
      const name = (await this.#session.places.person(id))?.name ?? message.username ?? id;
      if (text !== "") lines.push(`${what}: ${name}: ${text}`);
    }
    return lines;
  }

  /** Nothing is asked about places that the configuration does not name. */
  #isHeard(chatId: string): boolean {
    const { channels = {} } = keysOf(this.#session.account);
    const place = channels[chatId] ?? channels["*"];
    return place !== undefined && place.enabled !== false && place.allow !== false;
  }

  async #root(channel: string, ts: string): Promise<WireMessage[]> {
    const found = await this.#read("conversations.replies", { channel, ts, limit: 1, inclusive: true });
    return found.filter((one) => one.ts === ts);
  }

  /** The last messages before it, oldest first. */
  async #before(channel: string, latest: string): Promise<WireMessage[]> {
    const found = await this.#read("conversations.history", { channel, latest, limit: BEFORE });
    return found.filter(({ ts }) => ts !== undefined && isLater(latest, ts)).toReversed();
  }

  async #read(method: string, query: object): Promise<WireMessage[]> {
    try {
      const { messages } = await this.#session.reads.call(method, query, { limitMs: LIMIT_MS });
      return Array.isArray(messages) ? (messages as WireMessage[]) : [];
    } catch {
      // It is gone, or the bot may not read it: the thread goes on without.
      return [];
    }
  }
}
