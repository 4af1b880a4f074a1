import type { IncomingMessage, ServerResponse } from "node:http";
import type { OperatorScope } from "./method.ts";

/** Whose secret came with a request: the gateway's own, or one that a plugin knows. */
export interface HttpCaller {
  readonly kind: "shared" | "device" | "key";
  /** Tells callers of one kind apart. Never the secret. */
  readonly id: string;
  readonly scopes: readonly string[];
}

/** A secret that is not the gateway's own. */
export interface BearerAttempt {
  readonly secret: string;
  readonly path: string;
}

/** An answer instead of the handler's: status, body, headers. */
export type HttpRefusal = readonly [status: number, body: string | object, headers?: Record<string, string>];

export interface RouteOptions {
  /**
   * `gateway`: bearer token or password required. `local`: the same, but not from this machine. `none`:
   * public, must be listed so in the manifest or opened by `plugins.entries.<id>.http.public`.
   */
  readonly auth: "gateway" | "local" | "none";
  /** What a secret has to grant that is not the gateway's own, such as a device token. Default `operator.admin`. */
  readonly scope?: OperatorScope;
  /**
   * Asked before everything else of a route, credential and body too. What it returns is the answer: a route that is
   * switched off, or a secret of its own that is missing.
   */
  readonly guard?: (request: IncomingMessage, address: string, url: URL) => HttpRefusal | undefined;
  /** Is the address a credential itself, such as one with a signature? Who comes with it has no `caller`. */
  readonly admits?: (url: URL) => boolean;
  /**
   * Does a public route tell more at this address to who shows a credential? One that came along is checked as
   * everywhere, with `scope`, and a wrong one refused; without any the request goes on with no `caller`.
   */
  readonly recognizes?: (url: URL) => boolean;
  /** The body of an answer that says what was wrong. Default: `{error: {message, type}}` of http.md §2. */
  readonly problem?: (message: string, type: string) => string | object;
  /** Pages of the origins in `gateway.http.cors` may ask this route too. Default: pages of the gateway's own origin. */
  readonly crossOrigin?: boolean;
  /** Methods the route answers; others get 405. Default: GET and HEAD. */
  readonly methods?: readonly string[];
  /** `prefix` also answers everything below the path. Default `exact`. */
  readonly match?: "exact" | "prefix";
  /**
   * Media types of the body, for methods that change something; a full wildcard takes all. Default
   * `application/json` and its `+json` relatives.
   */
  readonly accepts?: readonly string[];
  /** Bytes of body accepted, asked anew for each request where it is a function. Default 262 144. */
  readonly maxBodyBytes?: number | (() => number);
  /** Milliseconds until 504, unless bytes have flowed. Default 30 000; 0 = no limit. */
  readonly timeoutMs?: number;
}

/** One HTTP request that passed host, credential and method checks. */
export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly isLocal: boolean;
  /** Set where the route asks for a credential, or recognizes one. */
  readonly caller: HttpCaller | undefined;
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
