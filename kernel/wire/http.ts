import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { cutWhenStalled, GatewayError, hostAllowed, originAllowed, peerOf } from "openclaw/plugin-sdk";
import type { HttpCaller, HttpExchange, KernelHooks, Offer, RouteOptions } from "openclaw/plugin-sdk";
import { grants } from "../auth/access.ts";
import { checkShared } from "../auth/shared.ts";
import type { Throttle } from "../auth/throttle.ts";
import { corsHeaders, isListedOrigin, isPreflight, preflightHeaders } from "./cors.ts";
import { Bodies, BodyError, discard, hasBody } from "./body.ts";
import type { AccessRules } from "./handshake.ts";

const MAX_BODY_BYTES = 262_144;
const ROUTE_TIMEOUT_MS = 30_000;
const SAFE_METHODS = new Set(["GET", "HEAD"]);
const CREDENTIAL_NAMES = new Set(["token", "access_token", "password"]);

type RouteOffer = Offer<[HttpExchange], true, RouteOptions>;
type UnroutedOffer = Offer<[HttpExchange], true, Pick<RouteOptions, "auth">>;
type Reply = HttpExchange["reply"];
type Problem = NonNullable<RouteOptions["problem"]>;
/** Who asks, or why that does not matter. */
type Admission = { readonly caller: HttpCaller | undefined } | { readonly refusal: Parameters<Reply> };

const NONE = { open: [], denied: undefined };
const NOBODY = { caller: undefined };
/** On every answer (http.md §2); a route may say otherwise. */
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};
const FOREIGN: readonly [number, object] = [403, { error: { message: "origin not allowed", type: "forbidden" } }];
const UNROUTED: RouteOptions = { auth: "none" };
const OWNER: HttpCaller = { kind: "shared", id: "gateway", scopes: ["operator.admin"] };

export interface HttpParts {
  readonly hooks: Readonly<KernelHooks>;
  readonly rules: () => AccessRules;
  readonly throttle: Throttle;
  /** Paths of routes that enabled plugins announce but have not mounted yet. */
  readonly announced: () => readonly string[];
}

/** Finds the route of a request and checks everything about it before a plugin or the body is touched. */
export class HttpServing {
  readonly #parts: HttpParts;
  readonly #bodies = new Bodies();

  constructor(parts: HttpParts) {
    this.#parts = parts;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = replier(request, response);
    cutWhenStalled(response);
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    response.setHeader("x-request-id", randomUUID());
    let problem: Problem = standardProblem;
    try {
      const rules = this.#parts.rules();
      const refusal = unacceptable(request, rules);
      if (refusal) return reply(...refusal);
      const url = new URL(request.url ?? "/", "http://gateway");
      const routes = await this.#matching(url.pathname);
      const [route] = routes;
      const { cors } = rules;
      if (cors && isListedOrigin(request, cors) && route?.options.crossOrigin === true)
        for (const [name, value] of Object.entries(corsHeaders(request, cors))) response.setHeader(name, value);
      else if (cors && !originAllowed(request, rules.allowedOrigins, rules)) return reply(...FOREIGN);
      const { open, denied } = !route || route.key === "/" ? await this.#unrouted(request, url) : NONE;
      if (!route && open.length === 0) return denied ? reply(...denied) : reply(404, "Not Found");
      const exchange = this.#exchange(request, response, url, route?.options ?? UNROUTED, reply);
      for (const { hook } of open) if ((await hook.promise(exchange)) === true || response.headersSent) return;
      for (const { options, hook } of routes) {
        problem = options.problem ?? standardProblem;
        const admission = await this.#admission(request, url, options, rules);
        if ("refusal" in admission) return reply(...admission.refusal);
        if ((await hook.promise({ ...exchange, ...admission })) === true) return;
      }
      if (!response.headersSent) reply(404, "Not Found");
    } catch (error) {
      fail(error, response, reply, problem);
    }
  }

  /** Who asks this route, or what it does not accept; the order is method, credential, type, size (security.md S-18). */
  async #admission(
    request: IncomingMessage,
    url: URL,
    options: RouteOptions,
    { auth, cors, trustedProxies }: AccessRules,
  ): Promise<Admission> {
    const method = request.method ?? "";
    const problem: Problem = options.problem ?? standardProblem;
    const guarded = options.guard?.(request, peerOf(request, trustedProxies).address, url);
    if (guarded) return { refusal: [...guarded] };
    const allowed = options.methods ?? [...SAFE_METHODS];
    if (options.crossOrigin && cors && isListedOrigin(request, cors) && isPreflight(request))
      return { refusal: [204, "", preflightHeaders(request, allowed, cors)] };
    if (!allowed.includes(method)) return { refusal: [405, "Method Not Allowed", { allow: allowed.join(", ") }] };
    const needed = needsCredential(request, options) && options.admits?.(url) !== true;
    const isShown = auth.mode === "none" || request.headers.authorization !== undefined;
    const admission =
      needed || (isShown && options.recognizes?.(url) === true) ? await this.#caller(request, url, options) : NOBODY;
    if ("refusal" in admission) return admission;
    if (!SAFE_METHODS.has(method) && !acceptsType(request, options.accepts)) {
      return { refusal: [415, problem("unsupported content type", "invalid_request_error")] };
    }
    const length = Number(request.headers["content-length"] ?? 0);
    return length > bodyLimit(options)
      ? { refusal: [413, problem("payload too large", "invalid_request_error")] }
      : admission;
  }

  /** Handlers that are asked when no route is there, as far as this request may reach them. */
  async #unrouted(
    request: IncomingMessage,
    url: URL,
  ): Promise<{ open: readonly UnroutedOffer[]; denied: Parameters<Reply> | undefined }> {
    const asked = [...this.#parts.hooks.unrouted.offers.values()];
    const guarded = asked.filter(({ options }) => needsCredential(request, options));
    const admission = guarded.length > 0 ? await this.#caller(request, url, UNROUTED) : NOBODY;
    if (!("refusal" in admission)) return { open: asked, denied: undefined };
    return { open: asked.filter((offer) => !guarded.includes(offer)), denied: admission.refusal };
  }

  /**
   * Whose secret came along. What is not the gateway's own may be that of a device or of a key. Wrong ones are counted
   * together with those on the socket (security.md S-07).
   */
  async #caller(request: IncomingMessage, url: URL, { scope = "operator.admin" }: RouteOptions): Promise<Admission> {
    const { throttle, rules, hooks } = this.#parts;
    const { auth, trustedProxies } = rules();
    if (auth.mode === "none") return { caller: OWNER };
    const { address } = peerOf(request, trustedProxies);
    // A password may have spaces in it.
    const secret = /^bearer +(.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const given = secret === undefined ? {} : { token: secret, password: secret };
    const waitMs = throttle.waitMs(address, auth.mode);
    const verdict = checkShared(auth, given, waitMs);
    if (verdict === true) {
      throttle.succeeded(address, auth.mode);
      return { caller: OWNER };
    }
    if (secret !== undefined && hooks.bearer.taps.length > 0) {
      const caller = await hooks.bearer.promise({ secret, path: url.pathname });
      if (caller && grants(new Set(caller.scopes), scope)) return { caller };
      if (caller) return { refusal: [403, standardProblem(`missing scope: ${scope}`, "forbidden")] };
    }
    if (verdict === "mismatch" && waitMs > 0) {
      const headers = { "retry-after": String(Math.ceil(waitMs / 1_000)) };
      return { refusal: [429, standardProblem("too many failed attempts", "rate_limit_error"), headers] };
    }
    if (verdict === "mismatch") throttle.failed(address, auth.mode);
    return { refusal: [401, standardProblem("Unauthorized", "unauthorized"), { "www-authenticate": "Bearer" }] };
  }

  /** Mounted routes for a path, longest first; announced ones are activated. */
  async #matching(path: string): Promise<RouteOffer[]> {
    const { hooks, announced } = this.#parts;
    for (const mount of announced()) {
      if (path === mount || path.startsWith(below(mount))) await hooks.http.resolve(mount);
    }
    return [...hooks.http.offers.values()]
      .filter(({ key, options }) => key === path || (options.match === "prefix" && path.startsWith(below(key))))
      .toSorted((a, b) => b.key.length - a.key.length);
  }

  #exchange(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    options: RouteOptions,
    reply: Reply,
  ): HttpExchange {
    const { timeoutMs = ROUTE_TIMEOUT_MS } = options;
    const abort = new AbortController();
    const late = () => response.headersSent || reply(504, standardProblem("no answer in time", "timeout_error"));
    const timer = timeoutMs > 0 ? setTimeout(late, timeoutMs) : undefined;
    response.on("close", () => {
      clearTimeout(timer);
      abort.abort();
    });
    let body: Promise<Buffer> | undefined;
    return {
      request,
      response,
      url,
      isLocal: peerOf(request, []).isLocal,
      caller: undefined,
      signal: abort.signal,
      body: () => (body ??= this.#bodies.read(request, response, bodyLimit(options))),
      reply,
    };
  }
}

/** What no route could accept. */
function unacceptable(
  request: IncomingMessage,
  { port, secure, hostNames, allowedOrigins, tailscale, cors }: AccessRules,
): Parameters<Reply> | undefined {
  if (!hostAllowed(request, { port, names: hostNames, tailscale }))
    return [421, standardProblem("host not allowed", "forbidden")];
  // Two slashes would make the path a host name.
  if (!/^\/(?![/\\])/.test(request.url ?? "")) return [400, standardProblem("bad request target")];
  const url = URL.parse(request.url ?? "/", "http://gateway");
  if (!url) return [400, standardProblem("bad request target")];
  if (namesCredential(url)) return [400, standardProblem("credentials belong in the Authorization header")];
  // Which of its routes such a page may ask is seen when the route is known.
  return isListedOrigin(request, cors) || originAllowed(request, allowedOrigins, { port, secure })
    ? undefined
    : [...FOREIGN];
}

/** A secret in a query ends up in histories and logs (security.md S-20). */
export function namesCredential(url: URL): boolean {
  return [...url.searchParams.keys()].some((name) => CREDENTIAL_NAMES.has(name.toLowerCase()));
}

function needsCredential(request: IncomingMessage, { auth }: Pick<RouteOptions, "auth">): boolean {
  if (auth !== "local") return auth === "gateway";
  // A page that came from elsewhere runs on this machine too, but does not speak for its user. Another
  // server on localhost counts as the same site, so only the same origin does.
  const site = request.headers["sec-fetch-site"] ?? "none";
  return !peerOf(request, []).isLocal || (site !== "none" && site !== "same-origin");
}

function bodyLimit({ maxBodyBytes = MAX_BODY_BYTES }: RouteOptions): number {
  return typeof maxBodyBytes === "number" ? maxBodyBytes : maxBodyBytes();
}

function below(mount: string): string {
  return mount.endsWith("/") ? mount : `${mount}/`;
}

/** A form or plain text is what a foreign page can send without asking; nothing that changes state takes it (S-19). */
function acceptsType({ headers }: IncomingMessage, accepts: readonly string[] = ["application/json"]): boolean {
  if (accepts.includes("*/*")) return true;
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type === undefined) return headers.origin === undefined;
  return accepts.some((accepted) => accepted === type || (accepted === "application/json" && type.endsWith("+json")));
}

function replier(request: IncomingMessage, response: ServerResponse): Reply {
  return (status, body = "", headers = {}) => {
    const raw = typeof body === "string" || Buffer.isBuffer(body);
    const type = raw ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
    const isUnread = !request.complete && hasBody(request);
    const content = request.method === "HEAD" ? "" : raw ? body : JSON.stringify(body);
    response.writeHead(status, {
      "content-type": type,
      ...(isUnread && { "content-length": Buffer.byteLength(content), connection: "close" }),
      ...headers,
    });
    if (!isUnread) return void response.end(content);
    // Node cuts the connection with the end of the answer; before that the peer gets a moment to read it.
    response.write(content);
    discard(request, () => response.end());
  };
}

function fail(error: unknown, response: ServerResponse, reply: Reply, problem: Problem): void {
  if (response.headersSent) return void response.destroy();
  if (error instanceof BodyError) {
    const isBusy = error.status === 503;
    const again: Record<string, string> = isBusy ? { "retry-after": "1" } : {};
    return reply(error.status, problem(error.message, isBusy ? "api_error" : "invalid_request_error"), again);
  }
  if (!(error instanceof GatewayError)) return reply(500, "Internal Server Error");
  if (error.code === "UNAVAILABLE") {
    const { retryAfterMs } = error;
    const again = retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) };
    return reply(503, problem(error.message, "api_error"), again);
  }
  reply(400, problem(error.message, "invalid_request_error"));
}

/** http.md §2. */
function standardProblem(message: string, type = "invalid_request_error"): object {
  return { error: { message, type } };
}
