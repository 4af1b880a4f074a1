/** A message of JSON-RPC 2.0, as far as it was looked at. */
export type Message = Readonly<Record<string, unknown>>;

/** A way to a server and back. */
export interface Transport {
  /** Rejects when the message cannot have arrived. What comes back goes to `receive`. */
  send(message: Message, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface Receiver {
  receive(message: Message): void;
  /** Nothing more will come, and why. */
  closed(reason: string): void;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const MAX_PENDING = 100;

/** An error that the server itself has answered. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = "RpcError";
    this.code = code;
  }
}

/** Requests and their answers over one transport. What the server asks of us is answered with what we have: nothing. */
export class Rpc implements Receiver {
  readonly #pending = new Map<number, Pending>();
  readonly #notified: (method: string) => void;
  readonly #ended: (reason: string) => void;
  #transport: Transport | undefined;
  #closed: string | undefined;
  #ids = 0;

  constructor(about: { readonly notified: (method: string) => void; readonly ended: (reason: string) => void }) {
    this.#notified = about.notified;
    this.#ended = about.ended;
  }

  use(transport: Transport): void {
    this.#transport = transport;
  }

  async request(method: string, params: object, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    if (this.#closed !== undefined) throw new Error(this.#closed);
    if (this.#pending.size >= MAX_PENDING) throw new Error("too many requests wait for this server");
    const id = ++this.#ids;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    promise.catch(() => undefined);
    this.#pending.set(id, { resolve, reject });
    const stop = () => {
      reject(signal.reason as Error);
      void this.notify("notifications/cancelled", { requestId: id }).catch(() => undefined);
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
      // An answer may come before the sending is over, or be what the sending fails for.
      this.#send({ jsonrpc: "2.0", id, method, params }, signal).catch(reject);
      return await promise;
    } finally {
      signal.removeEventListener("abort", stop);
      this.#pending.delete(id);
    }
  }

  notify(method: string, params: object = {}): Promise<void> {
    return this.#send({ jsonrpc: "2.0", method, params });
  }

  receive(message: Message): void {
    const { id, method, result, error } = message;
    if (typeof method === "string") {
      if (id === undefined || id === null) return this.#notified(method);
      const answer = method === "ping" ? { result: {} } : { error: { code: -32_601, message: "not served here" } };
      void this.#send({ jsonrpc: "2.0", id, ...answer }).catch(() => undefined);
      return;
    }
    const waiting = typeof id === "number" ? this.#pending.get(id) : undefined;
    if (!waiting) return;
    if (error === undefined || error === null) return waiting.resolve(result);
    const { code, message: text } = error as { code?: unknown; message?: unknown };
    waiting.reject(new RpcError(Number(code), typeof text === "string" ? text.slice(0, 1_000) : "no reason given"));
  }

  closed(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    for (const { reject } of this.#pending.values()) reject(new Error(reason));
    this.#ended(reason);
  }

  async close(): Promise<void> {
    this.#closed ??= "the server was closed";
    for (const { reject } of this.#pending.values()) reject(new Error(this.#closed));
    await this.#transport?.close();
  }

  async #send(message: Message, signal?: AbortSignal): Promise<void> {
    if (!this.#transport) throw new Error("not connected");
    await this.#transport.send(message, signal);
  }
}
