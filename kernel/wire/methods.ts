import {
  CLIENT_RECEIVE_BYTES,
  createChecks,
  errorShape,
  GatewayError,
  IdempotencyKey,
  Type,
} from "openclaw/plugin-sdk";
import type { Call, KernelHooks, MethodOptions, Offer, RequestFrame, Static } from "openclaw/plugin-sdk";
import { accessProblem } from "../auth/access.ts";
import { PendingCall } from "./call.ts";
import type { Caller } from "./call.ts";
import type { FrameId } from "./frames.ts";
import { errorFrame, okFrame } from "./frames.ts";
import { Idempotency } from "./idempotency.ts";
import type { Outcome } from "./idempotency.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const SWEEP_MS = 1_000;
/** reliability.md §9. */
const MAX_IN_FLIGHT = 64;

export interface DispatcherParts {
  readonly hooks: Readonly<KernelHooks>;
  /** Scope of a method that an enabled plugin announces but has not registered yet. */
  readonly announcedScope: (method: string) => string | undefined;
  readonly log: (message: string, fields?: object) => void;
}

type MethodOffer = Offer<[Call], unknown, MethodOptions>;

/** Carries a request from its frame to its answer: access, existence, parameters, handler, deadline. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #checks = createChecks();
  readonly #idempotency = new Idempotency();
  readonly #inFlight = new Map<Caller, Set<PendingCall>>();
  readonly #sweeper: NodeJS.Timeout;
  /** Set while the gateway stops: new work is refused. */
  stopping = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#idempotency.close();
  }

  /** Calls that have not been answered. */
  get running(): number {
    let count = 0;
    for (const calls of this.#inFlight.values()) count += calls.size;
    return count;
  }

  /**
   * protocol.md §7: access first, then existence, then the parameters. `unsafe` is what the frame's text
   * already showed to be wrong with them.
   */
  dispatch(caller: Caller, { id, method, params }: RequestFrame, unsafe?: string): void {
    const offer = this.#parts.hooks.method.offers.get(method);
    const scope = offer?.options.scope ?? this.#parts.announcedScope(method) ?? "operator.admin";
    const problem = accessProblem(caller.client, scope);
    if (problem !== undefined) return refuse(caller, id, problem, UNAUTHORIZED);
    if (method === "connect") return refuse(caller, id, "connect is only valid as the first request");
    const open = this.#inFlight.get(caller) ?? new Set();
    if (open.size >= MAX_IN_FLIGHT) {
      const error = new GatewayError("UNAVAILABLE", `too many requests in flight (${MAX_IN_FLIGHT})`, BUSY);
      return caller.send(errorFrame(id, errorShape(error)));
    }
    if (open.size === 0) this.#inFlight.set(caller, open);
    const call = new PendingCall(caller, id, method, params ?? {}, open);
    if (offer) this.#run(call, offer, unsafe);
    else void this.#resolve(call, unsafe);
  }

  /** The client is gone: its calls are aborted, except those that go on without it. */
  disconnected(caller: Caller): void {
    const open = this.#inFlight.get(caller);
    this.#inFlight.delete(caller);
    for (const call of open ?? []) if (!call.isShared) call.abort("client disconnected");
  }

  async #resolve(call: PendingCall, unsafe: string | undefined): Promise<void> {
    const offer = await this.#parts.hooks.method.resolve(call.method).catch((cause: unknown) => {
      const text = cause instanceof Error ? cause.message : String(cause);
      this.#fail(call, new GatewayError("UNAVAILABLE", text, { details: { code: "PLUGIN_FAILED" }, cause }));
    });
    if (call.ended) return;
    if (!offer) return this.#fail(call, invalid(`unknown method: ${call.method}`, { code: "NOT_FOUND" }));
    // The manifest let the call come this far; what the code registered decides.
    const problem = accessProblem(call.client, offer.options.scope);
    if (problem !== undefined) return this.#fail(call, invalid(problem, UNAUTHORIZED));
    this.#run(call, offer, unsafe);
  }

  #run(call: PendingCall, offer: MethodOffer, unsafe: string | undefined): void {
    try {
      const refusal = this.#refusal(call, offer.options, unsafe);
      if (refusal) return this.#fail(call, refusal);
      const timeoutMs = offer.options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      if (timeoutMs > 0) call.deadline = call.startedAt + timeoutMs;
      if (offer.options.idempotent) return this.#once(call, offer.hook);
      offer.hook.promise(call).then(
        (payload) => this.#succeed(call, payload),
        (error: unknown) => this.#fail(call, error),
      );
    } catch (error) {
      // Such as a schema that does not compile.
      this.#fail(call, error);
    }
  }

  /** Why a method that is there does not get this call. */
  #refusal(call: PendingCall, options: MethodOptions, unsafe: string | undefined): GatewayError | undefined {
    const { authorize } = this.#parts.hooks;
    const denial = authorize.taps.length > 0 ? authorize.call(call) : undefined;
    if (denial) {
      const { code = "INVALID_REQUEST", message, details } = denial;
      return new GatewayError(code, message, details && { details });
    }
    const problem = unsafe ?? this.#problem(call, options);
    if (problem !== undefined) return invalid(`invalid ${call.method} params: ${problem}`);
    return this.stopping && options.scope !== "operator.read" ? STOPPING : undefined;
  }

  #problem({ params }: PendingCall, { params: schema, idempotent }: MethodOptions): string | undefined {
    const checked = schema ? this.#checks.of(schema)(params) : Array.isArray(params) ? "must be object" : undefined;
    return checked ?? (idempotent ? this.#checks.of(Keyed)(params) : undefined);
  }

  /** protocol.md §8: a repeated key gets the recorded answer, a concurrent one the answer to come. */
  #once(call: PendingCall, hook: MethodOffer["hook"]): void {
    const { idempotencyKey, ...params } = call.params as Static<typeof Keyed>;
    const begun = this.#idempotency.begin(`${call.method}:${idempotencyKey}`, params);
    if (begun === "mismatch") {
      return this.#fail(call, invalid("idempotency key was used with other parameters", { code: "CONFLICT" }));
    }
    const { record } = begun;
    const answer = (outcome: Outcome) => {
      if (outcome.ok) this.#succeed(call, outcome.payload);
      else this.#fail(call, outcome.error);
    };
    if (!begun.first) return void Promise.resolve(record.answer).then(answer);
    call.isShared = true;
    call.onAccept = (payload) => record.accept(payload);
    const finish = (outcome: Outcome) => {
      this.#idempotency.finish(record, outcome);
      answer(outcome);
    };
    hook.promise(call).then(
      (payload) => finish({ ok: true, payload }),
      (error: unknown) => finish({ ok: false, error }),
    );
  }

  #succeed(call: PendingCall, payload: unknown): void {
    if (call.ended) return;
    let frame: string;
    try {
      frame = okFrame(call.id, payload);
    } catch (error) {
      // A handler returned what JSON cannot hold.
      return this.#fail(call, error);
    }
    // Three bytes at most for each unit of a string.
    const bytes = frame.length * 3 > CLIENT_RECEIVE_BYTES ? Buffer.byteLength(frame) : 0;
    if (bytes > CLIENT_RECEIVE_BYTES) return this.#fail(call, tooLarge(call.method, bytes));
    call.end();
    call.caller.send(frame);
    this.#responded(call, true);
  }

  #fail(call: PendingCall, error: unknown): void {
    if (!call.end()) return;
    call.caller.send(failureFrame(call.id, error));
    this.#responded(call, false);
  }

  #responded(call: PendingCall, ok: boolean): void {
    const { responded } = this.#parts.hooks;
    if (responded.taps.length > 0) responded.call(call, { ok, durationMs: performance.now() - call.startedAt });
  }

  #sweep(): void {
    const now = performance.now();
    for (const [caller, calls] of this.#inFlight) {
      if (calls.size === 0) this.#inFlight.delete(caller);
      for (const call of calls) {
        if (call.deadline > now) continue;
        call.abort("deadline passed");
        this.#parts.log(`${call.method} gave no answer in time`, { connId: caller.client.connId });
        this.#fail(
          call,
          new GatewayError("UNAVAILABLE", `${call.method} timed out`, {
            details: { code: "TIMEOUT" },
            retryable: true,
          }),
        );
      }
    }
  }
}

const BUSY = { details: { code: "BUSY" }, retryable: true, retryAfterMs: 100 };
const STOPPING = new GatewayError("UNAVAILABLE", "gateway is stopping", { retryable: true, retryAfterMs: 1_500 });
const UNAUTHORIZED = { code: "UNAUTHORIZED" };
/** What every idempotent method needs, whatever its own schema says. */
const Keyed = Type.Object({ idempotencyKey: IdempotencyKey });

function invalid(message: string, details?: Record<string, unknown>): GatewayError {
  return new GatewayError("INVALID_REQUEST", message, details && { details });
}

/** The client would close its connection on it, with everything else that waits there. */
function tooLarge(method: string, bytes: number): GatewayError {
  const text = `the answer of ${method} is too large (${bytes} > ${CLIENT_RECEIVE_BYTES} bytes); ask with a smaller limit, or page by page`;
  return invalid(text, { code: "TOO_LARGE", bytes, limitBytes: CLIENT_RECEIVE_BYTES });
}

function refuse(caller: Caller, id: FrameId, message: string, details?: Record<string, unknown>): void {
  caller.send(errorFrame(id, { code: "INVALID_REQUEST", message, ...(details && { details }) }));
}

function failureFrame(id: FrameId, error: unknown): string {
  try {
    return errorFrame(id, errorShape(error), error instanceof GatewayError ? error.payload : undefined);
  } catch (cause) {
    // Its details or payload are not JSON.
    return errorFrame(id, errorShape(cause));
  }
}
