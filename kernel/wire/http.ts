import type { IncomingMessage, ServerResponse } from "node:http";
import { GatewayError } from "openclaw/plugin-sdk";
import type { HttpExchange, KernelHooks, Offer, RouteOptions } from "openclaw/plugin-sdk";
import { hostAllowed, originAllowed, peerOf } from "../auth/peer.ts";
import { checkShared } from "../auth/shared.ts";
import type { AccessRules } from "./handshake.ts";

const MAX_BODY_BYTES = 262_144;
const BODY_TIMEOUT_MS = 15_000;
const ROUTE_TIMEOUT_MS = 30_000;

type RouteOffer = Offer<[HttpExchange], true, RouteOptions>;

export interface HttpParts {
  readonly hooks: Readonly<KernelHooks>;
  readonly rules: () => AccessRules;
  /** Paths of routes that enabled plugins announce but have not mounted yet. */
  readonly announced: () => readonly string[];
}

/** Finds the route of a request and checks everything about it before a plugin or the body is touched. */
export async function answer(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  const rules = parts.rules();
  const abort = new AbortController();
  response.on("close", () => abort.abort());
  const reply = replier(request, response);
  if (!hostAllowed(request, { port: rules.port, names: rules.hostNames }))
    return reply(421, problem("host not allowed"));
  const url = URL.parse(request.url ?? "/", "http://gateway");
  if (!url) return reply(400, problem("bad request target"));
  if (url.searchParams.has("token")) return reply(400, problem("credentials belong in the Authorization header"));
  if (!originAllowed(request, rules.allowedOrigins, rules.port)) return reply(403, problem("origin not allowed"));
  const routes = await matching(url.pathname, parts);
  const [route] = routes;
  if (!route) return reply(404, problem("not found"));
  const allowed = route.options.methods ?? ["GET", "HEAD"];
  if (!allowed.includes(request.method ?? ""))
    return reply(405, problem("method not allowed"), { allow: allowed.join(", ") });
  if (routes.some(({ options }) => options.auth === "gateway") && !authorized(request, rules)) {
    return reply(401, problem("unauthorized"), { "www-authenticate": "Bearer" });
  }
  const maxBodyBytes = route.options.maxBodyBytes ?? MAX_BODY_BYTES;
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) return reply(413, problem("body too large"));

  const timeoutMs = route.options.timeoutMs ?? ROUTE_TIMEOUT_MS;
  const timer =
    timeoutMs > 0
      ? setTimeout(() => response.headersSent || reply(504, problem("no answer in time")), timeoutMs)
      : undefined;
  response.on("close", () => clearTimeout(timer));
  const { isLocal } = peerOf(request);
  const body = () => readBody(request, maxBodyBytes);
  const exchange: HttpExchange = { request, response, url, isLocal, signal: abort.signal, body, reply };
  try {
    for (const { hook } of routes) if ((await hook.promise(exchange)) === true) return;
    if (!response.headersSent) reply(404, problem("not found"));
  } catch (error) {
    fail(error, response, reply);
  }
}

/** Mounted routes for a path, longest first; announced ones are activated. */
async function matching(path: string, { hooks, announced }: HttpParts): Promise<RouteOffer[]> {
  for (const mount of announced()) {
    if (path === mount || path.startsWith(below(mount))) await hooks.http.resolve(mount);
  }
  return [...hooks.http.offers.values()]
    .filter(({ key, options }) => key === path || (options.match === "prefix" && path.startsWith(below(key))))
    .toSorted((a, b) => b.key.length - a.key.length);
}

function below(mount: string): string {
  return mount.endsWith("/") ? mount : `${mount}/`;
}

function authorized(request: IncomingMessage, { auth }: AccessRules): boolean {
  const [scheme, secret] = (request.headers.authorization ?? "").split(" ");
  const given = scheme?.toLowerCase() === "bearer" && secret ? { token: secret, password: secret } : {};
  return checkShared(auth, given) === true;
}

function replier(request: IncomingMessage, response: ServerResponse): HttpExchange["reply"] {
  return (status, body = "", headers = {}) => {
    const raw = typeof body === "string" || Buffer.isBuffer(body);
    const type = raw ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
    response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff", ...headers });
    response.end(request.method === "HEAD" ? undefined : raw ? body : JSON.stringify(body));
    // A body nobody wants would otherwise keep the connection busy.
    if (!request.complete) request.socket.once("drain", () => request.destroy()).resume();
  };
}

function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const late = setTimeout(() => reject(new BodyError(408, "body took too long")), BODY_TIMEOUT_MS);
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) reject(new BodyError(413, "body too large"));
    else chunks.push(chunk);
  });
  request.on("end", () => resolve(Buffer.concat(chunks)));
  request.on("error", reject);
  return promise.finally(() => {
    clearTimeout(late);
    request.removeAllListeners("data");
  });
}

class BodyError extends GatewayError {
  readonly status: number;

  constructor(status: number, message: string) {
    super("INVALID_REQUEST", message);
    this.status = status;
  }
}

function fail(error: unknown, response: ServerResponse, reply: HttpExchange["reply"]): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof BodyError) return reply(error.status, problem(error.message), { connection: "close" });
  if (error instanceof GatewayError) return reply(error.code === "UNAVAILABLE" ? 503 : 400, problem(error.message));
  reply(500, "Internal Server Error");
}

function problem(message: string): object {
  return { error: { message } };
}
