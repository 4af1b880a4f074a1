import type { IncomingMessage } from "node:http";

/** `gateway.http.cors` (http.md §2.2): which pages of other origins may ask, and read the answers. */
export interface CorsRules {
  /** As browsers send them. */
  readonly origins: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds: number;
}

export interface CorsConfig {
  readonly allowedOrigins?: readonly string[];
  readonly allowCredentials?: boolean;
  /** Seconds. */
  readonly maxAge?: number;
}

const REQUESTED = /^[\w-]{1,64}(?:, *[\w-]{1,64}){0,63}$/;
/** What a page may read beside the body. */
const EXPOSED = "x-request-id, retry-after";

/** Nothing when no origin is listed. */
export function corsRules({ allowedOrigins = [], allowCredentials = false, maxAge = 600 }: CorsConfig = {}):
  | CorsRules
  | undefined {
  if (allowedOrigins.length === 0) return undefined;
  return { origins: allowedOrigins.map((origin) => origin.toLowerCase()), allowCredentials, maxAgeSeconds: maxAge };
}

/** Is the page that asks one of a listed origin? Without rules none is. */
export function isListedOrigin({ headers: { origin } }: IncomingMessage, rules: CorsRules | undefined): boolean {
  return origin !== undefined && rules?.origins.includes(origin.toLowerCase()) === true;
}

/** A browser that asks whether a page may ask. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}

/** What lets a page of a listed origin read the answer. */
export function corsHeaders({ headers: { origin = "" } }: IncomingMessage, rules: CorsRules): Record<string, string> {
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": EXPOSED,
    vary: "Origin",
    ...(rules.allowCredentials && { "access-control-allow-credentials": "true" }),
  };
}

/** What such a page may send. */
export function preflightHeaders(
  { headers }: IncomingMessage,
  methods: readonly string[],
  { maxAgeSeconds }: CorsRules,
): Record<string, string> {
  const requested = headers["access-control-request-headers"] ?? "";
  return {
    "access-control-allow-methods": methods.join(", "),
    ...(REQUESTED.test(requested) && { "access-control-allow-headers": requested }),
    "access-control-max-age": String(maxAgeSeconds),
  };
}
