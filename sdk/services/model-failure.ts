import { errorText, GatewayError } from "../error.ts";

/** What kind of thing went wrong with a model (agent.md §7.4). Cool-downs, failover and clients go by it. */
export type FailureReason =
  | "auth"
  | "rate_limit"
  | "billing"
  | "overloaded"
  | "server"
  | "timeout"
  | "network"
  | "format"
  | "context_overflow"
  | "content_filter"
  | "refusal"
  | "no_model"
  | "aborted"
  | "other";

/** What a model that failed says of it. Stands in the `details` of the error it throws. */
export interface ModelFailure {
  readonly reason: FailureReason;
  readonly status?: number;
  /** How long the provider asks to be left alone. */
  readonly retryAfterMs?: number;
}

export interface FailureRule {
  /** May the same candidate be asked again? `alone`: only when there is no other. */
  readonly retry: boolean | "alone";
  /** Does another credential for the same model help? */
  readonly rotate: boolean;
  /** Does another model help? */
  readonly fallback: boolean;
  /** What the credential is kept out of use for: the ladder of minutes, the hours of an empty account, or nothing. */
  readonly cooldown: "none" | "ladder" | "third" | "billing";
}

/** The table of agent.md §7.4. `third`: the ladder begins with the third failure in a row. */
export const FAILURE_RULES: Readonly<Record<FailureReason, FailureRule>> = {
  auth: { retry: false, rotate: true, fallback: true, cooldown: "ladder" },
  rate_limit: { retry: "alone", rotate: true, fallback: true, cooldown: "ladder" },
  billing: { retry: false, rotate: true, fallback: true, cooldown: "billing" },
  overloaded: { retry: true, rotate: true, fallback: true, cooldown: "third" },
  server: { retry: true, rotate: true, fallback: true, cooldown: "third" },
  timeout: { retry: true, rotate: true, fallback: true, cooldown: "ladder" },
  network: { retry: true, rotate: true, fallback: true, cooldown: "ladder" },
  format: { retry: false, rotate: false, fallback: true, cooldown: "ladder" },
  context_overflow: { retry: false, rotate: false, fallback: false, cooldown: "none" },
  content_filter: { retry: false, rotate: false, fallback: false, cooldown: "none" },
  refusal: { retry: false, rotate: false, fallback: false, cooldown: "none" },
  no_model: { retry: false, rotate: false, fallback: true, cooldown: "none" },
  aborted: { retry: false, rotate: false, fallback: false, cooldown: "none" },
  other: { retry: true, rotate: true, fallback: true, cooldown: "none" },
};

/** The error of a model, in one sentence. `model` is its reference, such as `ollama/llama3.2`. */
export function modelError(message: string, model: string, failure: ModelFailure, cause?: unknown): GatewayError {
  const { retry, fallback } = FAILURE_RULES[failure.reason];
  return new GatewayError("UNAVAILABLE", message, {
    details: { ...(failure.reason === "no_model" && { code: "NO_MODEL" }), ...failure, model },
    retryable: retry !== false && fallback,
    ...(failure.retryAfterMs !== undefined && { retryAfterMs: failure.retryAfterMs }),
    ...(cause !== undefined && { cause }),
  });
}

/** What `error` says of a model; `other` for what no model threw. */
export function failureOf(error: unknown): ModelFailure {
  const details = error instanceof GatewayError ? error.details : undefined;
  const { reason, status, retryAfterMs } = (details ?? {}) as Record<string, unknown>;
  if (typeof reason !== "string" || !Object.hasOwn(FAILURE_RULES, reason))
    return { reason: reasonOfText(errorText(error)) };
  return {
    reason: reason as FailureReason,
    ...(typeof status === "number" && { status }),
    ...(typeof retryAfterMs === "number" && { retryAfterMs }),
  };
}

/** Words by which providers say what is wrong, whatever the status is. Order matters. */
const WORDS: readonly (readonly [FailureReason, RegExp])[] = [
  [
    "context_overflow",
    /context[ _](?:length|window)|maximum context|prompt is too long|too many (?:input )?tokens|input token count.*exceeds|exceeds the (?:available )?context|request_too_large/i,
  ],
  ["billing", /insufficient[_ ](?:quota|credit|balance|funds)|credit balance|billing|payment required|out of credits/i],
  ["overloaded", /overloaded|server is busy|at capacity/i],
  ["rate_limit", /rate[ _-]?limit|too many requests|resource[_ ]exhausted|quota exceeded/i],
  [
    "auth",
    /invalid (?:x-)?api[ _-]?key|incorrect api key|api key not valid|invalid[_ ]authentication|unauthori[sz]ed|not logged in|authentication[_ ](?:error|failed)|permission[_ ]denied|token (?:has )?expired/i,
  ],
  ["timeout", /timed? ?out|deadline exceeded/i],
  ["network", /ECONN\w+|ENOTFOUND|EAI_AGAIN|socket hang up|fetch failed|terminated|other side closed/i],
];

/** The reason that the text of an error speaks of, or `other`. */
export function reasonOfText(text: string): FailureReason {
  return WORDS.find(([, words]) => words.test(text))?.[0] ?? "other";
}

/** Limits of a minute or a day sound like an empty account with some; only those say when to come again. */
const LIMIT_IN_TIME = /retry in \d|per (?:minute|hour|day)/i;

/** The reason that a status of HTTP and the text beside it speak of (agent.md §7.4). */
export function reasonOfStatus(status: number, text: string): FailureReason {
  const said = reasonOfText(text);
  if (status === 429) return said === "billing" && !LIMIT_IN_TIME.test(text) ? said : "rate_limit";
  if (said === "context_overflow" && status < 500) return said;
  if (status === 402) return "billing";
  if (status === 401 || status === 403) return said === "billing" ? said : "auth";
  if (status === 404 && /model/i.test(text)) return "no_model";
  if (status === 408) return "timeout";
  if (status === 503 || status === 529) return "overloaded";
  if (status >= 500) return said === "overloaded" ? said : "server";
  // Some say with 400 what others say with a status of its own.
  return said === "billing" || said === "auth" || said === "rate_limit" ? said : "format";
}
