import { errorText, GatewayError, visibleText } from "openclaw/plugin-sdk";
import type { Turn, TurnResult } from "openclaw/plugin-sdk";
import type { Run } from "../runs.ts";

/** Why a run ends before its answer does. */
export interface Limit {
  readonly signal: AbortSignal;
  readonly seconds: number;
}

/** The result of a turn that did not come to its answer: what it has said so far, and why it ended. */
export function brokenTurn(error: unknown, turn: Turn, run: Run, limit: Limit): TurnResult {
  const text = visibleText(run.text);
  const payloads = text.trim() === "" ? [] : [{ text }];
  if (turn.signal.aborted) {
    const stopReason = stopReasonOf(turn);
    return { status: "ok", payloads, meta: { aborted: true, stopReason } };
  }
  if (limit.signal.aborted) {
    const message = `the agent gave no answer within ${limit.seconds} s`;
    return {
      status: "error",
      payloads,
      meta: { aborted: true, stopReason: "timeout" },
      error: { code: "AGENT_TIMEOUT", message, details: { reason: "timeout" }, retryable: true },
    };
  }
  const known = error instanceof GatewayError ? error : undefined;
  return {
    status: "error",
    payloads: [],
    meta: {},
    error: {
      code: "UNAVAILABLE",
      message: known?.message ?? errorText(error),
      ...(known?.details && { details: known.details }),
      ...(known?.retryable !== undefined && { retryable: known.retryable }),
    },
  };
}

function stopReasonOf({ signal, isPostponed }: Turn): string {
  if (isPostponed()) return "shutdown";
  const { name } = (signal.reason ?? {}) as { readonly name?: string };
  return name === "TimeoutError" ? "timeout" : "rpc";
}
