import type { DeliveryOutcome } from "openclaw/plugin-sdk";
import { ChannelError } from "openclaw/plugin-sdk";

/**
 * Why a call did not end well, in words that hold neither the token nor what was sent. `unreachable`: nothing left this
 * machine. `lost`: it may have arrived. `stopped`: we ended it ourselves.
 */
export type FailureKind = "unreachable" | "lost" | "stopped" | "auth" | "conflict" | "throttled" | "rejected";

export class TelegramFailure extends Error {
  readonly kind: FailureKind;
  readonly retryAfterMs: number | undefined;
  /** The group has another id now. */
  readonly movedTo: string | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    facts: { readonly retryAfterMs?: number | undefined; readonly movedTo?: string | undefined } = {},
  ) {
    super(message);
    this.name = "TelegramFailure";
    this.kind = kind;
    this.retryAfterMs = facts.retryAfterMs;
    this.movedTo = facts.movedTo;
  }
}

const BEFORE_WRITE: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const UNTRUSTED_PEER = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
const NO_TUNNEL = /proxy response|before secure TLS connection/i;

/** Whatever a call of the library threw, as what it means. `signal`: what could have ended the call. */
export function failureOf(error: unknown, signal?: AbortSignal): TelegramFailure {
  if (error instanceof TelegramFailure) return error;
  const { error_code: code, description, parameters } = error as Partial<ApiError>;
  if (typeof code === "number") return refusal(code, String(description ?? ""), parameters);
  if (signal?.aborted) {
    const isLate = (signal.reason as Error | undefined)?.name === "TimeoutError";
    return isLate
      ? new TelegramFailure("lost", "Telegram did not answer in time")
      : new TelegramFailure("stopped", "stopped while waiting for Telegram");
  }
  const causes = chain(error);
  const reason = causes.map(({ code: name }) => name).find((name) => typeof name === "string");
  const text = causes.at(-1)?.message ?? "no answer";
  if (causes.some(({ code: name, message }) => isBeforeWrite(String(name ?? ""), message))) {
    return new TelegramFailure("unreachable", `cannot reach Telegram: ${clean(reason ?? text)}`);
  }
  return new TelegramFailure("lost", `the connection to Telegram broke: ${clean(reason ?? text)}`);
}

interface ApiError {
  readonly error_code: number;
  readonly description: string;
  readonly parameters: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

interface Cause {
  readonly code?: unknown;
  readonly message: string;
}

function refusal(code: number, description: string, parameters: ApiError["parameters"] = {}): TelegramFailure {
  const said = clean(description);
  const { retry_after: seconds, migrate_to_chat_id: moved } = parameters;
  if (code === 429) {
    return new TelegramFailure("throttled", said || "too many requests", { retryAfterMs: (seconds ?? 1) * 1_000 });
  }
  // A token that has not even the form of one is answered with 404.
  if (code === 401 || code === 404) return new TelegramFailure("auth", `${code} ${said}`);
  if (code === 409) return new TelegramFailure("conflict", said);
  if (code >= 500) return new TelegramFailure("lost", `Telegram answered ${code} ${said}`);
  return new TelegramFailure("rejected", `${code} ${said}`, {
    movedTo: moved === undefined ? undefined : String(moved),
  });
}

/** The error, and what stands behind it: `error` in the library's own, `cause` elsewhere. */
function chain(error: unknown): Cause[] {
  const causes: Cause[] = [];
  for (let one = error; one instanceof Error && causes.length < 5;) {
    causes.push(one as Cause);
    const { error: inner, cause } = one as { readonly error?: unknown; readonly cause?: unknown };
    one = inner ?? cause;
  }
  return causes;
}

function isBeforeWrite(code: string, message: string): boolean {
  return BEFORE_WRITE.has(code) || UNTRUSTED_PEER.test(code) || NO_TUNNEL.test(message);
}

/** One line, cut, and never an address with a token in it. */
function clean(text: string): string {
  return text
    .replaceAll(/bot\d+:[\w-]+/g, "bot<token>")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

/** A failed send as its outcome: only what certainly arrived nowhere may be sent again. */
export function outcomeOf(failure: TelegramFailure): DeliveryOutcome {
  const { kind, message, retryAfterMs } = failure;
  const reason = explained(failure);
  if (kind === "throttled")
    return { outcome: "not_sent", retryable: true, reason, retryAfterMs: retryAfterMs ?? 1_000 };
  if (kind === "unreachable") return { outcome: "not_sent", retryable: true, reason };
  // With a token that works again it can be sent.
  if (kind === "auth") return { outcome: "not_sent", retryable: true, reason };
  if (kind === "rejected" || kind === "conflict") return { outcome: "not_sent", retryable: false, reason };
  return { outcome: "unknown", reason: message };
}

/** What Telegram says, and what it means for people. */
export function explained({ kind, message }: TelegramFailure): string {
  if (kind !== "rejected") return message;
  const hint = HINTS.find(([pattern]) => pattern.test(message))?.[1];
  return hint === undefined ? message : `${message}: ${hint}`;
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/chat not found/i, "the id is wrong, or this user has never started the bot"],
  [/blocked by the user/i, "this user has blocked the bot"],
  [/can't initiate conversation/i, "this user has never started the bot"],
  [/user is deactivated/i, "this account is gone"],
  [/kicked|not a member/i, "the bot is not in this chat; add it again"],
  [/not enough rights/i, "the bot may not do this here; make it an administrator"],
  [/thread not found/i, "the topic is gone"],
  [/file is too big|entity too large/i, "the file is larger than the Bot API takes"],
];

/** A failure that ends the account's run, in the terms of the one who runs it. */
export function channelError(failure: TelegramFailure): ChannelError {
  const { kind, message, retryAfterMs } = failure;
  if (kind === "auth") {
    return new ChannelError("auth", `Telegram rejected the bot token (${message}); the account is stopped`, {
      fix: "get a new token from @BotFather and put it in channels.telegram.botToken",
    });
  }
  if (kind === "conflict") {
    return new ChannelError("conflict", `another process polls this bot, or a webhook is set (${message})`, {
      fix: "stop the other process; the gateway keeps trying",
    });
  }
  if (kind === "throttled")
    return new ChannelError("throttled", message, { ...(retryAfterMs !== undefined && { retryAfterMs }) });
  return new ChannelError("transient", message);
}
