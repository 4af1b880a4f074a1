import { APICallError } from "@ai-sdk/provider";
import { errorText, GatewayError } from "../error.ts";
import { modelError, reasonOfStatus, reasonOfText } from "../services/model-failure.ts";
import type { FailureReason, ModelFailure } from "../services/model-failure.ts";

const MAX_TEXT = 600;
const MAX_QUOTED = 120;

/** What a library threw, as one sentence for people and a reason for the code that decides what to try next. */
export function failure(error: unknown, name: string): GatewayError {
  if (error instanceof GatewayError) return error;
  const call = APICallError.isInstance(error) ? error : undefined;
  const said = (call ? wordsOf(call) : plain(error)).replaceAll(/\s+/g, " ").trim();
  const status = call?.statusCode ?? statusIn(error);
  const details: ModelFailure = {
    reason: reason(status, said, call !== undefined),
    ...(status !== undefined && { status }),
    ...retryAfter(call?.responseHeaders),
  };
  return modelError(`model ${name}: ${sentence(said, details, name)}`, name, details, error);
}

/** What a library says of an answer that is none, or none of the dialect it speaks. */
const UNREADABLE = /JSON parsing failed|type validation failed|invalid json response|expected a normalized .* error/i;
/** So says one of an answer without an end, and of a page that has nothing to do with models. */
const ENDLESS = /without a finish reason/i;
const BROKEN_OFF = /failed to process successful response/i;

/** One line: what was said, and what may be done about it. */
function sentence(said: string, { reason: why, status }: ModelFailure, name: string): string {
  const setting = `models.providers.${name.split("/")[0]}`;
  if (UNREADABLE.test(said) || ENDLESS.test(said)) {
    const what = ENDLESS.test(said) ? "the answer has no end" : "the answer cannot be read";
    return `${what} (${said.slice(0, MAX_QUOTED)}); check that ${setting}.baseUrl and ${setting}.api fit the server`;
  }
  // The head was good, and then nobody was there any more.
  if (BROKEN_OFF.test(said) || (status === 200 && why === "network"))
    return `the connection broke off in the middle of the answer${/ \([A-Z_]+\)$/.exec(said)?.[0] ?? ""}`;
  if (/ERR_INVALID_URL/.test(said))
    return `${setting}.baseUrl is no address; set one such as https://models.example/v1: openclaw config set ${setting}.baseUrl <url>`;
  const what = status === undefined || said.startsWith(String(status)) ? said : `${status} ${said}`;
  return `${what}${remedy(why, name, status)}`;
}

function reason(status: number | undefined, said: string, reached: boolean): FailureReason {
  if (status !== undefined && status >= 400) return reasonOfStatus(status, said);
  const spoken = reasonOfText(said);
  return spoken === "other" && reached && status === undefined ? "network" : spoken;
}

/** The library's message; what the provider wrote, when the library could not read it. */
function wordsOf({ message, responseBody, cause }: APICallError): string {
  // The library could not go on reading; what stopped it says more.
  if (message.startsWith("Failed to process") && cause instanceof Error) return plain(cause);
  const code = codeOf(cause);
  if (code !== "" && !message.includes(code)) return `${message} (${code})`.slice(0, MAX_TEXT);
  const body = responseBody?.replaceAll(/\s+/g, " ").trim() ?? "";
  const isMute = message === "" || /^(?:error|unauthorized|bad request|internal server error)$/i.test(message);
  return (isMute && body !== "" ? body : message).slice(0, MAX_TEXT);
}

function codeOf(cause: unknown): string {
  const { code, cause: deeper } = (cause ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  return typeof code === "string" ? code : deeper === undefined ? "" : codeOf(deeper);
}

function plain(error: unknown): string {
  const text = error instanceof Error ? error.message || errorText(error) : jsonOf(error);
  const code = error instanceof Error ? codeOf(error) : "";
  return (code === "" || text.includes(code) ? text : `${text} (${code})`).slice(0, MAX_TEXT);
}

/** Errors inside a stream come as the provider wrote them. */
function jsonOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return errorText(error);
  const { message, type, error: inside } = error as Readonly<Record<string, unknown>>;
  if (inside !== undefined && message === undefined) return jsonOf(inside);
  if (typeof message !== "string") return JSON.stringify(error) ?? errorText(error);
  return typeof type === "string" && !message.includes(type) ? `${message} (${type})` : message;
}

function statusIn(error: unknown): number | undefined {
  const { statusCode, code } = (error ?? {}) as { readonly statusCode?: unknown; readonly code?: unknown };
  const status = typeof statusCode === "number" ? statusCode : code;
  return typeof status === "number" && status >= 400 && status < 600 ? status : undefined;
}

/** `retry-after` in seconds or as a date, or the header that says milliseconds. */
function retryAfter(headers: Readonly<Record<string, string>> | undefined): Pick<ModelFailure, "retryAfterMs"> {
  const ms = Number(headers?.["retry-after-ms"]);
  if (ms > 0) return { retryAfterMs: ms };
  const given = headers?.["retry-after"];
  if (given === undefined) return {};
  const seconds = Number(given);
  const wait = Number.isNaN(seconds) ? Date.parse(given) - Date.now() : seconds * 1_000;
  return wait > 0 ? { retryAfterMs: wait } : {};
}

function remedy(reason: FailureReason, name: string, status: number | undefined): string {
  const [provider] = name.split("/");
  if (reason === "rate_limit")
    return "; wait, or add a model to fall back on: openclaw models fallbacks add <provider/model>";
  if (reason === "billing") return `; fill the account, or add another key: openclaw models auth add ${provider}`;
  if (status === 404)
    return `; check models.providers.${provider}.baseUrl, or choose another model: openclaw models set <provider/model>`;
  if (reason === "no_model") return "; choose another: openclaw models set <provider/model>";
  if (reason === "network") return `; check that it runs and models.providers.${provider}.baseUrl is right`;
  return "";
}
