import { ChannelError, errorText } from "openclaw/plugin-sdk";
import type { DeliveryOutcome } from "openclaw/plugin-sdk";

/** What went wrong with a request to the REST API. `text` is for people and holds no secret. */
export type Failure =
  | { readonly kind: "throttled"; readonly retryAfterMs: number; readonly isGlobal: boolean; readonly text: string }
  /** No connection came about: nothing left this machine. */
  | { readonly kind: "unreached"; readonly text: string }
  | { readonly kind: "auth"; readonly text: string }
  | { readonly kind: "refused"; readonly status: number; readonly code: number; readonly text: string }
  | { readonly kind: "server"; readonly status: number; readonly text: string }
  /** The request may have left, and no answer came that can be understood. */
  | { readonly kind: "lost"; readonly text: string };

/** The answer was no JSON of the expected shape: a proxy, or a page of an outage. */
export class GarbledAnswer extends Error {
  constructor() {
    super("the answer is not one of Discord");
    this.name = "GarbledAnswer";
  }
}

const UNREACHED: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** What people can do about what Discord refuses (channels.md §3.2), by Discord's code. */
const ADVICE: Readonly<Record<number, string>> = {
  10_003: "the channel is gone, or the bot was never let in",
  10_008: "the message is gone",
  40_005: "the file is larger than Discord takes here; send a smaller one or a link",
  50_001: "give the bot View Channel there",
  50_006: "there is nothing in the message",
  50_007: "this person does not take direct messages from the bot; they must share a server and allow them",
  50_008: "messages cannot be written in this kind of channel; name a text channel or a thread",
  50_013: "give the bot Send Messages there, and Attach Files and Add Reactions if it is to do that",
  50_083: "the thread is archived; open it again",
  160_002: "the message to answer cannot be read; give the bot Read Message History",
};

/** Reads an error of the library by its shape, so that whoever judges one needs not load the library. */
export function failureOf(error: unknown): Failure {
  const { status, code, rawError, retryAfter, timeToReset, sublimitTimeout, global } = fields(error);
  if (typeof retryAfter === "number") {
    const waits = [retryAfter, timeToReset, sublimitTimeout].filter((ms) => typeof ms === "number");
    const ms = Math.max(0, ...waits.filter(Number.isFinite));
    return {
      kind: "throttled",
      retryAfterMs: ms,
      isGlobal: global === true,
      text: `rate limited for ${Math.ceil(ms)} ms`,
    };
  }
  if (status === 401 || /Expected token to be set/.test(String(fields(error)["message"])))
    return { kind: "auth", text: "Discord refuses the bot token (401)" };
  if (typeof status === "number" && status >= 500)
    return { kind: "server", status, text: `Discord answered ${status}` };
  if (typeof status === "number" && rawError !== undefined) {
    const number = typeof code === "number" ? code : 0;
    const said = oneLine((error as Error).message);
    const named = number === 0 ? `${said} (${status})` : `${said} (${number})`;
    const advice = ADVICE[number] ?? (status === 413 ? ADVICE[40_005] : undefined);
    return { kind: "refused", status, code: number, text: advice === undefined ? named : `${named}: ${advice}` };
  }
  if (typeof code === "string" && UNREACHED.has(code))
    return { kind: "unreached", text: `Discord cannot be reached (${code})` };
  if (fields(error)["name"] === "AbortError" || fields(error)["name"] === "TimeoutError")
    return { kind: "lost", text: "Discord did not answer in time" };
  return { kind: "lost", text: oneLine(error instanceof GarbledAnswer ? error.message : errorText(error)) };
}

/** What a failed try to post a message came to (reliability.md R-08). */
export function outcomeOf(failure: Failure): DeliveryOutcome {
  const { kind, text: reason } = failure;
  if (kind === "throttled") {
    const { retryAfterMs, isGlobal } = failure;
    return { outcome: "not_sent", retryable: true, reason, retryAfterMs, throttled: isGlobal ? "account" : "target" };
  }
  if (kind === "refused") return { outcome: "not_sent", retryable: false, reason };
  // With a token that is refused nothing is posted; the entry waits for the right one.
  if (kind === "unreached" || kind === "auth") return { outcome: "not_sent", retryable: true, reason };
  return { outcome: "unknown", reason };
}

/** The same for an account that could not be started. */
export function startError(failure: Failure, place: string): ChannelError {
  const { kind, text } = failure;
  if (kind === "throttled") return new ChannelError("throttled", text, { retryAfterMs: failure.retryAfterMs });
  if (kind === "auth") return refusedToken(place);
  return new ChannelError("transient", text);
}

export function refusedToken(place: string): ChannelError {
  return new ChannelError("auth", "Discord refuses the bot token", {
    fix: `reset the token on the page "Bot" of the Discord developer portal and set ${place}.token`,
  });
}

function fields(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === "object" && error !== null ? (error as Readonly<Record<string, unknown>>) : {};
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().slice(0, 300);
}
