import { errorText } from "../error.ts";
import type { Logger } from "../log.ts";
import type { DispatcherOptions, ReplyDispatcher, ReplyKind, RuntimeReply } from "./runtime-contract.ts";

/** Where the replies of one message go. */
export interface ReplySink extends Pick<ReplyDispatcher, "waitForIdle" | "getQueuedCounts"> {
  begin(): Promise<void>;
  /** Resolves when this reply is delivered; rejects when it was not. */
  send(kind: ReplyKind, reply: RuntimeReply): Promise<void>;
  failed(error: unknown, kind: ReplyKind): void;
}

/** A dispatcher that a plugin made or wrapped itself knows only how to queue. */
export function sinkOf(dispatcher: ReplyDispatcher): ReplySink {
  if (dispatcher instanceof Dispatcher) return dispatcher;
  const { sendToolResult, sendBlockReply, sendFinalReply, waitForIdle, getQueuedCounts } = dispatcher;
  const queue = { tool: sendToolResult, block: sendBlockReply, final: sendFinalReply };
  return {
    begin: () => Promise.resolve(),
    async send(kind, reply) {
      queue[kind](reply);
      await waitForIdle();
    },
    failed: () => undefined,
    waitForIdle,
    getQueuedCounts,
  };
}

/** Hands replies to a plugin's `deliver`, in order, one at a time. */
export class Dispatcher implements ReplyDispatcher, ReplySink {
  readonly #options: DispatcherOptions;
  readonly #log: Logger;
  readonly #counts: Record<ReplyKind, number> = { tool: 0, block: 0, final: 0 };
  #tail: Promise<void> = Promise.resolve();

  constructor(options: DispatcherOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  readonly sendToolResult = (reply: RuntimeReply): boolean => this.#queue("tool", reply);
  readonly sendBlockReply = (reply: RuntimeReply): boolean => this.#queue("block", reply);
  readonly sendFinalReply = (reply: RuntimeReply): boolean => this.#queue("final", reply);
  readonly waitForIdle = (): Promise<void> => this.#tail;
  readonly getQueuedCounts = (): Record<ReplyKind, number> => ({ ...this.#counts });

  /** The plugin wants to show that an answer is being made. */
  async begin(): Promise<void> {
    await this.#options.onReplyStart?.();
  }

  send(kind: ReplyKind, reply: RuntimeReply): Promise<void> {
    this.#counts[kind]++;
    const step = this.#tail.then(async () => void (await this.#options.deliver(this.#shaped(reply), { kind })));
    // The next reply goes out whatever came of this one.
    this.#tail = step.catch(() => undefined);
    return step;
  }

  /** What `deliver` threw is the plugin's to hear. */
  failed(error: unknown, kind: ReplyKind): void {
    if (this.#options.onError) this.#options.onError(error, { kind });
    else this.#log.error(`reply was not delivered: ${errorText(error)}`, { err: error });
  }

  #queue(kind: ReplyKind, reply: RuntimeReply): boolean {
    if (!reply.text?.trim() && !reply.mediaUrl && !reply.mediaUrls?.length) return false;
    this.send(kind, reply).catch((error: unknown) => this.failed(error, kind));
    return true;
  }

  #shaped(reply: RuntimeReply): RuntimeReply {
    const { responsePrefix: prefix } = this.#options;
    const { text } = reply;
    const prefixed = prefix && text && !text.startsWith(prefix) ? `${prefix} ${text}` : text;
    const flags = { replyToTag: false, replyToCurrent: false, audioAsVoice: false };
    return { ...flags, ...reply, ...(prefixed !== undefined && { text: prefixed }) };
  }
}
