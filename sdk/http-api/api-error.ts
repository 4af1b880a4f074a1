import { GatewayError } from "../error.ts";
import type { HttpExchange } from "../http.ts";

export interface ApiErrorOptions {
  readonly code?: string;
  readonly param?: string;
  readonly headers?: Record<string, string>;
  readonly cause?: unknown;
}

/** An answer that is an error, in the established shape (http.md §2). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly param: string | undefined;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, { code, param, headers = {}, cause }: ApiErrorOptions = {}) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.param = param;
    this.headers = headers;
  }

  get body(): { readonly error: Readonly<Record<string, unknown>> } {
    const { message, status, code, param } = this;
    const more = { ...(param !== undefined && { param }), ...(code !== undefined && { code }) };
    return { error: { message, type: typeOf(status), ...more } };
  }
}

/** A refusal of what was asked, with the field that is wrong. */
export function badRequest(message: string, param?: string): ApiError {
  return new ApiError(400, message, param === undefined ? {} : { param });
}

/** Answers with what `error` says. What nobody meant to say is for the log only: it is thrown on. */
export function answerError({ reply }: HttpExchange, error: unknown): void {
  const known = apiErrorOf(error);
  if (!known) throw error;
  reply(known.status, known.body, known.headers);
}

/** `error` as an answer, when it was meant to be read. */
export function apiErrorOf(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  // The body reader knows its own statuses.
  if (!(error instanceof GatewayError) || "status" in error) return undefined;
  const status = error.code === "INVALID_REQUEST" ? 400 : 503;
  return new ApiError(status, error.message, { cause: error });
}

function typeOf(status: number): string {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 429) return "rate_limit_error";
  if (status === 504) return "timeout_error";
  return status >= 500 ? "api_error" : "invalid_request_error";
}
