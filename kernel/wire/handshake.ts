import type { IncomingMessage } from "node:http";
import { originAllowed, PROTOCOL_VERSION } from "openclaw/plugin-sdk";
import type { AuthVerdict, ConnectParams, ErrorCode, KernelHooks, Peer, Role } from "openclaw/plugin-sdk";
import { commonScopes, unknownScope } from "../auth/access.ts";
import { deviceProblem } from "../auth/device.ts";
import { checkShared, unauthorizedText } from "../auth/shared.ts";
import type { SharedAuth, SharedFailure } from "../auth/shared.ts";
import type { Throttle } from "../auth/throttle.ts";
import type { CorsRules } from "./cors.ts";

/** What the handshake reads of the configuration, asked anew for every connection. */
export interface AccessRules {
  readonly auth: SharedAuth;
  readonly port: number;
  /** The port speaks TLS. */
  readonly secure: boolean;
  readonly allowedOrigins: readonly string[];
  readonly cors: CorsRules | undefined;
  readonly hostNames: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly tailscale: boolean;
  /** Clients that may be logged in at one time. */
  readonly maxClients: number;
  /** `gateway.controlUi.allowInsecureAuth` or `.dangerouslyDisableDeviceAuth`. */
  readonly controlUiWithoutDevice: boolean;
}

export interface Login {
  readonly ok: true;
  readonly role: Role;
  readonly scopes: readonly string[];
  readonly deviceId: string | undefined;
  readonly deviceToken: Extract<AuthVerdict, { ok: true }>["deviceToken"];
}

/** A refused login: the error frame, and the code of the close that follows. The close repeats the message. */
export interface Refusal {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Record<string, unknown>;
  readonly retryAfterMs?: number;
  readonly closeCode: number;
}

export interface LoginRequest {
  readonly params: ConnectParams;
  readonly request: IncomingMessage;
  readonly peer: Peer;
  /** The challenge of this connection. */
  readonly nonce: string;
}

const ORIGIN_TEXT =
  "origin not allowed (open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins)";
const INSECURE_TEXT = "control ui requires HTTPS or localhost (secure context)";

/**
 * Steps 4 to 11 of the established algorithm (protocol.md §3.3), in that order. Names that do not exist
 * (role, scope) are refused before anybody looks at credentials; what is granted comes after them.
 */
export async function login(
  { params, request, peer, nonce }: LoginRequest,
  rules: AccessRules,
  throttle: Throttle,
  hooks: Readonly<KernelHooks>,
): Promise<Login | Refusal> {
  const { client, minProtocol, maxProtocol, device, auth = {} } = params;
  if (minProtocol > PROTOCOL_VERSION || maxProtocol < PROTOCOL_VERSION) {
    const details = { expectedProtocol: PROTOCOL_VERSION, reason: "protocol_mismatch" };
    return { ...refuse("protocol mismatch", details), closeCode: 1002 };
  }
  const role = params.role ?? "operator";
  if (role !== "operator" && role !== "node") return refuse("invalid role", { reason: "invalid_role" });
  const unknown = unknownScope(params.scopes ?? []);
  if (unknown !== undefined) return refuse(`unknown scope: ${unknown}`, { reason: "unknown_scope" });
  const browser = client.id === "openclaw-control-ui" || client.id === "webchat-ui" || client.mode === "webchat";
  const fromPage = !browser || request.headers.origin !== undefined;
  if (!fromPage || !originAllowed(request, rules.allowedOrigins, rules)) {
    return refuse(ORIGIN_TEXT, { reason: "origin_not_allowed" });
  }
  const lenient = client.id === "openclaw-control-ui" && rules.controlUiWithoutDevice;
  if (!device && client.id === "openclaw-control-ui" && !lenient) {
    return refuse(INSECURE_TEXT, { reason: "secure_context_required" });
  }

  const kind = rules.auth.mode === "none" ? undefined : rules.auth.mode;
  const presented = auth.token !== undefined || auth.password !== undefined;
  if (!device && !presented && kind) {
    return refuse("device identity required", { reason: "device_required" }, "NOT_PAIRED");
  }
  const problem = device && deviceProblem(params, nonce, peer.isLocal, Date.now());
  if (problem) return refuse(problem, { reason: problem.replaceAll(" ", "_") });

  const waitMs = kind === undefined ? 0 : throttle.waitMs(peer.address, kind);
  const shared = checkShared(rules.auth, auth, waitMs);
  const scopes = scopesOf(role, params.scopes);
  const verdict = await hooks.authenticate.promise({
    params,
    role,
    scopes,
    sharedAuth: shared === true,
    deviceId: device?.id,
    isLocal: peer.isLocal,
    remoteIp: peer.isLocal ? undefined : peer.address,
    pairingWaived: lenient,
  });
  if (!verdict?.ok && kind && shared !== true) {
    const refusal = verdict
      ? refuse(verdict.message, verdict.details, verdict.code)
      : unauthorized(kind, shared, client);
    return shared === "mismatch" ? counted(refusal, kind, waitMs, peer, throttle) : refusal;
  }
  if (verdict && !verdict.ok) return refuse(verdict.message, verdict.details, verdict.code);
  if (!verdict && device && !peer.isLocal && !lenient) {
    return refuse("pairing required", { reason: "pairing_required" }, "NOT_PAIRED");
  }
  if (kind && shared === true) throttle.succeeded(peer.address, kind);
  return {
    ok: true,
    role,
    scopes: verdict?.scopes ? commonScopes(scopes, verdict.scopes) : scopes,
    deviceId: device?.id,
    deviceToken: verdict?.deviceToken,
  };
}

/** protocol.md §3.1: an operator who names no scope asks for everything. Scopes mean nothing for a node. */
function scopesOf(role: Role, requested: readonly string[] = []): readonly string[] {
  if (role === "node") return [];
  return requested.length > 0 ? requested : ["operator.admin"];
}

function unauthorized(kind: "token" | "password", failure: SharedFailure, client: ConnectParams["client"]): Refusal {
  return refuse(unauthorizedText(kind, failure, client), { code: "AUTH_FAILED", reason: `${kind}_${failure}` });
}

/** A wrong secret: counted, and answered with the time to stay away once there were too many (security.md S-07). */
function counted(
  refusal: Refusal,
  kind: "token" | "password",
  waitMs: number,
  { address }: Peer,
  throttle: Throttle,
): Refusal {
  if (waitMs > 0) {
    const message = "unauthorized: too many failed attempts; try again later";
    return { ...refuse(message, { code: "AUTH_FAILED", reason: "rate_limited" }), retryAfterMs: waitMs };
  }
  throttle.failed(address, kind);
  const retryAfterMs = throttle.waitMs(address, kind);
  return { ...refusal, ...(retryAfterMs > 0 && { retryAfterMs }) };
}

function refuse(message: string, details?: Record<string, unknown>, code: ErrorCode = "INVALID_REQUEST"): Refusal {
  return { ok: false, code, message, ...(details && { details }), closeCode: 1008 };
}
