import { FAILURE_RULES } from "../services/model-failure.ts";
import type { FailureReason } from "../services/model-failure.ts";
import type { TurnResult, Work } from "../services/messaging.ts";
import { ApiError } from "./api-error.ts";

/** What failed outside is a bad gateway, unless there is a better word for it. */
const STATUS: Partial<Record<FailureReason | "caller_gone", number>> = {
  rate_limit: 429,
  timeout: 504,
  context_overflow: 400,
  caller_gone: 503,
};
const CODE: Partial<Record<FailureReason, string>> = { context_overflow: "context_length_exceeded" };

/** Why a run gave no answer, as an answer of its own; `undefined` when it gave one. */
export function failureOfWork({ state, result, reason }: Work): ApiError | undefined {
  if (state === "refused") return new ApiError(403, `the request was refused: ${reason ?? "not admitted"}`);
  if (!result) return new ApiError(500, `the run ended as ${state}`);
  if (result.status === "error") return failureOfResult(result);
  if (result.meta["aborted"] !== true) return undefined;
  const isLate = result.meta["stopReason"] === "timeout";
  return new ApiError(isLate ? 504 : 500, isLate ? "the run took too long" : "the run was aborted");
}

/** The reason of a run that a model's filter ended, which APIs have a word for. */
export function isFiltered({ result }: Work): boolean {
  return reasonOf(result) === "content_filter";
}

function failureOfResult(result: TurnResult): ApiError {
  const message = result.error?.message ?? "the run failed";
  const { retryAfterMs, reason } = (result.error?.details ?? {}) as Record<string, unknown>;
  const isOfModel =
    typeof reason === "string" && (Object.hasOwn(FAILURE_RULES, reason) || Object.hasOwn(STATUS, reason));
  const known = isOfModel ? (reason as FailureReason) : undefined;
  const status = result.error?.code === "AGENT_TIMEOUT" ? 504 : known ? (STATUS[known] ?? 502) : 500;
  const seconds = typeof retryAfterMs === "number" ? Math.max(1, Math.ceil(retryAfterMs / 1_000)) : 1;
  const code = known && CODE[known];
  return new ApiError(status, message, {
    ...(code !== undefined && { code }),
    ...(status === 429 && { headers: { "retry-after": String(seconds) } }),
  });
}

function reasonOf(result: TurnResult | undefined): unknown {
  return (result?.error?.details as { readonly reason?: unknown } | undefined)?.reason;
}
