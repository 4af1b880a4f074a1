import type { Incoming } from "./parse.ts";

const ALBUM_MS = 500;
const FRAGMENT_MS = 1_500;
/** Clients cut a long text at 4,096; what is nearly as long may have been cut. */
const FRAGMENT_LENGTH = 4_000;
const MAX_PARTS = 12;
const MAX_LENGTH = 50_000;
const REMEMBERED = 1_000;

interface Group {
  readonly sender: string;
  readonly albumId: string | undefined;
  readonly parts: Incoming[];
  readonly done: PromiseWithResolvers<void>;
  timer: NodeJS.Timeout;
}

/**
 * Puts back together what the network took apart: albums, and long texts (channels.md §1.9). Holds nothing that has been
 * acknowledged: each part's promise resolves when the whole is durable, and rejects when it is not to be.
 */
export class Gather {
  readonly #accept: (envelope: Incoming) => Promise<void>;
  /** One per chat and sender. */
  readonly #held = new Map<string, Group>();
  /** Parts that became durable inside another message; the network may deliver one of them again. */
  readonly #gone = new Set<string>();
  #isClosed = false;

  constructor(accept: (envelope: Incoming) => Promise<void>) {
    this.#accept = accept;
  }

  /** Resolves when the message, or the one it became part of, is durable. */
  take(envelope: Incoming, albumId?: string): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error("the account has stopped"));
    if (this.#gone.has(idOf(envelope))) return Promise.resolve();
    const sender = senderOf(envelope);
    const group = this.#held.get(sender);
    if (group && joins(group, envelope, albumId)) return this.#add(group, envelope);
    // In the order in which they were written.
    if (group) this.#release(group);
    const waits = albumId !== undefined || isFragment(envelope);
    return waits ? this.#begin(sender, envelope, albumId) : this.#accept(envelope);
  }

  /** Nothing that is held becomes a message any more: it was not acknowledged, so it comes again. */
  close(): void {
    this.#isClosed = true;
    for (const group of this.#held.values()) {
      clearTimeout(group.timer);
      group.done.reject(new Error("the account has stopped"));
    }
    this.#held.clear();
  }

  #begin(sender: string, envelope: Incoming, albumId: string | undefined): Promise<void> {
    const waitMs = albumId === undefined ? FRAGMENT_MS : ALBUM_MS;
    const group: Group = {
      sender,
      albumId,
      parts: [envelope],
      done: Promise.withResolvers<void>(),
      timer: setTimeout(() => this.#release(group), waitMs),
    };
    this.#held.set(sender, group);
    return group.done.promise;
  }

  #add(group: Group, envelope: Incoming): Promise<void> {
    group.parts.push(envelope);
    const isLast = group.parts.length >= MAX_PARTS || (group.albumId === undefined && !isFragment(envelope));
    if (isLast) this.#release(group);
    else group.timer.refresh();
    return group.done.promise;
  }

  #release(group: Group): void {
    clearTimeout(group.timer);
    if (this.#held.get(group.sender) === group) this.#held.delete(group.sender);
    this.#accept(whole(group)).then(() => {
      for (const part of group.parts.slice(1)) this.#remember(idOf(part));
      group.done.resolve();
    }, group.done.reject);
  }

  #remember(id: string): void {
    this.#gone.add(id);
    const [oldest] = this.#gone;
    if (this.#gone.size > REMEMBERED && oldest !== undefined) this.#gone.delete(oldest);
  }
}

function joins(group: Group, envelope: Incoming, albumId: string | undefined): boolean {
  const last = group.parts.at(-1);
  if (!last || group.albumId !== albumId) return false;
  if (albumId !== undefined) return true;
  const length = group.parts.reduce((sum, { text }) => sum + text.length, envelope.text.length);
  const isNext = Number(envelope.messageId) === Number(last.messageId) + 1;
  return isNext && isText(envelope) && length <= MAX_LENGTH;
}

function isFragment(envelope: Incoming): boolean {
  return isText(envelope) && envelope.text.length >= FRAGMENT_LENGTH;
}

function isText({ kind = "message", media, location }: Incoming): boolean {
  return kind === "message" && !media && !location;
}

/** The first one with all that came with it: it is the one that the others continue. */
function whole({ parts, albumId }: Group): Incoming {
  const [first] = parts;
  if (!first || parts.length === 1) return first as Incoming;
  const texts = parts.map(({ text }) => text).filter((text) => text !== "");
  const media = parts.flatMap((part) => part.media ?? []);
  const mentions = parts.find((part) => part.mentions?.bot)?.mentions ?? first.mentions;
  return {
    ...first,
    text: texts.join(albumId === undefined ? "" : "\n"),
    messageIds: parts.map(({ messageId }) => messageId),
    ...(media.length > 0 && { media }),
    ...(mentions && { mentions }),
  };
}

function senderOf({ chatId, threadId, sender }: Incoming): string {
  return `${chatId} ${threadId ?? ""} ${sender.id}`;
}

function idOf({ chatId, messageId, kind = "message", revision = "" }: Incoming): string {
  return `${chatId} ${messageId} ${kind} ${revision}`;
}
