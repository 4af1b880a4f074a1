import type { APIMessage } from "discord.js";
import { keysOf } from "./account.ts";
import type { Here, Inbound } from "./parse.ts";
import { nameOf } from "./places.ts";
import type { Session } from "./session.ts";

const MAX_KNOWN = 1_000;
const MAX_TEXT = 1_000;
const LIMIT_MS = 5_000;

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

  async of(inbound: Inbound, here: Here, signal: AbortSignal): Promise<Inbound> {
    const { threadId, parentChatId, mentions, quoted, untrusted = [] } = inbound;
    if (here.chatType !== "channel" || threadId === undefined || parentChatId === undefined) return inbound;
    if (!(mentions?.bot || quoted?.isBot) || this.#known.has(threadId) || !this.#wanted(here, parentChatId))
      return inbound;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.add(threadId);
    const starter =
      (await this.#read(parentChatId, threadId, signal)) ?? (await this.#read(threadId, threadId, signal));
    if (!starter || starter.content === "" || starter.id === inbound.messageId) return inbound;
    const text = `${nameOf(starter.author)}: ${starter.content.slice(0, MAX_TEXT)}`;
    return { ...inbound, untrusted: [...untrusted, `the thread began with: ${text}`] };
  }

  /** Nothing is asked about places that the configuration does not name. */
  #wanted({ guildId, chatId }: Extract<Here, { guildId: string }>, parentId: string): boolean {
    const { guilds = {} } = keysOf(this.#session.account);
    const guild = guilds[guildId] ?? guilds["*"];
    if (!guild) return false;
    const { channels = {} } = guild;
    const channel = channels[chatId] ?? channels[parentId] ?? channels["*"];
    return channel?.includeThreadStarter !== false;
  }

  /** A thread that was made of a message has its id; one of a forum begins with a message of its own. */
  async #read(channelId: string, messageId: string, signal: AbortSignal): Promise<APIMessage | undefined> {
    const path = `/channels/${channelId}/messages/${messageId}` as const;
    try {
      return (await this.#session.api.object("GET", path, { signal, limitMs: LIMIT_MS })) as unknown as APIMessage;
    } catch {
      // It is gone, or the bot may not read it: the thread goes on without.
      return undefined;
    }
  }
}
