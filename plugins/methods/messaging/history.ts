import type { Envelope, Settings } from "openclaw/plugin-sdk";
import { channelKeys } from "./keys.ts";

const MAX_PLACES = 1_000;
const DEFAULT_LIMIT = 50;
const MAX_TEXT = 2_000;

export interface Said {
  readonly sender: string;
  readonly text: string;
  readonly messageId: string;
}

/** What was said in groups without starting a turn: context for the next one that does. In memory only (channels.md §1.8). */
export class PendingHistory {
  readonly #settings: Settings;
  /** By conversation, the one heard of last at the end. */
  readonly #places = new Map<string, Said[]>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** `most`: how many the channel keeps where the configuration says nothing. */
  add(conversation: string, envelope: Envelope, most: number = DEFAULT_LIMIT): void {
    const limit = this.#limit(envelope, most);
    if (limit <= 0) return;
    const said = this.#places.get(conversation) ?? [];
    this.#places.delete(conversation);
    const { sender, text, messageId } = envelope;
    said.push({ sender: sender.name ?? sender.username ?? sender.id, text: text.slice(0, MAX_TEXT), messageId });
    this.#places.set(conversation, said.slice(-limit));
    if (this.#places.size <= MAX_PLACES) return;
    for (const oldest of this.#places.keys()) {
      this.#places.delete(oldest);
      break;
    }
  }

  /** Takes what was said; `restore` puts it back before what came since, for a turn that failed. */
  take(conversation: string): { readonly said: readonly Said[]; restore(): void } {
    const said = this.#places.get(conversation) ?? [];
    this.#places.delete(conversation);
    return {
      said,
      restore: () => {
        if (said.length > 0) this.#places.set(conversation, [...said, ...(this.#places.get(conversation) ?? [])]);
      },
    };
  }

  #limit({ channel, accountId }: Envelope, most: number): number {
    const ofChannel = channelKeys(this.#settings, channel, accountId).historyLimit;
    return ofChannel ?? this.#settings.get<number>("messages.groupChat.historyLimit") ?? most;
  }
}
