import type { IncomingHttpHeaders } from "node:http";
import { ApiError, badRequest } from "openclaw/plugin-sdk/http-api";

export interface InvokeRequest {
  readonly tool: string;
  readonly action: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
  readonly sessionKey: string | undefined;
  readonly agentId: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly dryRun: boolean;
  /** For policies of a place. */
  readonly channel: string | undefined;
  readonly accountId: string | undefined;
}

const MAX_WORD = 256;

export function readRequest(body: Readonly<Record<string, unknown>>, headers: IncomingHttpHeaders): InvokeRequest {
  const tool = word(body, "tool") ?? word(body, "name");
  if (tool === undefined) throw new ApiError(400, "tools.invoke requires body.tool");
  const { args = {}, dryRun = false } = body;
  if (typeof args !== "object" || args === null || Array.isArray(args))
    throw badRequest("args has to be an object", "args");
  if (typeof dryRun !== "boolean") throw badRequest("dryRun has to be true or false", "dryRun");
  return {
    tool: tool.toLowerCase(),
    action: word(body, "action"),
    args: args as Record<string, unknown>,
    sessionKey: word(body, "sessionKey"),
    agentId: word(body, "agentId"),
    idempotencyKey: word(body, "idempotencyKey"),
    dryRun,
    channel: header(headers, "x-openclaw-message-channel"),
    accountId: header(headers, "x-openclaw-account-id"),
  };
}

function word(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw badRequest(`${name} has to be a text`, name);
  const text = value.trim();
  if (text.length > (name === "sessionKey" ? 512 : MAX_WORD)) throw badRequest(`${name} is too long`, name);
  return text === "" ? undefined : text;
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && /^[\w.@+-]{1,64}$/.test(value) ? value.toLowerCase() : undefined;
}
