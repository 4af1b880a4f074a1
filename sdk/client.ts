import { EventEmitter } from "node:events";
import { randomUUID } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { WebSocket } from "ws";
import { errorShape, GatewayError } from "./error.ts";
import type { ErrorCode, ErrorShape } from "./error.ts";
import type { DeviceIdentity } from "./device-identity.ts";
import type { DeviceToken, DeviceTokens } from "./device-tokens.ts";
import { devicePayload } from "./protocol/device.ts";
import type { ConnectParams, EventFrame, HelloOk, RequestFrame, ResponseFrame } from "./protocol/frames.ts";
import { PROTOCOL_VERSION } from "./protocol/limits.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** protocol.md §13: what the established clients accept. */
const MAX_RECEIVE_BYTES = 26_214_400;
const RECONNECT_BASE_MS = 1_000;
const RECONNECT_CAP_MS = 30_000;
const STABLE_AFTER_MS = 60_000;
/** How long a gateway that has stopped ticking may take to answer the close. */
const CLOSE_GRACE_MS = 1_000;
/** A gateway that asks for no proof sends no challenge; the established clients wait this long for one. */
const CHALLENGE_WAIT_MS = 750;

/** What a client proves itself with. Tokens that gateways give it are kept and come before the shared secret. */
export interface ClientDevice {
  readonly identity: DeviceIdentity;
  readonly tokens?: DeviceTokens;
}

export interface ClientOptions {
  readonly url: string;
  readonly token?: string;
  readonly password?: string;
  /** SHA-256 of the certificate that a `wss:` gateway must show, as hex; its chain is not checked then. */
  readonly tlsFingerprint?: string;
  readonly client: ConnectParams["client"];
  /** Asked for whenever a socket opens. Without one the shared secret alone has to do. */
  readonly device?: () => ClientDevice | undefined;
  readonly role?: "operator" | "node";
  /** Absent means everything (`operator.admin`). */
  readonly scopes?: readonly string[];
  readonly caps?: readonly string[];
  /** What a node serves. */
  readonly commands?: readonly string[];
  /** Where a node looks for programs. */
  readonly pathEnv?: string;
  /** Headers of the upgrade request, such as `Origin`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Come back after a lost connection, with full jitter between 0 and a doubling cap. Default false. */
  readonly reconnect?: boolean;
  readonly connectTimeoutMs?: number;
}

export interface RequestOptions {
  /** Milliseconds to wait for the answer; 0 = for ever. Default 10 000. */
  readonly timeoutMs?: number;
  /** Called with the payload of a first answer with `status: "accepted"`; the promise then waits for the second. */
  readonly onAccepted?: (payload: unknown) => void;
  readonly signal?: AbortSignal;
}

export interface SequenceGap {
  readonly expected: number;
  readonly received: number;
}

/** The answer to `device.token.rotate`. */
export interface RotatedToken {
  readonly deviceId: string;
  readonly role: string;
  readonly token: string;
  readonly scopes: readonly string[];
}

/** What one login is made with. */
interface Proof {
  readonly device?: ClientDevice;
  /** Takes the place of the shared token. */
  readonly stored?: DeviceToken;
}

interface ClientEvents {
  event: [EventFrame];
  /** Events were missed: refresh what you hold. */
  gap: [SequenceGap];
  connected: [HelloOk];
  disconnected: [{ readonly code: number; readonly reason: string }];
}

interface Pending {
  readonly resolve: (payload: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onAccepted: ((payload: unknown) => void) | undefined;
  readonly timer: NodeJS.Timeout | undefined;
  /** Stop listening for the abort of the request. */
  readonly release: () => void;
}

/** The connection was refused or lost. `closeCode` and `closeReason` say what the gateway said. */
export class ConnectionError extends Error {
  readonly closeCode: number | undefined;
  readonly closeReason: string | undefined;
  readonly error: ErrorShape | undefined;

  constructor(message: string, options: { code?: number; reason?: string; error?: ErrorShape; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ConnectionError";
    this.closeCode = options.code;
    this.closeReason = options.reason;
    this.error = options.error;
  }
}

/** A client of the gateway protocol: one socket, requests, events, gap detection, reconnect. */
export class GatewayClient extends EventEmitter<ClientEvents> {
  readonly #options: ClientOptions;
  readonly #pending = new Map<string, Pending>();
  #socket: WebSocket | undefined;
  #hello: HelloOk | undefined;
  #closed = false;
  #lastSeq: number | undefined;
  #attempts = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #tickTimer: NodeJS.Timeout | undefined;
  /** Called with the challenge of the socket that is being opened. */
  #challenged: ((nonce: string) => void) | undefined;
  /** What the current connection was made with. */
  #device: ClientDevice | undefined;
  #storing: Promise<void> = Promise.resolve();

  constructor(options: ClientOptions) {
    super();
    this.#options = options;
  }

  /** What the gateway said on the current connection. */
  get hello(): HelloOk | undefined {
    return this.#hello;
  }

  /** Open the socket and log in. Rejects with a {@link ConnectionError}; the first failure is never retried. */
  async connect(): Promise<HelloOk> {
    if (this.#closed) throw new ConnectionError("client is closed");
    const hello = await this.#open();
    if (this.#options.reconnect) this.#socket?.once("close", () => this.#retry());
    return hello;
  }

  /** Send a request and wait for its answer. A refusal rejects with a {@link GatewayError}. */
  request<T = unknown>(method: string, params?: unknown, options: RequestOptions = {}): Promise<T> {
    const socket = this.#socket;
    if (!socket || socket.readyState !== socket.OPEN || !this.#hello) {
      return Promise.reject(new ConnectionError("not connected"));
    }
    return this.#send(socket, method, params, options) as Promise<T>;
  }

  /** Keep a token that a request over this connection made, if it is for this very device. */
  async keepToken({ deviceId, role, token, scopes }: RotatedToken): Promise<void> {
    const { identity, tokens } = this.#device ?? {};
    if (identity?.deviceId === deviceId) await tokens?.set(role, token, scopes);
  }

  /** Close for good. Pending requests are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    await this.#storing;
    const socket = this.#socket;
    if (!socket || socket.readyState === socket.CLOSED) return;
    const gone = new Promise((resolve) => socket.once("close", resolve));
    socket.close(1000);
    const giveUp = setTimeout(() => socket.terminate(), 1_000);
    await gone;
    clearTimeout(giveUp);
  }

  /** With the token of this device when it has one; with the shared secret when that is not good any more. */
  async #open(): Promise<HelloOk> {
    let proof: Proof = {};
    try {
      return await this.#attempt(() => (proof = this.#proof()));
    } catch (error) {
      const { device, stored } = proof;
      const { token, password } = this.#options;
      if (!stored || this.#closed || !isUnauthorized(error) || (token ?? password) === undefined) throw error;
      await device?.tokens?.drop(stored.role, stored.token).catch(() => undefined);
      return this.#attempt(() => ({ ...(device && { device }) }));
    }
  }

  async #pinned(url: string, fingerprint: string, timeoutMs: number): Promise<TLSSocket> {
    const address = new URL(url);
    if (address.protocol !== "wss:")
      throw new ConnectionError(`a TLS fingerprint is given, but ${url} is not encrypted; use a wss:// address`);
    const { connectPinned } = await import("./pinned-socket.ts");
    return connectPinned(address, fingerprint, timeoutMs).catch((cause: Error) => {
      throw new ConnectionError(connectText(cause), { cause });
    });
  }

  /** One socket. `prove` is asked when it is open: a gateway that is not there leaves no identity behind. */
  async #attempt(prove: () => Proof): Promise<HelloOk> {
    // Commands that ask no gateway do without.
    const { WebSocket } = await import("ws");
    const { url, tlsFingerprint, connectTimeoutMs = CONNECT_TIMEOUT_MS } = this.#options;
    const pinned = tlsFingerprint === undefined ? undefined : await this.#pinned(url, tlsFingerprint, connectTimeoutMs);
    if (this.#closed) {
      pinned?.destroy();
      throw new ConnectionError("client is closed");
    }
    const socket = new WebSocket(url, {
      maxPayload: MAX_RECEIVE_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: connectTimeoutMs,
      ...(pinned && { createConnection: () => pinned }),
      headers: { ...this.#options.headers },
    });
    this.#socket = socket;
    this.#lastSeq = undefined;
    this.#hello = undefined;
    return new Promise<HelloOk>((resolve, reject) => {
      let refusal: ErrorShape | undefined;
      const limit = setTimeout(() => {
        reject(new ConnectionError("gateway did not answer connect in time"));
        socket.terminate();
      }, connectTimeoutMs);
      socket.on("error", (cause) => reject(new ConnectionError(connectText(cause), { cause })));
      socket.on("open", () => {
        this.#login(socket, prove).then(
          (hello) => {
            clearTimeout(limit);
            this.#hello = hello;
            this.#watchTicks(socket, hello.policy.tickIntervalMs);
            resolve(hello);
            this.emit("connected", hello);
          },
          (error: unknown) => {
            // The close that follows carries the reason; keep the finer one.
            if (error instanceof GatewayError) refusal = errorShape(error);
            else {
              reject(error as Error);
              socket.terminate();
            }
          },
        );
      });
      socket.on("message", (data) => this.#receive(String(data)));
      socket.on("close", (code, reasonBytes) => {
        clearTimeout(limit);
        clearTimeout(this.#tickTimer);
        const reason = String(reasonBytes);
        const text = refusal?.message ?? (reason || `connection closed (${code})`);
        const error = new ConnectionError(text, { code, reason, ...(refusal && { error: refusal }) });
        reject(error);
        this.#rejectPending(error);
        if (this.#hello) this.emit("disconnected", { code, reason });
      });
    });
  }

  async #login(socket: WebSocket, prove: () => Proof): Promise<HelloOk> {
    const proof = prove();
    const params = await this.#proven(proof);
    if (socket.readyState !== socket.OPEN) throw new ConnectionError("connection closed");
    const hello = (await this.#send(socket, "connect", params, { timeoutMs: 0 })) as HelloOk;
    this.#device = proof.device;
    this.#keep(proof, hello);
    return hello;
  }

  /** The parameters of `connect`, signed by the device when there is one. */
  async #proven({ device, stored }: Proof): Promise<ConnectParams> {
    const { token: shared, password, client, role = "operator", scopes, caps, commands, pathEnv } = this.#options;
    const token = stored?.token ?? shared;
    const params: ConnectParams = {
      minProtocol: PROTOCOL_VERSION,
      maxProtocol: PROTOCOL_VERSION,
      client,
      caps: [...(caps ?? [])],
      ...(commands && { commands: [...commands] }),
      ...(pathEnv !== undefined && { pathEnv }),
      role,
      ...(scopes && { scopes: [...scopes] }),
      ...((token !== undefined || password !== undefined) && {
        auth: { ...(token !== undefined && { token }), ...(password !== undefined && { password }) },
      }),
    };
    if (!device) return params;
    const { deviceId: id, publicKey, sign } = device.identity;
    const nonce = await this.#nonce();
    const proof = { id, publicKey, signature: "", signedAt: Date.now(), ...(nonce !== undefined && { nonce }) };
    return { ...params, device: { ...proof, signature: sign(devicePayload({ ...params, device: proof })) } };
  }

  #nonce(): Promise<string | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), CHALLENGE_WAIT_MS);
      this.#challenged = (nonce) => {
        clearTimeout(timer);
        resolve(nonce);
      };
    });
  }

  #proof(): Proof {
    const device = this.#options.device?.();
    if (!device) return {};
    const { role = "operator", scopes = role === "operator" ? ["operator.admin"] : [] } = this.#options;
    const stored = device.tokens?.get(role);
    // A token that does not cover what is asked for would only be refused.
    const covers = stored && scopes.every((scope) => stored.scopes.includes(scope));
    return { device, ...(covers && { stored }) };
  }

  /** What cannot be written is asked for again next time. */
  #keep({ device }: Proof, { auth }: HelloOk): void {
    if (!device?.tokens || !auth) return;
    this.#storing = device.tokens.set(auth.role, auth.deviceToken, auth.scopes).catch(() => undefined);
  }

  async #send(socket: WebSocket, method: string, params: unknown, options: RequestOptions): Promise<unknown> {
    const { timeoutMs = REQUEST_TIMEOUT_MS, onAccepted, signal } = options;
    const id = randomUUID();
    const frame: RequestFrame = { type: "req", id, method, ...(params !== undefined && { params }) };
    const text = JSON.stringify(frame);
    if (signal?.aborted) throw new ConnectionError("request aborted");
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const late = () => {
      const message = `gateway timeout after ${timeoutMs}ms waiting for ${method}`;
      this.#take(id)?.reject(new GatewayError("UNAVAILABLE", message, { details: { code: "TIMEOUT" } }));
    };
    const abort = () => this.#take(id)?.reject(new ConnectionError("request aborted"));
    signal?.addEventListener("abort", abort);
    this.#pending.set(id, {
      resolve,
      reject,
      onAccepted,
      timer: timeoutMs > 0 ? setTimeout(late, timeoutMs) : undefined,
      release: () => signal?.removeEventListener("abort", abort),
    });
    socket.send(text);
    return promise;
  }

  /** The request that waits under `id`, which then waits no more. */
  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    pending?.release();
    return pending;
  }

  #receive(text: string): void {
    let frame: ResponseFrame | EventFrame;
    try {
      frame = JSON.parse(text) as ResponseFrame | EventFrame;
    } catch {
      // Not ours: a throw in here would leave the socket deaf.
      return;
    }
    if (frame.type === "res") this.#answer(frame);
    else if (frame.type === "event") this.#event(frame);
  }

  #answer(frame: ResponseFrame): void {
    const id = String(frame.id);
    const waiting = this.#pending.get(id);
    if (frame.ok && waiting?.onAccepted && isAccepted(frame.payload)) {
      clearTimeout(waiting.timer);
      waiting.onAccepted(frame.payload);
      return;
    }
    if (frame.ok) this.#take(id)?.resolve(frame.payload);
    else this.#take(id)?.reject(refused(frame));
  }

  #event(frame: EventFrame): void {
    if (frame.seq !== undefined) {
      const expected = this.#lastSeq === undefined ? frame.seq : this.#lastSeq + 1;
      if (frame.seq > expected) this.emit("gap", { expected, received: frame.seq });
      this.#lastSeq = frame.seq;
    }
    if (frame.event === "tick") this.#tickTimer?.refresh();
    if (frame.event === "connect.challenge") this.#challenged?.(nonceOf(frame.payload));
    this.emit("event", frame);
  }

  #watchTicks(socket: WebSocket, intervalMs: number): void {
    this.#tickTimer = setTimeout(() => {
      socket.close(4000, "tick timeout");
      this.#tickTimer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
    }, intervalMs * 2);
    this.#tickTimer.unref();
  }

  #rejectPending(error: Error): void {
    for (const id of this.#pending.keys()) this.#take(id)?.reject(error);
  }

  #retry(): void {
    if (this.#closed) return;
    const ceiling = Math.min(RECONNECT_CAP_MS, RECONNECT_BASE_MS * 2 ** this.#attempts++);
    this.#retryTimer = setTimeout(() => {
      const openedAt = performance.now();
      this.#open().then(
        () => {
          this.#socket?.once("close", () => {
            if (performance.now() - openedAt > STABLE_AFTER_MS) this.#attempts = 0;
            this.#retry();
          });
        },
        () => this.#retry(),
      );
    }, Math.random() * ceiling);
  }
}

/** The secret was not taken. Anything else would not get better with another one. */
function isUnauthorized(error: unknown): boolean {
  return error instanceof ConnectionError && error.error?.message.startsWith("unauthorized: ") === true;
}

function nonceOf(payload: unknown): string {
  return String((payload as { nonce?: unknown } | undefined)?.nonce);
}

function isAccepted(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && (payload as { status?: unknown }).status === "accepted";
}

function refused(frame: ResponseFrame): GatewayError {
  const { code, message, details, retryable, retryAfterMs } = frame.error ?? {
    code: "UNAVAILABLE",
    message: "no error given",
  };
  return new GatewayError(code as ErrorCode, message, {
    ...(typeof details === "object" && details !== null && { details: details as Record<string, unknown> }),
    ...(retryable !== undefined && { retryable }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    payload: frame.payload,
  });
}

function connectText(cause: unknown): string {
  const error = cause as { code?: string; message: string; errors?: { message: string }[] };
  return error.message || error.errors?.[0]?.message || error.code || "connection failed";
}
