import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ConnectParams, HANDSHAKE_TIMEOUT_MS, MAX_PAYLOAD_BYTES, RequestFrame } from "openclaw/plugin-sdk";
import type { Client, ErrorShape, HelloOk, KernelHooks, Role } from "openclaw/plugin-sdk";
import type { RawData, WebSocket } from "ws";
import { internScopes } from "../auth/access.ts";
import type { Peer } from "../auth/peer.ts";
import type { Throttle } from "../auth/throttle.ts";
import type { EventTable, Receiver } from "./events.ts";
import { closeReason, errorFrame, MAX_DEPTH, NOT_JSON, okFrame, parseFrame, pollutingKey, TOO_DEEP } from "./frames.ts";
import type { FrameId } from "./frames.ts";
import { login } from "./handshake.ts";
import type { AccessRules, Login } from "./handshake.ts";
import type { Dispatcher } from "./methods.ts";
import { createValidator } from "./validate.ts";
import type { Check } from "./validate.ts";

/** What every connection shares. */
export interface ConnectionParts {
  readonly hooks: Readonly<KernelHooks>;
  readonly events: EventTable;
  readonly dispatcher: Dispatcher;
  readonly throttle: Throttle;
  readonly rules: () => AccessRules;
  /** Resolves when plugins that shape the first answer are active. */
  readonly ready: () => Promise<void>;
  readonly hello: (client: Client, login: Login, request: IncomingMessage) => HelloOk;
  readonly log: (level: "debug" | "warn", message: string, fields?: object) => void;
}

const EMPTY: ReadonlySet<string> = new Set();
const FIRST_REQUEST_TEXT = "invalid handshake: first request must be connect";

/** Compiled once per process, on the first connection: the protocol's own schemas never change. */
const checks = {
  validator: createValidator(),
  connect: undefined as Check | undefined,
  request: undefined as Check | undefined,
};

function checkConnect(value: unknown): string | undefined {
  return (checks.connect ??= checks.validator.compile(ConnectParams))(value);
}

function checkRequest(value: unknown): string | undefined {
  return (checks.request ??= checks.validator.compile(RequestFrame))(value);
}

/** One socket from upgrade to close: challenge, login, requests. */
export class Connection implements Receiver {
  readonly #socket: WebSocket;
  readonly #request: IncomingMessage;
  readonly #parts: ConnectionParts;
  readonly peer: Peer;
  readonly openedAt: number = performance.now();
  onLogin: (() => void) | undefined;
  #nonce: string = randomUUID();
  #phase: "connect" | "login" | "open" | "closed" = "connect";
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, request: IncomingMessage, peer: Peer, parts: ConnectionParts) {
    this.#socket = socket;
    this.#request = request;
    this.#parts = parts;
    this.peer = peer;
    this.#timer = setTimeout(() => this.#close(1000, ""), HANDSHAKE_TIMEOUT_MS);
    // A throw inside a message listener would wedge the socket, so nothing below may throw.
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("error", (error) => parts.log("debug", `socket error: ${error.message}`));
    socket.on("close", (code, reason) => this.#closed(code, String(reason)));
    const payload = { nonce: this.#nonce, ts: Date.now() };
    socket.send(JSON.stringify({ type: "event", event: "connect.challenge", payload }));
  }

  get client(): Client {
    return this.#client as Client;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  sendFrame(frame: Buffer): void {
    this.#socket.send(frame, SEND_TEXT);
  }

  send(frame: string): void {
    if (this.#phase !== "closed") this.#socket.send(frame);
  }

  closeSlow(): void {
    this.#parts.log("warn", "closing a slow client", { connId: this.#client?.connId });
    this.#close(1008, "slow consumer");
    this.#socket.terminate();
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
      // Binary frames are accepted as text once logged in (protocol.md §1), never before (security.md S-05).
      if (this.#phase === "open") this.#request_(data.toString());
      else if (this.#phase === "connect" && !isBinary) this.#connect(data.toString());
      else if (this.#phase !== "closed") this.#refuse("invalid request frame");
    } catch (error) {
      this.#parts.log("warn", `frame handling failed: ${String(error)}`, { connId: this.#client?.connId });
    }
  }

  #request_(text: string): void {
    const value = parseFrame(text, MAX_DEPTH);
    if (value === NOT_JSON)
      return this.#parts.log("debug", "dropped a message that is not JSON", { connId: this.client.connId });
    const problem = value === TOO_DEEP ? `nested deeper than ${MAX_DEPTH} levels` : checkRequest(value);
    if (problem !== undefined) {
      return this.send(errorFrame(idOf(value), invalid(`invalid request frame: ${problem}`)));
    }
    const frame = value as RequestFrame;
    const polluting = pollutingKey(text, frame.params);
    if (polluting) {
      const where = polluting.path || "root";
      return this.send(
        errorFrame(
          frame.id,
          invalid(`invalid ${frame.method} params: at ${where}: unexpected property '${polluting.key}'`),
        ),
      );
    }
    this.#parts.dispatcher.dispatch(this, frame);
  }

  #connect(text: string): void {
    const value = parseFrame(text);
    const problem = typeof value === "symbol" ? "not a request" : checkRequest(value);
    if (problem !== undefined) return this.#refuse("invalid request frame");
    const { id, method, params } = value as RequestFrame;
    if (method !== "connect") return this.#refuse(FIRST_REQUEST_TEXT, id);
    const polluting = pollutingKey(text, params);
    const wrong = polluting
      ? `at ${polluting.path || "root"}: unexpected property '${polluting.key}'`
      : checkConnect(params ?? {});
    if (wrong !== undefined) return this.#refuse(`invalid connect params: ${wrong}`, id);
    this.#phase = "login";
    this.#login(id, params as ConnectParams).catch((error: unknown) => {
      this.#parts.log("warn", `login failed: ${String(error)}`);
      this.#refuse("internal error", id, { code: "UNAVAILABLE", message: "internal error" });
    });
  }

  async #login(id: FrameId, params: ConnectParams): Promise<void> {
    const { hooks, throttle, rules, ready, events, hello } = this.#parts;
    const nonce = this.#nonce;
    const verdict = await login({ params, request: this.#request, peer: this.peer, nonce }, rules(), throttle, hooks);
    if (!verdict.ok) {
      const { code, message, details, retryAfterMs } = verdict;
      return this.#refuse(
        message,
        id,
        { code, message, ...(details && { details }), ...(retryAfterMs && { retryAfterMs }) },
        verdict.closeCode,
      );
    }
    await ready();
    if (this.#phase !== "login") return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#nonce = "";
    const client = describe(params, verdict, this.peer);
    this.#client = client;
    const first = hooks.helloOk.call(hello(client, verdict, this.#request), client);
    this.#phase = "open";
    this.onLogin?.();
    raiseLimit(this.#socket);
    this.send(okFrame(id, first));
    events.receivers.set(client.connId, this);
    hooks.connected.call(client);
  }

  /** Answer if there is an id to answer to, then close with the same words (protocol.md §12). */
  #refuse(message: string, id?: FrameId, error: ErrorShape = invalid(message), closeCode = 1008): void {
    if (id !== undefined) this.send(errorFrame(id, error));
    this.#close(closeCode, message);
  }

  #close(code: number, reason: string): void {
    if (this.#phase !== "closed") this.#socket.close(code, closeReason(reason));
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

const SEND_TEXT = { binary: false };

/** ws fixes the limit at upgrade; the receiver's field is what it checks. See connection.test.ts. */
function raiseLimit(socket: WebSocket): void {
  const { _receiver } = socket as unknown as { _receiver?: { _maxPayload: number } };
  if (_receiver) _receiver._maxPayload = MAX_PAYLOAD_BYTES;
}

function describe(params: ConnectParams, { role, scopes, deviceId }: Login, { isLocal, address }: Peer): Client {
  const { auth: _secret, ...connect } = params;
  return {
    connId: randomUUID(),
    role: role as Role,
    scopes: internScopes(scopes),
    caps: params.caps?.length ? new Set(params.caps) : EMPTY,
    connect,
    isLocal,
    remoteIp: isLocal ? undefined : address,
    deviceId,
    connectedAtMs: Date.now(),
  };
}

function invalid(message: string): ErrorShape {
  return { code: "INVALID_REQUEST", message };
}

/** The frame's own id if it has one of any type, else the word the established clients know (protocol.md §2.1). */
function idOf(value: unknown): unknown {
  const id = typeof value === "object" && value !== null ? (value as { id?: unknown }).id : undefined;
  return id ?? "invalid";
}
