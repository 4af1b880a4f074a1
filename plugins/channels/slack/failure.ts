import { ChannelError, errorText } from "openclaw/plugin-sdk";
import type { DeliveryOutcome } from "openclaw/plugin-sdk";

/** What went wrong with a call of the Web API. `text` is for people and holds no secret. */
export type Failure =
  | { readonly kind: "throttled"; readonly retryAfterMs: number; readonly text: string }
  /** No connection came about: nothing left this machine. */
  | { readonly kind: "unreached"; readonly text: string }
  /** The token is none that Slack takes. */
  | { readonly kind: "auth"; readonly error: string; readonly text: string }
  | { readonly kind: "refused"; readonly error: string; readonly text: string }
  | { readonly kind: "server"; readonly status: number; readonly text: string }
  /** The request may have left, and no answer came that can be understood. */
  | { readonly kind: "lost"; readonly text: string };

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

/** Answers after which no further call with this token can succeed. */
const AUTH: ReadonlySet<string> = new Set([
  "invalid_auth",
  "not_authed",
  "account_inactive",
  "token_revoked",
  "token_expired",
  "user_removed_from_team",
  "team_disabled",
  "org_login_required",
  "not_allowed_token_type",
]);

/** Answers that are no refusal: Slack is ill, and the same call works later. */
const TRANSIENT: ReadonlySet<string> = new Set([
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);

/** What people can do about what Slack refuses (channels.md §3.3), by Slack's word for it. */
const ADVICE: Readonly<Record<string, string>> = {
  not_in_channel: "invite the bot there with /invite",
  channel_not_found: "the id is wrong, or the bot is not a member; invite it there with /invite",
  is_archived: "the channel is archived; open it again",
  restricted_action: "the settings of the workspace do not let the bot write there",
  cannot_dm_bot: "a bot cannot write to itself or to another bot",
  user_not_found: "there is no such person in this workspace",
  users_not_found: "there is no such person in this workspace",
  msg_too_long: "the text is longer than Slack takes",
  no_text: "there is nothing in the message",
  message_not_found: "the message is gone",
  cant_update_message: "only messages of the bot can be changed",
  cant_delete_message: "only messages of the bot can be taken back",
  edit_window_closed: "the workspace does not let messages be changed so late",
  invalid_name: "Slack has no emoji of this name; write it as :name:",
  invalid_blocks: "Slack cannot read the buttons",
  file_uploads_disabled: "the workspace takes no files",
  storage_limit_reached: "the workspace has no room for more files",
};

/** Reads an error of the library by its shape, so that whoever judges one needs not load the library. */
export function failureOf(error: unknown): Failure {
  const { code, name, data, retryAfter, statusCode, original, message } = fields(error);
  if (code === "slack_webapi_rate_limited_error")
    return throttled(typeof retryAfter === "number" ? retryAfter * 1_000 : 1_000);
  if (String(message).startsWith("Retry header did not contain a valid timeout")) return throttled(1_000);
  if (code === "slack_webapi_platform_error") return refusal(fields(data));
  if (code === "slack_webapi_http_error") {
    const status = typeof statusCode === "number" ? statusCode : 0;
    if (status >= 500) return { kind: "server", status, text: `Slack answered ${status}` };
    return { kind: "refused", error: String(status), text: `Slack answered ${status}` };
  }
  if (code === "slack_webapi_request_error") return failureOf(original);
  const reason = [code, fields(fields(error)["cause"])["code"]].find((one) => typeof one === "string") as
    | string
    | undefined;
  if (reason !== undefined && UNREACHED.has(reason))
    return { kind: "unreached", text: `Slack cannot be reached (${reason})` };
  if (name === "AbortError" || name === "TimeoutError") return { kind: "lost", text: "Slack did not answer in time" };
  const said = error instanceof Error ? error.message : errorText(error);
  return { kind: "lost", text: `the connection to Slack broke: ${oneLine(reason ?? said)}` };
}

function throttled(ms: number): Failure {
  return { kind: "throttled", retryAfterMs: ms, text: `rate limited for ${Math.ceil(ms / 1_000)} s` };
}

/** The words of Slack's errors are names; anything else is a page of somebody in between. */
function refusal({ error, needed, provided }: Readonly<Record<string, unknown>>): Failure {
  if (typeof error !== "string" || !/^[a-z][a-z0-9_]{0,80}$/.test(error))
    return { kind: "lost", text: "the answer is not one of Slack" };
  if (error === "ratelimited" || error === "rate_limited") return throttled(1_000);
  if (AUTH.has(error)) return { kind: "auth", error, text: `Slack refuses the token: ${error}` };
  if (TRANSIENT.has(error)) return { kind: "lost", text: `Slack answered ${error}` };
  if (error === "missing_scope" || error === "no_permission") {
    const scope = typeof needed === "string" ? oneLine(needed) : "a scope";
    const has = typeof provided === "string" ? `; it has ${oneLine(provided)}` : "";
    const text = `${error}: add ${scope} to the bot token scopes of the app and install it again${has}`;
    return { kind: "refused", error, text };
  }
  const advice = Object.hasOwn(ADVICE, error) ? ADVICE[error] : undefined;
  return { kind: "refused", error, text: advice === undefined ? error : `${error}: ${advice}` };
}

/** What a failed try to post a message came to (reliability.md R-08). */
export function outcomeOf(failure: Failure): DeliveryOutcome {
  const { kind, text: reason } = failure;
  if (kind === "throttled")
    return { outcome: "not_sent", retryable: true, reason, retryAfterMs: failure.retryAfterMs, throttled: "target" };
  if (kind === "refused") return { outcome: "not_sent", retryable: false, reason };
  // With a token that is refused nothing is posted; the entry waits for the right one.
  if (kind === "unreached" || kind === "auth") return { outcome: "not_sent", retryable: true, reason };
  return { outcome: "unknown", reason };
}

/** Which of the two tokens a failure is about. */
export type TokenName = "botToken" | "appToken";

/** The same for an account that could not be started, or that cannot go on. */
export function startError(failure: Failure, place: string, which: TokenName): ChannelError {
  const { kind, text } = failure;
  if (kind === "throttled") return new ChannelError("throttled", text, { retryAfterMs: failure.retryAfterMs });
  if (kind === "auth") return refusedToken(failure.error, place, which);
  if (kind === "refused" && which === "appToken")
    return new ChannelError("auth", `Slack opens no connection: ${text}`, {
      fix: 'turn on Socket Mode on the page "Socket Mode" of the app, with an app token that has connections:write',
    });
  if (kind === "refused") return new ChannelError("auth", `Slack refuses the account: ${text}`);
  return new ChannelError("transient", text);
}

export function refusedToken(error: string, place: string, which: TokenName): ChannelError {
  const name = which === "botToken" ? "bot token" : "app token";
  if (error === "not_allowed_token_type")
    return new ChannelError("auth", `Slack refuses the ${name}: it is of the wrong kind (${error})`, {
      fix: `set ${place}.botToken to the token that begins with xoxb- and ${place}.appToken to the one with xapp-`,
    });
  const page = which === "botToken" ? "OAuth & Permissions" : "Basic Information, App-Level Tokens";
  return new ChannelError("auth", `Slack refuses the ${name} (${error})`, {
    fix: `take the ${name} from the page "${page}" of the app and set ${place}.${which}`,
  });
}

function fields(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === "object" && error !== null ? (error as Readonly<Record<string, unknown>>) : {};
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().slice(0, 300);
}
