/** Codes that cross the wire (protocol.md §12). The finer kind goes into `details.code`. */
export type ErrorCode = "INVALID_REQUEST" | "NOT_PAIRED" | "UNAVAILABLE" | "NOT_LINKED" | "AGENT_TIMEOUT";

/** The `error` member of a response frame. */
export interface ErrorShape {
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

export interface GatewayErrorOptions {
  readonly details?: Record<string, unknown>;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  /** Sent beside the error, for callers that read both (protocol.md §2). */
  readonly payload?: unknown;
  readonly cause?: unknown;
}

/** The one error that reaches a client as it is. Anything else thrown becomes `UNAVAILABLE`. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;
  readonly retryable: boolean | undefined;
  readonly retryAfterMs: number | undefined;
  readonly payload: unknown;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "GatewayError";
    this.code = code;
    this.details = options.details;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.payload = options.payload;
  }
}

const MESSAGE_LIMIT = 240;

/** The wire shape of anything that was thrown. Unknown errors keep name and message, never a stack. */
export function errorShape(error: unknown): ErrorShape {
  if (error instanceof GatewayError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.details && { details: error.details }),
      ...(error.retryable !== undefined && { retryable: error.retryable }),
      ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    };
  }
  return { code: "UNAVAILABLE", message: clip(errorText(error)), details: { code: "INTERNAL_ERROR" } };
}

/** `Error: text` for an `Error`, the plain text for anything else. Never throws, whatever was thrown. */
export function errorText(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    // An object without a prototype, or one that throws when it is read.
    return "an error that cannot be printed";
  }
}

function clip(text: string): string {
  return text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT)}...` : text;
}
