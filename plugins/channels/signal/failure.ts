import { ChannelError } from "openclaw/plugin-sdk";
import type { DeliveryOutcome } from "openclaw/plugin-sdk";

/** `unreachable`: nothing left this machine. `lost`: it may have arrived. `stopped`: we ended it ourselves. */
export type FailureKind = "unreachable" | "lost" | "stopped" | "throttled" | "account" | "rejected";

/** Why a call of the daemon did not end well, in words without what was sent. */
export class SignalFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SignalFailure";
    this.kind = kind;
  }
}

const BEFORE_WRITE: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Whatever `fetch` threw. `signal`: what could have ended the call. */
export function failureOf(error: unknown, signal?: AbortSignal): SignalFailure {
  if (error instanceof SignalFailure) return error;
  if (signal?.aborted) return new SignalFailure("stopped", "stopped while waiting for signal-cli");
  if ((error as Error).name === "TimeoutError") return new SignalFailure("lost", "signal-cli did not answer in time");
  const { cause } = error as { cause?: { code?: string } };
  const code = cause?.code ?? (error as { code?: string }).code ?? "no answer";
  return BEFORE_WRITE.has(code)
    ? new SignalFailure("unreachable", `cannot reach signal-cli: ${code}`, error)
    : new SignalFailure("lost", `the connection to signal-cli broke: ${code}`, error);
}

/** What the daemon itself refused, by its words. */
export function refusalOf(message: string): SignalFailure {
  const said = message.replaceAll(/\s+/g, " ").trim().slice(0, 300);
  // signal-cli tells where the captcha is solved; that address is the way out.
  if (/rate.?limit|challenge|captcha|\b413\b|\b429\b/i.test(said)) return new SignalFailure("throttled", said);
  if (
    /not registered|unregistered account|account .*(does not exist|not found|unknown)|authorization failed|specified account/i.test(
      said,
    )
  )
    return new SignalFailure("account", said);
  return new SignalFailure("rejected", said);
}

/** A failed send as its outcome: only what certainly arrived nowhere may be sent again. */
export function outcomeOf({ kind, message }: SignalFailure): DeliveryOutcome {
  if (kind === "throttled") return { outcome: "not_sent", retryable: true, reason: message, retryAfterMs: 60_000 };
  if (kind === "unreachable" || kind === "account") return { outcome: "not_sent", retryable: true, reason: message };
  if (kind === "rejected") return { outcome: "not_sent", retryable: false, reason: message };
  return { outcome: "unknown", reason: message };
}

/** A failure that ends the account's run, in the terms of the one who runs it. */
export function channelError({ kind, message }: SignalFailure, number: string): ChannelError {
  if (kind === "account")
    return new ChannelError("auth", `signal-cli does not know the account ${number}: ${message}`, {
      fix: `register or link it: signal-cli -a ${number} register, or signal-cli link -n OpenClaw`,
    });
  if (kind === "throttled") return new ChannelError("throttled", message, { retryAfterMs: 60_000 });
  return new ChannelError("transient", message);
}
