import { APICallError } from "@ai-sdk/provider";
import { errorText, GatewayError } from "../error.ts";
import { modelError, reasonOfStatus, reasonOfText } from "../services/model-failure.ts";
import type { FailureReason, ModelFailure } from "../services/model-failure.ts";

const MAX_TEXT = 600;

/** What a library threw, as one sentence for people and a reason for the code that decides what to try next. */
export function failure(error: unknown, name: string): GatewayError {
  if (error instanceof GatewayError) return error;
  const call = APICallError.isInstance(error) ? error : undefined;
  const said = call ? wordsOf(call) : plain(error);
  const status = call?.statusCode ?? statusIn(error);
  const details: ModelFailure = {
    reason: reason(status, said, call !== undefined),
    ...(status !== undefined && { status }),
    ...retryAfter(call?.responseHeaders),
  };
  const what = status === undefined || said.startsWith(String(status)) ? said : `${status} ${said}`;
  return modelError(`model ${name}: ${what}${remedy(details.reason, name)}`, name, details, error);
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

function remedy(reason: FailureReason, name: string): string {
  const [provider] = name.split("/");
  if (reason === "no_model") return "; choose another: openclaw models set <provider/model>";
  if (reason === "network") return `; check that it runs and models.providers.${provider}.baseUrl is right`;
  return "";
}
