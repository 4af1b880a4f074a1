import type { Api } from "./api.ts";
import { failureOf } from "./failure.ts";
import type { Here, Person } from "./parse.ts";

const MAX = 2_000;
const FRESH_MS = 3_600_000;
/** What could not be found out is asked for again after this. */
const AGAIN_MS = 60_000;
/** Slack wants an answer within three seconds: names are not worth more than this. */
const LOOKUP_MS = 1_000;

interface Known<T> {
  readonly value: T | undefined;
  readonly until: number;
}

/** Names and kinds of channels and people, asked for once and kept for a while. Without them messages come in all the same. */
export class Places {
  readonly #api: Api;
  readonly #channels = new Map<string, Known<Omit<Here, "chatId">>>();
  readonly #people = new Map<string, Known<Person>>();

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Where a channel is. `type` is Slack's own word for it, where it said one. Names are asked for where `isWanted`; the
   * kind always, since a group chat must not pass for a channel.
   */
  async here(id: string, type: string | undefined, isWanted: boolean): Promise<Here> {
    const chatType = id.startsWith("D") ? "direct" : kindOf(type);
    if (chatType === "direct") return { chatType, chatId: id };
    const found = isWanted || chatType === undefined ? await this.#channel(id) : undefined;
    return {
      ...found,
      chatType: chatType ?? found?.chatType ?? (id.startsWith("G") ? "group" : "channel"),
      chatId: id,
    };
  }

  person(id: string): Promise<Person | undefined> {
    if (!/^[UW][A-Z0-9]+$/.test(id)) return Promise.resolve(undefined);
    return this.#once(this.#people, id, async () => {
      const { user } = await this.#api.call("users.info", { user: id }, { limitMs: LOOKUP_MS });
      const { name, real_name, is_bot, profile } = user as {
        readonly name?: string;
        readonly real_name?: string;
        readonly is_bot?: boolean;
        readonly profile?: { readonly display_name?: string; readonly real_name?: string };
      };
      const shown = [profile?.display_name, real_name, profile?.real_name, name].find(
        (one) => one !== undefined && one !== "",
      );
      return { ...(shown && { name: shown }), ...(name && { username: name }), ...(is_bot && { isBot: true }) };
    });
  }

  /** It was renamed, or is another one now. */
  forget(id: string): void {
    this.#channels.delete(id);
  }

  #channel(id: string): Promise<Omit<Here, "chatId"> | undefined> {
    return this.#once(this.#channels, id, async () => {
      const { channel } = await this.#api.call("conversations.info", { channel: id }, { limitMs: LOOKUP_MS });
      const { name, is_im, is_mpim, topic } = channel as {
        readonly name?: string;
        readonly is_im?: boolean;
        readonly is_mpim?: boolean;
        readonly topic?: { readonly value?: string };
      };
      return {
        chatType: is_im ? "direct" : is_mpim ? "group" : "channel",
        ...(name && !is_mpim && { name }),
        ...(topic?.value && { topic: topic.value }),
      };
    });
  }

  async #once<T>(known: Map<string, Known<T>>, id: string, ask: () => Promise<T>): Promise<T | undefined> {
    const before = known.get(id);
    if (before && performance.now() < before.until) return before.value;
    let value: T | undefined;
    let isFinal = true;
    try {
      value = await ask();
    } catch (error) {
      // It goes on without; what the token may not see it may not see the next time either.
      value = before?.value;
      isFinal = failureOf(error).kind === "refused";
    }
    const [oldest] = known.keys();
    if (known.size >= MAX && oldest !== undefined) known.delete(oldest);
    known.set(id, { value, until: performance.now() + (isFinal ? FRESH_MS : AGAIN_MS) });
    return value;
  }
}

/** Slack's own words; private channels are called groups. */
function kindOf(type: string | undefined): Here["chatType"] | undefined {
  if (type === "im") return "direct";
  if (type === "mpim") return "group";
  return type === "channel" || type === "group" ? "channel" : undefined;
}
