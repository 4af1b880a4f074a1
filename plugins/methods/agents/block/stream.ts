import { setTimeout as delay } from "node:timers/promises";
import type { BlockDelivery, ReplyPayload } from "openclaw/plugin-sdk";
import { takeBlocks } from "./chunker.ts";
import type { BlockSettings } from "./settings.ts";

/** Between blocks that are told as one message. */
const JOINT = "\n\n";

export interface BlockParts {
  readonly delivery: BlockDelivery;
  readonly settings: BlockSettings;
  /** For the prefix of the first block. */
  readonly meta: () => Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly failed: (error: unknown) => void;
}

/**
 * Sends an answer in blocks while it is written. What is not sent when the answer ends is what {@link finish} gives: it
 * goes out with the end of the turn. Nothing is sent twice, and nothing after a block that could not be stored.
 */
export class BlockStream {
  readonly #parts: BlockParts;
  /** What the current message of the model said so far, and how much of it was taken. */
  #told = "";
  #buffer = "";
  /** Whole blocks that wait for more. */
  #pending = "";
  /** Blocks on their way to the outbox, oldest first; what cannot be stored stays. */
  readonly #leaving: string[] = [];
  #sending: Promise<void> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #count = 0;
  #isOver = false;
  #quote: ReplyPayload["quote"];

  constructor(parts: BlockParts) {
    this.#parts = parts;
  }

  /** A part of the answer is on its way to people, or already there. */
  get hasSent(): boolean {
    return this.#count > 0;
  }

  /** All that people may see of the current message so far. */
  take(text: string, quote: ReplyPayload["quote"]): void {
    if (this.#isOver || !text.startsWith(this.#told)) return;
    this.#quote ??= quote;
    this.#buffer += text.slice(this.#told.length);
    this.#told = text;
    if (this.#parts.settings.breaksAtText) this.#cut();
  }

  /** A text of the model is at its end: it speaks of something else from now on, or runs a tool. */
  endText(): void {
    if (this.#parts.settings.breaksAtText) this.#flush();
  }

  /** The model's message is at its end; the next one begins anew. */
  endMessage(): void {
    this.#cut();
    this.#flush();
    this.#told = "";
  }

  /** The attempt came to nothing, and none of it was shown: another one is made. */
  forget(): void {
    this.#buffer = "";
    this.#told = "";
  }

  /** Stops. Resolves with what was not sent. */
  async finish(): Promise<string> {
    this.#isOver = true;
    clearTimeout(this.#idle);
    await this.#sending;
    const rest = [...this.#leaving, this.#pending, this.#buffer].map((text) => text.trim());
    return rest.filter((text) => text !== "").join(JOINT);
  }

  #cut(): void {
    const { blocks, rest } = takeBlocks(this.#buffer, this.#parts.settings.size);
    this.#buffer = rest;
    for (const block of blocks) this.#add(block);
  }

  #flush(): void {
    const text = this.#buffer.trim();
    this.#buffer = "";
    if (text !== "") this.#add(text);
  }

  /** A block joins what waits, unless that becomes too much. */
  #add(block: string): void {
    const { minChars, maxChars, idleMs } = this.#parts.settings.coalesce;
    clearTimeout(this.#idle);
    if (this.#pending !== "" && this.#pending.length + JOINT.length + block.length > maxChars) this.#send();
    this.#pending = this.#pending === "" ? block : `${this.#pending}${JOINT}${block}`;
    if (this.#pending.length >= minChars) this.#send();
    else this.#idle = setTimeout(() => this.#send(), idleMs).unref();
  }

  #send(): void {
    clearTimeout(this.#idle);
    if (this.#isOver || this.#pending === "") return;
    const { delivery, settings, meta, signal, failed } = this.#parts;
    const isFirst = this.#count++ === 0;
    const quote = isFirst ? this.#quote : undefined;
    const text = this.#pending;
    this.#pending = "";
    this.#leaving.push(text);
    this.#sending = this.#sending.then(async () => {
      if (signal.aborted || this.#leaving[0] !== text) return;
      try {
        if (!isFirst) await delay(settings.pauseMs(), undefined, { signal });
        await delivery.send({ text, ...(quote && { quote }) }, meta());
        this.#leaving.shift();
      } catch (error) {
        this.#isOver = true;
        if (!signal.aborted) failed(error);
      }
    });
  }
}
