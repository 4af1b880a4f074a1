import { AsyncLocalStorage } from "node:async_hooks";
import type { Call, Client } from "openclaw/plugin-sdk";
import type { FrameId } from "./frames.ts";
import { okFrame } from "./frames.ts";

/** Where the answers of one connection go. */
export interface Caller {
  readonly client: Client;
  send(frame: string): void;
}

/** One request that has not been answered for good. */
export class PendingCall implements Call {
  readonly caller: Caller;
  readonly id: FrameId;
  readonly method: string;
  readonly params: unknown;
  readonly startedAt: number = performance.now();
  deadline = Infinity;
  /** Others wait for the same outcome: that this client goes away ends nothing. */
  isShared = false;
  onAccept: ((payload: unknown) => void) | undefined;
  readonly #open: Set<PendingCall>;
  #ended = false;
  #accepted = false;
  #abort: AbortController | undefined;
  #asAsker: ReturnType<typeof AsyncLocalStorage.snapshot> | undefined;
  #reason: DOMException | undefined;

  /** `open` holds the calls of the same client that count against its limit. */
  constructor(caller: Caller, id: FrameId, method: string, params: unknown, open: Set<PendingCall>) {
    this.caller = caller;
    this.id = id;
    this.method = method;
    this.params = params;
    this.#open = open;
    open.add(this);
  }

  get client(): Client {
    return this.caller.client;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Made when asked for: most handlers answer before anything could abort. */
  get signal(): AbortSignal {
    // What a listener throws is the doing of whoever asked for the signal.
    if (!this.#abort) this.#asAsker = AsyncLocalStorage.snapshot();
    this.#abort ??= new AbortController();
    if (this.#reason) this.#abort.abort(this.#reason);
    return this.#abort.signal;
  }

  accept(payload: unknown): void {
    if (this.#accepted) throw new Error(`${this.method} was accepted already`);
    const frame = okFrame(this.id, payload);
    this.#accepted = true;
    this.deadline = Infinity;
    this.#open.delete(this);
    this.onAccept?.(payload);
    // The client may have been told meanwhile that it took too long.
    if (!this.#ended) this.caller.send(frame);
  }

  /** Tell the handler to stop. What was accepted goes on by itself. */
  abort(reason: string): void {
    if (this.#accepted) return;
    this.#reason = new DOMException(reason, "AbortError");
    this.#asAsker?.(() => this.#abort?.abort(this.#reason));
  }

  /** True for the first caller only: one request gets one final answer. */
  end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#open.delete(this);
    return true;
  }
}
