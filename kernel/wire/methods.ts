import { errorShape, GatewayError } from "openclaw/plugin-sdk";
import type { Call, Client, KernelHooks, MethodOptions, Offer, RequestFrame } from "openclaw/plugin-sdk";
import { accessProblem } from "../auth/access.ts";
import type { FrameId } from "./frames.ts";
import { errorFrame, okFrame } from "./frames.ts";
import { Idempotency } from "./idempotency.ts";
import type { Outcome } from "./idempotency.ts";
import { createValidator } from "./validate.ts";
import type { Check } from "./validate.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const SWEEP_MS = 1_000;
/** reliability.md §9. */
const MAX_IN_FLIGHT = 64;

/** Where the answers of one connection go. */
export interface Caller {
  readonly client: Client;
  send(frame: string): void;
}

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
  readonly #checks = new WeakMap<object, Check>();
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

  /** protocol.md §7: access first, then existence, then the parameters. */
  dispatch(caller: Caller, { id, method, params }: RequestFrame): void {
    const offer = this.#parts.hooks.method.offers.get(method);
    const scope = offer?.options.scope ?? this.#parts.announcedScope(method) ?? "operator.admin";
    const problem = accessProblem(caller.client, scope);
    if (problem !== undefined) return refuse(caller, id, problem, "UNAUTHORIZED");
    if (method === "connect") return refuse(caller, id, "connect is only valid as the first request");
    const calls = this.#inFlight.get(caller) ?? new Set();
    if (calls.size >= MAX_IN_FLIGHT) {
      const error = new GatewayError("UNAVAILABLE", `too many requests in flight (${MAX_IN_FLIGHT})`, BUSY);
      return caller.send(errorFrame(id, errorShape(error)));
    }
    if (calls.size === 0) this.#inFlight.set(caller, calls);
    const call = new PendingCall(caller, id, method, params ?? {}, calls);
    if (offer) this.#run(call, offer);
    else void this.#resolve(call);
  }

  /** The client is gone: its calls are aborted, except those that were accepted and go on by themselves. */
  disconnected(caller: Caller): void {
    const calls = this.#inFlight.get(caller);
    this.#inFlight.delete(caller);
    for (const call of calls ?? []) call.abort("client disconnected");
  }

  async #resolve(call: PendingCall): Promise<void> {
    try {
      const offer = await this.#parts.hooks.method.resolve(call.method);
      if (offer) return this.#run(call, offer);
      this.#fail(
        call,
        new GatewayError("INVALID_REQUEST", `unknown method: ${call.method}`, { details: { code: "NOT_FOUND" } }),
      );
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#fail(call, new GatewayError("UNAVAILABLE", cause, { details: { code: "PLUGIN_FAILED" }, cause: error }));
    }
  }

  #run(call: PendingCall, { hook, options }: MethodOffer): void {
    const { authorize, responded: _ } = this.#parts.hooks;
    const denial = authorize.taps.length > 0 ? authorize.call(call) : undefined;
    if (denial)
      return this.#fail(
        call,
        new GatewayError(denial.code ?? "INVALID_REQUEST", denial.message, {
          ...(denial.details && { details: denial.details }),
        }),
      );
    const problem = options.params && this.#check(options.params)(call.params);
    if (problem !== undefined) {
      return this.#fail(call, new GatewayError("INVALID_REQUEST", `invalid ${call.method} params: ${problem}`));
    }
    if (this.stopping && options.scope !== "operator.read") return this.#fail(call, STOPPING);
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    if (timeoutMs > 0) call.deadline = call.startedAt + timeoutMs;
    if (options.idempotent) return this.#once(call, hook);
    hook.promise(call).then(
      (payload) => this.#succeed(call, payload),
      (error: unknown) => this.#fail(call, error),
    );
  }

  /** protocol.md §8: a repeated key gets the recorded answer, a concurrent one the answer to come. */
  #once(call: PendingCall, hook: MethodOffer["hook"]): void {
    const { key, fingerprint } = idempotencyOf(call);
    const answer = (outcome: Outcome) => {
      if (outcome.ok) this.#succeed(call, outcome.payload);
      else this.#fail(call, outcome.error);
    };
    const entry = this.#idempotency.begin(key, fingerprint);
    if (entry === "mismatch") {
      const message = "idempotency key was used with other parameters";
      return this.#fail(call, new GatewayError("INVALID_REQUEST", message, { details: { code: "CONFLICT" } }));
    }
    if (!entry.first) {
      if (entry.record.accepted !== undefined && !entry.record.outcome)
        return answer({ ok: true, payload: entry.record.accepted });
      void entry.record.done.then(answer);
      return;
    }
    call.onAccept = (payload) => (entry.record.accepted = payload);
    const finish = (outcome: Outcome) => {
      entry.record.finish(outcome);
      answer(outcome);
    };
    hook.promise(call).then(
      (payload) => finish({ ok: true, payload }),
      (error: unknown) => finish({ ok: false, error }),
    );
  }

  #check(schema: object): Check {
    let check = this.#checks.get(schema);
    if (!check) {
      check = createValidator().compile(schema);
      this.#checks.set(schema, check);
    }
    return check;
  }

  #succeed(call: PendingCall, payload: unknown): void {
    if (!call.end()) return;
    call.caller.send(okFrame(call.id, payload));
    this.#responded(call, true);
  }

  #fail(call: PendingCall, error: unknown): void {
    if (!call.end()) return;
    const payload = error instanceof GatewayError ? error.payload : undefined;
    call.caller.send(errorFrame(call.id, errorShape(error), payload));
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

/** One request that has not been answered for good. */
class PendingCall implements Call {
  readonly caller: Caller;
  readonly id: FrameId;
  readonly method: string;
  readonly params: unknown;
  readonly startedAt = performance.now();
  deadline = Infinity;
  onAccept: ((payload: unknown) => void) | undefined;
  readonly #calls: Set<PendingCall>;
  #ended = false;
  #accepted = false;
  #abort: AbortController | undefined;

  constructor(caller: Caller, id: FrameId, method: string, params: unknown, calls: Set<PendingCall>) {
    this.caller = caller;
    this.id = id;
    this.method = method;
    this.params = params;
    this.#calls = calls;
    calls.add(this);
  }

  get client(): Client {
    return this.caller.client;
  }

  /** Made when asked for: most handlers answer before anything could abort. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#ended) this.#abort.abort();
    return this.#abort.signal;
  }

  accept(payload: unknown): void {
    if (this.#ended || this.#accepted) throw new Error(`${this.method} was answered already`);
    this.#accepted = true;
    this.deadline = Infinity;
    this.#calls.delete(this);
    this.onAccept?.(payload);
    this.caller.send(okFrame(this.id, payload));
  }

  abort(reason: string): void {
    if (this.#accepted) return;
    this.#abort?.abort(new DOMException(reason, "AbortError"));
  }

  /** True for the first caller only: one request gets one final answer. */
  end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#calls.delete(this);
    return true;
  }
}

function idempotencyOf(call: PendingCall): { key: string; fingerprint: string } {
  const { idempotencyKey, ...rest } = call.params as Record<string, unknown>;
  return { key: `${call.method}:${String(idempotencyKey)}`, fingerprint: JSON.stringify(rest) };
}

function refuse(caller: Caller, id: FrameId, message: string, code?: string): void {
  caller.send(errorFrame(id, { code: "INVALID_REQUEST", message, ...(code && { details: { code } }) }));
}
