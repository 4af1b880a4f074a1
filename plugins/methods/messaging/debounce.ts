import type { Envelope, Settings, Work } from "openclaw/plugin-sdk";
import { conversationOf } from "./identity.ts";
import { channelKeys } from "./keys.ts";

/** So many texts are joined at most, however fast they come. */
const MAX_JOINED = 20;

interface Batch<T> {
  readonly items: T[];
  readonly timer: NodeJS.Timeout;
  readonly waitMs: number;
}

interface Item {
  readonly work: Work;
}

/** Texts that one person sends in a row become one message (channels.md §1.9). Holds records that are on disk already. */
export class Debounce<T extends Item> {
  readonly #settings: Settings;
  readonly #flush: (items: readonly T[]) => void;
  readonly #batches = new Map<string, Batch<T>>();

  constructor(settings: Settings, flush: (items: readonly T[]) => void) {
    this.#settings = settings;
    this.#flush = flush;
  }

  /** Holds the text, or passes on at once what is not to wait, after what waits before it. */
  add(item: T): void {
    const { envelope } = item.work;
    const key = keyOf(envelope);
    const waitMs = this.#waitMs(envelope);
    const mayWait = waitMs > 0 && envelope.sessionKey === undefined && !envelope.media?.length;
    const batch = this.#batches.get(key);
    if (!mayWait) {
      this.release(envelope);
      this.#flush([item]);
    } else if (batch) {
      batch.items.push(item);
      batch.timer.refresh();
      if (batch.items.length >= MAX_JOINED) this.release(envelope);
    } else {
      const timer = setTimeout(() => this.release(envelope), waitMs);
      this.#batches.set(key, { items: [item], timer, waitMs });
    }
  }

  /** Lets go of what waits in front of this message. */
  release(envelope: Envelope): void {
    const key = keyOf(envelope);
    const batch = this.#batches.get(key);
    if (!batch) return;
    this.#batches.delete(key);
    clearTimeout(batch.timer);
    this.#flush(batch.items);
  }

  /** Lets go of everything. */
  close(): void {
    for (const batch of Array.from(this.#batches.values())) {
      const [first] = batch.items;
      if (first) this.release(first.work.envelope);
    }
  }

  #waitMs({ channel, accountId }: Envelope): number {
    const ofAccount = channelKeys(this.#settings, channel, accountId).debounceMs;
    const ofChannel = this.#settings.get<number>(`messages.inbound.byChannel.${channel}`);
    return ofAccount ?? ofChannel ?? this.#settings.get<number>("messages.inbound.debounceMs") ?? 0;
  }
}

/** One envelope for several: texts in lines, the last one's id for replies. */
export function joined(works: readonly Work[]): Envelope {
  const last = works.at(-1) as Work;
  const envelopes = works.map(({ envelope }) => envelope);
  const mentioned = envelopes.some((one) => one.mentioned === true);
  return {
    ...last.envelope,
    text: envelopes.map(({ text }) => text).join("\n"),
    messageIds: envelopes.flatMap(({ messageIds, messageId }) => messageIds ?? [messageId]),
    ...(mentioned && { mentioned }),
  };
}

function keyOf(envelope: Envelope): string {
  return `${conversationOf(envelope)} ${envelope.sender?.id}`;
}
