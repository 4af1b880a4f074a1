import { randomUUID } from "node:crypto";
import { GatewayError } from "../error.ts";
import type { ErrorCode } from "../error.ts";
import type { Manifest } from "../manifest.ts";
import type { Call, MethodScope } from "../method.ts";
import type { GatewayMethodHandler, GatewayMethodRequest, MethodError, Respond } from "./contract.ts";
import type { Established } from "./established.ts";
import { createMethodContext } from "./method-context.ts";

/** The kernel's own deadline of 30 s says "timed out"; who has returned without an answer is told apart before. */
const ANSWER_MS = 29_000;

/** `api.registerGatewayMethod`. Callers need `operator.admin`, unless the manifest lowers it. */
export function createRegisterGatewayMethod(plugin: Established) {
  const { gateway } = plugin;
  const scopes = declaredScopes(gateway.manifest);
  const context = createMethodContext(plugin);
  return (method: string, handler: GatewayMethodHandler): void => {
    const name = String(method ?? "").trim();
    if (name === "" || typeof handler !== "function") {
      return gateway.diagnose(`registerGatewayMethod: "${name}" was skipped; it needs a name and a handler`);
    }
    const scope = scopes.get(name) ?? "operator.admin";
    gateway.hooks.method
      .for(name)
      .tap({ scope, yields: true }, (call) => answer(handler, requestOf(call, context), plugin));
  };
}

/** Runs the handler and resolves with its first answer. */
function answer(
  handler: GatewayMethodHandler,
  request: Omit<GatewayMethodRequest, "respond">,
  { logger }: Established,
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const { method } = request.req;
  const startedAt = performance.now();
  let answered = false;
  let late: NodeJS.Timeout | undefined;
  const respond: Respond = (ok, payload, error) => {
    clearTimeout(late);
    if (answered) return logger.warn(`${method} answered twice; only the first answer was sent`);
    answered = true;
    if (ok) resolve(payload);
    else reject(refusal(method, payload, error));
  };
  const run = async () => {
    const returned = await handler({ ...request, respond });
    if (answered) return;
    if (returned !== undefined) return respond(true, returned);
    const silent: MethodError = { code: "UNAVAILABLE", message: "handler did not respond" };
    late = setTimeout(() => respond(false, undefined, silent), ANSWER_MS - (performance.now() - startedAt)).unref();
  };
  run().catch((error: unknown) => {
    if (answered) return logger.error(`${method} failed after it had answered`, { err: error });
    answered = true;
    reject(error);
  });
  return promise;
}

function refusal(method: string, payload: unknown, error: MethodError | undefined): GatewayError {
  if (!error) return new GatewayError("UNAVAILABLE", messageOf(payload) ?? `${method} failed`, { payload });
  const { code, message, details, retryable, retryAfterMs } = error;
  // Codes are the plugin's own words; the frame takes any text.
  return new GatewayError(String(code) as ErrorCode, String(message), {
    ...(details !== undefined && { details: details as Record<string, unknown> }),
    ...(retryable !== undefined && { retryable }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(payload !== undefined && { payload }),
  });
}

/** The older style answers `respond(false, { error: "text" })`. */
function messageOf(payload: unknown): string | undefined {
  const { error } = (payload ?? {}) as { error?: unknown };
  return typeof error === "string" ? error : undefined;
}

function requestOf(call: Call, context: GatewayMethodRequest["context"]): Omit<GatewayMethodRequest, "respond"> {
  const { client, method } = call;
  const params = (call.params ?? {}) as Record<string, unknown>;
  // The wire's call has the id of its frame; the contract of Call does not promise one.
  const { id = randomUUID() } = call as { id?: string | number };
  return {
    req: { type: "req", id: String(id), method, params },
    params,
    client: {
      connId: client.connId,
      connect: { ...client.connect, role: client.role, scopes: [...client.scopes] },
    },
    context,
    isWebchatConnect: (connect) => (connect as { client?: { mode?: unknown } } | undefined)?.client?.mode === "webchat",
  };
}

function declaredScopes({ contributes }: Manifest): ReadonlyMap<string, MethodScope> {
  const methods = contributes?.methods ?? [];
  // A scope that does not exist is refused by the tap.
  return new Map(Array.isArray(methods) ? [] : (Object.entries(methods) as [string, MethodScope][]));
}
