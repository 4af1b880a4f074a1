import assert from "node:assert/strict";
import type { ConnectParams, HelloOk } from "openclaw/plugin-sdk";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { WebSocket } from "ws";
import { brokenAnswer, brokenHello } from "./answer-shape.ts";

/** Any frame, as it came. */
export interface Frame {
  readonly type: string;
  readonly id?: unknown;
  readonly ok?: boolean;
  readonly event?: string;
  readonly seq?: number;
  // Payloads are what the tests are about; they look into them freely.
  readonly payload?: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly message: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface RawOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Close a socket that was left open without waiting for the other end. */
  readonly path?: string;
}

// Taken before a test replaces the timers of the process.
const { setTimeout: later, clearTimeout: never } = globalThis;
const PATIENCE_MS = 4_000;

/** One WebSocket, frame by frame: what is sent is sent as it stands, what comes is kept in order. */
export class RawClient implements AsyncDisposable {
  readonly socket: WebSocket;
  /** Frames that came and were not taken by `next` yet. */
  readonly frames: Frame[] = [];
  #closed: Closed | undefined;
  #wake: (() => void) | undefined;
  #count = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      this.#wake?.();
    });
    socket.on("close", (code, reason) => {
      this.#closed = { code, reason: String(reason) };
      this.#wake?.();
    });
    socket.on("error", () => undefined);
  }

  /** Resolves when the socket is open. Rejects with the HTTP status when the upgrade is refused. */
  static async open(url: string, { headers = {}, path = "" }: RawOptions = {}): Promise<RawClient> {
    const socket = new WebSocket(`${url}${path}`, { perMessageDeflate: false, headers: { ...headers } });
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("unexpected-response", (request, response) => {
        reject(new UpgradeRefused(response.statusCode ?? 0));
        request.destroy();
      });
      socket.once("error", reject);
    });
    return client;
  }

  /** Send anything as JSON. */
  send(value: unknown): void {
    this.socket.send(JSON.stringify(value));
  }

  /** Send exactly this: a text frame for a string, a binary frame for a buffer. */
  sendRaw(data: string | Buffer): void {
    this.socket.send(data);
  }

  /** Take the first waiting frame that matches; wait for it when there is none. */
  async next(what: string, matches: (frame: Frame) => boolean, patienceMs: number = PATIENCE_MS): Promise<Frame> {
    return this.#until(what, patienceMs, () => {
      const index = this.frames.findIndex(matches);
      if (index >= 0) return this.frames.splice(index, 1)[0];
      if (this.#closed) throw new Error(`closed (${this.#closed.code} "${this.#closed.reason}") before ${what}`);
      return undefined;
    });
  }

  challenge(): Promise<Frame> {
    return this.event("connect.challenge");
  }

  event(name: string, patienceMs?: number): Promise<Frame> {
    return this.next(`event ${name}`, (frame) => frame.type === "event" && frame.event === name, patienceMs);
  }

  response(id: unknown, patienceMs?: number): Promise<Frame> {
    return this.next(`response to ${String(id)}`, (frame) => frame.type === "res" && frame.id === id, patienceMs);
  }

  /** Send a request and take its first response, which is what docs/protocol says of a method of the stock plugins. */
  async request(method: string, params?: unknown): Promise<Frame> {
    const id = `q${++this.#count}`;
    this.send({ type: "req", id, method, ...(params !== undefined && { params }) });
    const answer = await this.response(id);
    const broken = answer.ok ? brokenAnswer(method, answer.payload) : undefined;
    if (broken !== undefined) throw new Error(broken);
    return answer;
  }

  /** Send `connect` and take its response. */
  async connect(params: unknown, id: unknown = "c"): Promise<Frame> {
    this.send({ type: "req", id, method: "connect", params });
    const answer = await this.response(id);
    const broken = answer.ok ? brokenHello(answer.payload) : undefined;
    if (broken !== undefined) throw new Error(broken);
    return answer;
  }

  /** Resolves with how the connection ended, whoever ended it. */
  closed(patienceMs: number = PATIENCE_MS): Promise<Closed> {
    return this.#until("close", patienceMs, () => this.#closed);
  }

  get isOpen(): boolean {
    return this.#closed === undefined && this.socket.readyState === WebSocket.OPEN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.closed();
  }

  async #until<T>(what: string, patienceMs: number, probe: () => T | undefined): Promise<T> {
    let late = false;
    const timer = later(() => {
      late = true;
      this.#wake?.();
    }, patienceMs);
    try {
      for (;;) {
        const found = probe();
        if (found !== undefined) return found;
        if (late) throw new Error(`no ${what} within ${patienceMs} ms; there are ${JSON.stringify(this.frames)}`);
        const before = this.#wake;
        await new Promise<void>((resolve) => {
          this.#wake = () => {
            before?.();
            resolve();
          };
        });
      }
    } finally {
      never(timer);
    }
  }
}

/** The HTTP answer to an upgrade that was not granted. */
export class UpgradeRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`upgrade refused with ${status}`);
    this.status = status;
  }
}

/** Parameters every check lets through; `changes` are laid over them, `undefined` removes a key. */
export function connectParams(token: string | undefined, changes: Partial<ConnectParams> = {}): ConnectParams {
  const params = {
    minProtocol: 3,
    maxProtocol: 3,
    client: { id: "test", version: "1", platform: "test", mode: "test" },
    ...(token !== undefined && { auth: { token } }),
    ...changes,
  };
  return JSON.parse(JSON.stringify(params)) as ConnectParams;
}

/** A raw client that has logged in. */
export async function loggedIn(
  gateway: Pick<TestGateway, "url" | "token">,
  changes: Partial<ConnectParams> = {},
  options: RawOptions = {},
): Promise<RawClient & { readonly hello: HelloOk }> {
  const client = await RawClient.open(gateway.url, options);
  await client.challenge();
  const answer = await client.connect(connectParams(gateway.token, changes));
  assert.equal(answer.ok, true, JSON.stringify(answer));
  return Object.assign(client, { hello: answer.payload as unknown as HelloOk });
}
