import type { IncomingMessage, ServerResponse } from "node:http";

export interface RouteOptions {
  /**
   * `gateway`: bearer token or password required. `local`: the same, but not from this machine. `none`:
   * public, must be listed so in the manifest or opened by `plugins.entries.<id>.http.public`.
   */
  readonly auth: "gateway" | "local" | "none";
  /** Methods the route answers; others get 405. Default: GET and HEAD. */
  readonly methods?: readonly string[];
  /** `prefix` also answers everything below the path. Default `exact`. */
  readonly match?: "exact" | "prefix";
  /**
   * Media types of the body, for methods that change something; a full wildcard takes all. Default
   * `application/json` and its `+json` relatives.
   */
  readonly accepts?: readonly string[];
  /** Bytes of body accepted. Default 262 144. */
  readonly maxBodyBytes?: number;
  /** Milliseconds until 504, unless bytes have flowed. Default 30 000; 0 = no limit. */
  readonly timeoutMs?: number;
}

/** One HTTP request that passed host, credential and method checks. */
export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly isLocal: boolean;
  /** Aborts when the peer goes away. */
  readonly signal: AbortSignal;
  /** The body within the route's limits. Rejects with a `GatewayError` that becomes 408 or 413. */
  body(): Promise<Buffer>;
  /** End the response. Objects are sent as JSON. */
  reply(status: number, body?: string | Buffer | object, headers?: Record<string, string>): void;
}

/** One route in one object; the shorthand for a tap on the `http` hook. */
export interface RouteDef extends RouteOptions {
  readonly path: string;
  readonly handle: (exchange: HttpExchange) => void | Promise<void>;
}
