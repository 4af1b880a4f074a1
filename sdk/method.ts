import type { Static, TSchema } from "@sinclair/typebox";
import type { ConnectParams } from "./protocol/frames.ts";

export type Role = "operator" | "node";

/** Scopes an operator can hold (protocol.md §7). */
export const OPERATOR_SCOPES = [
  "operator.read",
  "operator.write",
  "operator.admin",
  "operator.approvals",
  "operator.pairing",
] as const;

export type OperatorScope = (typeof OPERATOR_SCOPES)[number];

/** Who may call a method: an operator scope, or a connection in the node role. */
export type MethodScope = OperatorScope | "node";

/** What a call does to the world, for audit and confirmation rules (security.md S-16). */
export type Effect = "read" | "write" | "admin";

/** An authenticated connection. */
export interface Client {
  readonly connId: string;
  readonly role: Role;
  readonly scopes: ReadonlySet<string>;
  readonly caps: ReadonlySet<string>;
  /** What the client said of itself in `connect`, without its credentials. */
  readonly connect: Omit<ConnectParams, "auth">;
  /** Direct loopback peer with a loopback `Host` and no forwarding header (protocol.md §3.5). */
  readonly isLocal: boolean;
  /** Address of the peer; only for remote clients. */
  readonly remoteIp: string | undefined;
  /** The `Host` it asked for: how it reaches this gateway. */
  readonly host: string | undefined;
  /** It reaches this gateway, or the proxy that it says is in front, over TLS: good for addresses told to itself. */
  readonly isSecure: boolean;
  /** Set when the client proved a device identity. */
  readonly deviceId: string | undefined;
  readonly connectedAtMs: number;
}

/** One request on its way through the gateway. */
export interface Call<P = unknown> {
  readonly method: string;
  readonly params: P;
  readonly client: Client;
  /**
   * Aborts when the client goes away, the deadline passes or the plugin is closed. An idempotent call does not
   * care for its client: whoever repeats it wants its end.
   */
  readonly signal: AbortSignal;
  /**
   * Answer now and again later: sends `payload` as a first response, what the handler returns
   * becomes the second one on the same id. Lifts the deadline.
   */
  accept(payload: unknown): void;
}

/** Options of the tap that offers a method. `scope` is required on purpose: forgetting it must not open a door. */
export interface MethodOptions {
  readonly scope: MethodScope;
  /** Schema of the parameters; a method without one gets them unchecked. */
  readonly params?: TSchema;
  readonly result?: TSchema;
  /** Default: `read` for `operator.read`, `admin` for `operator.admin`, else `write`. */
  readonly effect?: Effect;
  /** Milliseconds until the caller gets `UNAVAILABLE`; 0 = no limit. Default 30 000. */
  readonly timeoutMs?: number;
  /** The parameters carry `idempotencyKey`: a repeated key gets the recorded answer (protocol.md §8). */
  readonly idempotent?: boolean;
}

/** One RPC method in one object; the shorthand for a tap with {@link MethodOptions}. */
export interface MethodDef<P extends TSchema, R> extends MethodOptions {
  readonly name: string;
  readonly params: P;
  readonly handle: (params: Static<P>, call: Call<Static<P>>) => R | Promise<R>;
}

/** Refusal of an authorised client's call. */
export interface Denial {
  readonly code?: "INVALID_REQUEST" | "UNAVAILABLE";
  readonly message: string;
  readonly details?: Record<string, unknown>;
}
