import { randomUUID } from "node:crypto";
import { GatewayError } from "openclaw/plugin-sdk";
import type { NodeAnswer } from "openclaw/plugin-sdk";

/** protocol.md §13. */
const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 24 * 3_600_000;
/** reliability.md §9: what one node may be asked at a time. */
const MAX_PENDING_PER_NODE = 256;

/** What a node is sent (`node.invoke.request`). */
export interface InvokeRequest {
  readonly id: string;
  readonly nodeId: string;
  readonly command: string;
  readonly paramsJSON: string | null;
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
}

export interface NodeError {
  readonly code?: string;
  readonly message?: string;
}

/** The end of an invocation as the node tells it. */
export type NodeResult =
  | { readonly ok: true; readonly answer: NodeAnswer }
  | { readonly ok: false; readonly error: NodeError };

export interface Waiting {
  readonly nodeId: string;
  readonly connId: string;
  readonly command: string;
  readonly settle: (result: NodeResult | GatewayError) => void;
}

export interface Invocation {
  readonly nodeId: string;
  readonly command: string;
  readonly params?: unknown;
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** Invocations that wait for their node. `pending` outlives a generation of the plugin, so no answer is lost to a reload. */
export class Invocations {
  readonly #pending: Map<string, Waiting>;
  readonly #send: (request: InvokeRequest, connId: string) => void;

  constructor(pending: Map<string, Waiting>, send: (request: InvokeRequest, connId: string) => void) {
    this.#pending = pending;
    this.#send = send;
  }

  /** Ask the node behind `connId` and wait for its answer, its failure, its going, the end of time or of interest. */
  async run(invocation: Invocation, connId: string): Promise<NodeAnswer> {
    const { nodeId, command, params, timeoutMs, idempotencyKey, signal } = invocation;
    const waiting = [...this.#pending.values()].filter((other) => other.nodeId === nodeId).length;
    if (waiting >= MAX_PENDING_PER_NODE) {
      throw unavailable(`node is busy: ${waiting} commands wait for it`, { code: "BUSY" });
    }
    const request: InvokeRequest = {
      id: randomUUID(),
      nodeId,
      command,
      paramsJSON: params === undefined ? null : JSON.stringify(params),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
    const { promise, resolve } = Promise.withResolvers<NodeResult | GatewayError>();
    const timer = setTimeout(() => resolve(timedOut()), Math.min(timeoutMs || DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS));
    const abandon = () => resolve(unavailable(`node invoke abandoned (${command})`, {}));
    signal?.addEventListener("abort", abandon);
    this.#pending.set(request.id, { nodeId, connId, command, settle: resolve });
    try {
      if (signal?.aborted) abandon();
      else this.#send(request, connId);
      const result = await promise;
      if (result instanceof GatewayError) throw result;
      if (result.ok) return result.answer;
      const { code, message = "node invoke failed" } = result.error;
      throw new GatewayError("UNAVAILABLE", message, {
        details: { nodeError: { ...(code !== undefined && { code }), message } },
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abandon);
      this.#pending.delete(request.id);
    }
  }

  /** False for an answer that nobody waits for, or that is not this node's to give. */
  answer(id: string, nodeId: string, result: NodeResult): boolean {
    const waiting = this.#pending.get(id);
    if (!waiting || waiting.nodeId !== nodeId) return false;
    this.#pending.delete(id);
    waiting.settle(result);
    return true;
  }

  /** What was asked through this connection has no answer. */
  lost(connId: string): void {
    for (const { connId: asked, command, settle } of this.#pending.values()) {
      // The established words: an error that nobody caught (protocol.md §9.8).
      if (asked === connId) settle(unavailable(`Error: node disconnected (${command})`, { code: "NOT_CONNECTED" }));
    }
  }
}

function timedOut(): GatewayError {
  const message = "node invoke timed out";
  return unavailable(message, { code: "TIMEOUT", nodeError: { code: "TIMEOUT", message } });
}

function unavailable(message: string, details: Record<string, unknown>): GatewayError {
  return new GatewayError("UNAVAILABLE", message, { details, retryable: true });
}
