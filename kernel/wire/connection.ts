import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import {
  ConnectParams,
  createCheck,
  HANDSHAKE_TIMEOUT_MS,
  MAX_BUFFERED_BYTES,
  MAX_PAYLOAD_BYTES,
  RequestFrame,
} from "openclaw/plugin-sdk";
import type { Client, ErrorShape, HelloOk, KernelHooks, Peer, Role } from "openclaw/plugin-sdk";
import type { RawData, WebSocket } from "ws";
import { internScopes } from "../auth/access.ts";
import type { Throttle } from "../auth/throttle.ts";
import type { EventTable, Receiver } from "./events.ts";
import { closeReason, errorFrame, MAX_DEPTH, NOT_JSON, okFrame, parseFrame, pollutingKey, TOO_DEEP } from "./frames.ts";
import type { FrameId } from "./frames.ts";
import { login } from "./handshake.ts";
import type { AccessRules, Login } from "./handshake.ts";
import type { Dispatcher } from "./methods.ts";

/** What every connection shares. */
export interface ConnectionParts {
  readonly hooks: Readonly<KernelHooks>;
  readonly events: EventTable;
  readonly dispatcher: Dispatcher;
  readonly throttle: Throttle;
  readonly rules: () => AccessRules;
  /** Resolves when plugins that decide over logins and shape the first answer are active. */
  readonly ready: () => Promise<void>;
  readonly hello: (client: Client, login: Login, request: IncomingMessage) => HelloOk;
  readonly log: (level: "debug" | "warn", message: string, fields?: object) => void;
  /** Milliseconds without a byte taken after which a client that owes much reading is cut; for tests. */
  readonly stallMs?: number;
}

const EMPTY: ReadonlySet<string> = new Set();
/** How long the peer may take to answer a close before its socket is cut: a stranger, and a client that has much to read. */
const STRANGER_GRACE_MS = 500;
const CLIENT_GRACE_MS = 5_000;
/** A longer answer than this may be on its way for a while (reliability.md R-37). */
const LONG_ANSWER_BYTES = 65_536;
const STALL_MS = 10_000;
const GATHERED_BYTES = 65_536;
const FIRST_REQUEST_TEXT = "invalid handshake: first request must be connect";
const ONCE_TEXT = "invalid handshake: connect is only valid as the first request";

/** One per process: the protocol's own schemas never change. */
const checkConnect = createCheck(ConnectParams);
const checkRequest = createCheck(RequestFrame);

/** One socket from upgrade to close: challenge, login, requests. */
export class Connection implements Receiver {
  readonly #socket: WebSocket;
  readonly #request: IncomingMessage;
  readonly #parts: ConnectionParts;
  readonly peer: Peer;
  readonly openedAt: number = performance.now();
  onLogin: (() => void) | undefined;
  #nonce: string = randomUUID();
  #phase: "connect" | "login" | "open" | "closing" | "closed" = "connect";
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #gathers = false;
  /** Bytes of long answers that the client has asked for and not taken yet. */
  #owedBytes = 0;

  constructor(socket: WebSocket, request: IncomingMessage, peer: Peer, parts: ConnectionParts) {
    this.#socket = socket;
    this.#request = request;
    this.#parts = parts;
    this.peer = peer;
    this.#timer = setTimeout(() => this.#close(1000, ""), HANDSHAKE_TIMEOUT_MS);
    // A throw inside a message listener would wedge the socket, so nothing below may throw.
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("error", (error) => this.#failed(error));
    request.socket.on("timeout", () => this.closeSlow());
    socket.on("close", (code, reason) => this.#closed(code, String(reason)));
    const payload = { nonce: this.#nonce, ts: Date.now() };
    socket.send(JSON.stringify({ type: "event", event: "connect.challenge", payload }));
  }

  get client(): Client {
    return this.#client as Client;
  }

  /** Of events. An answer that is being read makes nobody slow. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount - this.#owedBytes;
  }

  sendFrame(frame: Buffer): void {
    this.#gather();
    this.#socket.send(frame, SEND_TEXT);
    if (this.#request.socket.writableLength > GATHERED_BYTES) this.#letGo();
  }

  /** Events of one moment, such as the words of a streamed answer, leave in one write. */
  #gather(): void {
    if (this.#gathers) return;
    this.#gathers = true;
    this.#request.socket.cork();
    process.nextTick(() => this.#letGo());
  }

  /** What is held back here would make a quick client look slow, so it is never much. */
  #letGo(): void {
    if (!this.#gathers) return;
    this.#gathers = false;
    this.#request.socket.uncork();
  }

  /** Answers are never dropped, so who does not read them is not read from until it has caught up. */
  send(frame: string): void {
    if (this.#phase === "closing" || this.#phase === "closed") return;
    const socket = this.#socket;
    const isFull = socket.bufferedAmount > MAX_BUFFERED_BYTES;
    if (!isFull && frame.length < LONG_ANSWER_BYTES) return socket.send(frame);
    if (isFull) socket.pause();
    const bytes = Buffer.byteLength(frame);
    if (this.#owedBytes === 0) this.#request.socket.setTimeout(this.#parts.stallMs ?? STALL_MS);
    this.#owedBytes += bytes;
    socket.send(frame, () => {
      this.#owedBytes -= bytes;
      if (this.#owedBytes === 0) this.#request.socket.setTimeout(0);
      if (isFull) socket.resume();
    });
  }

  closeSlow(): void {
    this.#parts.log("warn", "closing a slow client", { connId: this.#client?.connId });
    this.#close(1008, "slow consumer");
  }

  /** Close from the server's side; `terminate` follows by the caller if the peer does not answer. */
  close(code: number, reason: string): void {
    this.#close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    try {
      const isStranger = this.#phase === "connect" || this.#phase === "login";
      // Binary frames are accepted as text once logged in (protocol.md §1), never before (security.md S-05).
      if (this.#phase === "open") this.#serve(data.toString());
      else if (isStranger && !isBinary) this.#connect(data.toString());
      else this.#refuse("invalid request frame");
    } catch (error) {
      this.#parts.log("warn", `frame handling failed: ${String(error)}`, { connId: this.#client?.connId });
    }
  }

  #serve(text: string): void {
    const value = parseFrame(text, MAX_DEPTH);
    if (value === NOT_JSON)
      return this.#parts.log("debug", "dropped a message that is not JSON", { connId: this.client.connId });
    const problem = value === TOO_DEEP ? `nested deeper than ${MAX_DEPTH} levels` : checkRequest(value);
    if (problem !== undefined) {
      return this.send(errorFrame(idOf(value), invalid(`invalid request frame: ${problem}`)));
    }
    const frame = value as RequestFrame;
    this.#parts.dispatcher.dispatch(this, frame, pollution(text, frame.params));
  }

  /** One frame comes before the first answer; who sends a second one behind it has not logged in (protocol.md §3.3). */
  #connect(text: string): void {
    const value = parseFrame(text);
    const problem = typeof value === "symbol" ? "not a request" : checkRequest(value);
    if (problem !== undefined) return this.#refuse("invalid request frame");
    const { id, method, params } = value as RequestFrame;
    if (method !== "connect") return this.#refuse(FIRST_REQUEST_TEXT, id, { details: { reason: "connect_required" } });
    if (this.#phase === "login") return this.#refuse(ONCE_TEXT, id, { details: { reason: "connect_repeated" } });
    const wrong = pollution(text, params) ?? checkConnect(params ?? {});
    if (wrong !== undefined) {
      return this.#refuse(`invalid connect params: ${wrong}`, id, { details: { reason: "invalid_params" } });
    }
    this.#phase = "login";
    this.#login(id, params as ConnectParams).catch((error: unknown) => {
      this.#parts.log("warn", `login failed: ${String(error)}`);
      this.#refuse("internal error", id, { code: "UNAVAILABLE", details: { reason: "internal_error" } });
    });
  }

  async #login(id: FrameId, params: ConnectParams): Promise<void> {
    const { hooks, throttle, rules, ready, events, hello } = this.#parts;
    const nonce = this.#nonce;
    // A plugin may decide over the login, and shapes its answer.
    await ready();
    // Closed, refused or timed out meanwhile.
    if (this.#phase !== "login") return;
    const verdict = await login({ params, request: this.#request, peer: this.peer, nonce }, rules(), throttle, hooks);
    if (!verdict.ok) {
      const { ok: _, closeCode, ...error } = verdict;
      return this.#refuse(error.message, id, error, closeCode);
    }
    // As above. Nothing below waits.
    if (this.#phase !== "login") return;
    const { maxClients } = rules();
    if (events.receivers.size >= maxClients) {
      const text = `too many clients (${maxClients}); close some, or raise gateway.maxClients`;
      return this.#refuse(text, id, FULL);
    }
    const client = describe(params, verdict, this.peer, this.#request.headers, rules().secure);
    const first = hooks.helloOk.call(hello(client, verdict, this.#request), client);
    clearTimeout(this.#timer);
    this.#nonce = "";
    this.#client = client;
    this.#phase = "open";
    this.onLogin?.();
    raiseLimit(this.#socket);
    this.send(okFrame(id, first));
    events.receivers.set(client.connId, this);
    hooks.connected.call(client);
  }

  /** Answer if there is an id to answer to, then close with the same words (protocol.md §12). */
  #refuse(message: string, id?: FrameId, finer: Partial<ErrorShape> = {}, closeCode = 1008): void {
    if (id !== undefined) this.send(errorFrame(id, { ...invalid(message), ...finer }));
    this.#close(closeCode, message);
  }

  /** ws has closed with the code that fits, such as 1009, and reads on to the peer's answer. */
  #failed(error: Error): void {
    this.#parts.log("debug", `socket error: ${error.message}`, { connId: this.#client?.connId });
    this.#close(1000, "");
    // The rest of a stranger's thirty megabytes stays with the stranger.
    if (!this.#client) setImmediate(() => this.#socket.pause());
  }

  /** From here on nothing is read, sent or broadcast to the peer. */
  #close(code: number, reason: string): void {
    if (this.#phase === "closing" || this.#phase === "closed") return;
    this.#phase = "closing";
    clearTimeout(this.#timer);
    if (this.#client) this.#parts.events.receivers.delete(this.#client.connId);
    this.#socket.close(code, closeReason(reason));
    this.#timer = setTimeout(() => this.#socket.terminate(), this.#client ? CLIENT_GRACE_MS : STRANGER_GRACE_MS);
  }

  #closed(code: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#phase = "closed";
    const client = this.#client;
    if (!client) return;
    this.#parts.events.receivers.delete(client.connId);
    this.#parts.dispatcher.disconnected(this);
    this.#parts.hooks.disconnected.call(client, code, reason);
  }
}

const FULL = {
  code: "UNAVAILABLE",
  details: { reason: "too_many_clients" },
  retryable: true,
  retryAfterMs: 1_000,
} as const;
const SEND_TEXT = { binary: false };

/** ws fixes the limit at upgrade; the receiver's field is what it checks. See test/wire/limit.test.ts. */
function raiseLimit(socket: WebSocket): void {
  const { _receiver } = socket as unknown as { _receiver?: { _maxPayload: number } };
  if (_receiver) _receiver._maxPayload = MAX_PAYLOAD_BYTES;
}

function describe(
  params: ConnectParams,
  { role, scopes, deviceId }: Login,
  { isLocal, address }: Peer,
  { host, "x-forwarded-proto": scheme }: IncomingHttpHeaders,
  secure: boolean,
): Client {
  const { auth: _secret, ...connect } = params;
  return {
    connId: randomUUID(),
    role: role as Role,
    scopes: internScopes(scopes),
    caps: params.caps?.length ? new Set(params.caps) : EMPTY,
    connect,
    isLocal,
    remoteIp: isLocal ? undefined : address,
    host,
    isSecure: secure || /^(https|wss)\b/i.test(String(scheme)),
    deviceId,
    connectedAtMs: Date.now(),
  };
}

function invalid(message: string): ErrorShape {
  return { code: "INVALID_REQUEST", message };
}

/** What is wrong with parameters that could reach a prototype (security.md S-17). */
function pollution(text: string, params: unknown): string | undefined {
  const found = pollutingKey(text, params);
  return found && `at ${found.path || "root"}: unexpected property '${found.key}'`;
}

/** The frame's own id if it has one of any type, else the word the established clients know (protocol.md §2.1). */
function idOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "id")
    ? (value as { id: unknown }).id
    : "invalid";
}
