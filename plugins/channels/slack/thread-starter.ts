import { keysOf } from "./account.ts";
import { textOf } from "./parse.ts";
import type { Here, Inbound } from "./parse.ts";
import type { Session } from "./session.ts";
import type { WireMessage } from "./wire.ts";

const MAX_KNOWN = 1_000;
const MAX_TEXT = 1_000;
/** Slack wants an answer within three seconds. */
const LIMIT_MS = 1_500;

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
    const starter = await this.#read(chatId, threadTs);
    // Its own words the bot knows.
    if (!starter || starter.ts !== threadTs || starter.user === this.#session.bot.userId) return inbound;
    const text = textOf(starter).slice(0, MAX_TEXT);
    if (text === "") return inbound;
    const id = starter.user ?? starter.bot_id ?? "?";
    const name = (await this.#session.places.person(id))?.name ?? starter.username ?? id;
    return { ...inbound, untrusted: [...untrusted, `the thread began with: ${name}: ${text}`] };
  }

  /** Nothing is asked about places that the configuration does not name. */
  #isHeard(chatId: string): boolean {
    const { channels = {} } = keysOf(this.#session.account);
    const place = channels[chatId] ?? channels["*"];
    return place !== undefined && place.enabled !== false && place.allow !== false;
  }

  async #read(channel: string, ts: string): Promise<WireMessage | undefined> {
    try {
      const { messages } = await this.#session.reads.call(
        "conversations.replies",
        { channel, ts, limit: 1, inclusive: true },
        { limitMs: LIMIT_MS },
      );
      return Array.isArray(messages) ? (messages as WireMessage[]).find((one) => one.ts === ts) : undefined;
    } catch {
      // It is gone, or the bot may not read it: the thread goes on without.
      return undefined;
    }
  }
}
