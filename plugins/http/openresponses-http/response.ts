import type { PendingToolCall } from "openclaw/plugin-sdk";
import { isFiltered, newId } from "openclaw/plugin-sdk/http-api";
import type { ApiError, RunEnd } from "openclaw/plugin-sdk/http-api";

/** What stands on everything that is said of one response. */
export interface Label {
  readonly id: string;
  readonly createdAt: number;
  readonly model: string;
  readonly previousId: string | undefined;
  readonly echo: Readonly<Record<string, unknown>>;
}

export interface MessageItem {
  readonly type: "message";
  readonly id: string;
  readonly role: "assistant";
  readonly status: string;
  readonly content: readonly object[];
}

export interface CallItem {
  readonly type: "function_call";
  readonly id: string;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
  readonly status: string;
}

type Status = "in_progress" | "completed" | "incomplete" | "failed" | "cancelled";

export function response(
  { id, createdAt, model, previousId, echo }: Label,
  status: Status,
  output: readonly object[],
  more: object = {},
): object {
  return {
    id,
    object: "response",
    created_at: createdAt,
    status,
    error: null,
    incomplete_details: null,
    model,
    output,
    previous_response_id: previousId ?? null,
    ...echo,
    usage: null,
    ...more,
  };
}

/** A run that gave an answer, which may have been cut off. */
export function endedResponse(label: Label, end: RunEnd, output: readonly object[]): object {
  const reason = incompleteReason(end);
  return response(label, reason === undefined ? "completed" : "incomplete", output, {
    usage: usageOf(end),
    ...(reason !== undefined && { incomplete_details: { reason } }),
  });
}

export function failedResponse(label: Label, error: ApiError, output: readonly object[]): object {
  const { type } = error.body.error;
  return response(label, "failed", output, { error: { code: error.code ?? type, message: error.message } });
}

/** Without it a response is complete. */
export function incompleteReason({ work, stopReason }: RunEnd): string | undefined {
  if (isFiltered(work)) return "content_filter";
  return stopReason === "length" ? "max_output_tokens" : undefined;
}

export function messageItem(id: string, status: string, text?: string): MessageItem {
  return { type: "message", id, role: "assistant", status, content: text === undefined ? [] : [textPart(text)] };
}

export function textPart(text: string): object {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

export function callItem({ id, name, arguments: given }: PendingToolCall): CallItem {
  const item = { type: "function_call" as const, id: newId("fc"), call_id: id, name };
  return { ...item, arguments: JSON.stringify(given), status: "completed" };
}

/** Input tokens are with those of the cache, as clients count them. */
function usageOf({ usage: { input, output, cacheRead, cacheWrite, reasoning = 0 } }: RunEnd): object {
  const whole = input + cacheRead + cacheWrite;
  return {
    input_tokens: whole,
    input_tokens_details: { cached_tokens: cacheRead },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: whole + output,
  };
}
