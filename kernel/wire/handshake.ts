import type { IncomingMessage } from "node:http";
import { PROTOCOL_VERSION } from "openclaw/plugin-sdk";
import type { AuthVerdict, ConnectParams, ErrorCode, KernelHooks, Role } from "openclaw/plugin-sdk";
import { unknownScope } from "../auth/access.ts";
import { deviceProblem } from "../auth/device.ts";
import { originAllowed } from "../auth/peer.ts";
import type { Peer } from "../auth/peer.ts";
import { checkShared, unauthorizedText } from "../auth/shared.ts";
import type { SharedAuth, SharedFailure } from "../auth/shared.ts";
import type { Throttle } from "../auth/throttle.ts";

/** What the handshake reads of the configuration, asked anew for every connection. */
export interface AccessRules {
  readonly auth: SharedAuth;
  readonly port: number;
  readonly allowedOrigins: readonly string[];
  readonly hostNames: readonly string[];
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

/** Steps 4 to 11 of the established algorithm (protocol.md §3.3), in that order. */
export async function login(
  { params, request, peer, nonce }: LoginRequest,
  rules: AccessRules,
  throttle: Throttle,
  hooks: Readonly<KernelHooks>,
): Promise<Login | Refusal> {
  const { client, minProtocol, maxProtocol, device, auth = {} } = params;
  if (minProtocol > PROTOCOL_VERSION || maxProtocol < PROTOCOL_VERSION) {
    return { ...refuse("protocol mismatch", { expectedProtocol: PROTOCOL_VERSION }), closeCode: 1002 };
  }
  const role = params.role ?? "operator";
  if (role !== "operator" && role !== "node") return refuse("invalid role");
  const requested = params.scopes ?? [];
  const unknown = role === "operator" ? unknownScope(requested) : undefined;
  if (unknown !== undefined) return refuse(`unknown scope: ${unknown}`);
  if (!originAllowed(request, rules.allowedOrigins, rules.port)) return refuse(ORIGIN_TEXT);
  const browser = client.id === "openclaw-control-ui" || client.id === "webchat-ui" || client.mode === "webchat";
  if (browser && request.headers.origin === undefined) return refuse(ORIGIN_TEXT);
  if (!device && client.id === "openclaw-control-ui" && !rules.controlUiWithoutDevice) return refuse(INSECURE_TEXT);

  const kind = rules.auth.mode === "none" ? undefined : rules.auth.mode;
  const presented = auth.token !== undefined || auth.password !== undefined;
  if (!device && !presented && kind) return refuse("device identity required", undefined, "NOT_PAIRED");
  const problem = device && deviceProblem(params, nonce, peer.isLocal, Date.now());
  if (problem) return refuse(problem);

  const waitMs = kind === undefined ? 0 : throttle.waitMs(peer.address, kind);
  // A password can be guessed, so it is not even looked at while the address has to wait. A token cannot,
  // and refusing the right one would let any local process lock the owner out.
  const shared = kind === "password" && waitMs > 0 ? "mismatch" : checkShared(rules.auth, auth);
  const scopes = role === "operator" && requested.length === 0 ? ["operator.admin"] : requested;
  const verdict = await hooks.authenticate.promise({
    params,
    role,
    scopes,
    sharedAuth: shared === true,
    deviceId: device?.id,
    isLocal: peer.isLocal,
    remoteIp: peer.isLocal ? undefined : peer.address,
  });
  if (verdict && !verdict.ok) return refuse(verdict.message, verdict.details, verdict.code);
  if (!verdict && shared !== true) return failed(kind, shared, waitMs, peer, client, throttle);
  if (!verdict && device && !peer.isLocal) return refuse("pairing required", undefined, "NOT_PAIRED");
  if (kind && shared === true) throttle.succeeded(peer.address, kind);
  return { ok: true, role, scopes: verdict?.scopes ?? scopes, deviceId: device?.id, deviceToken: verdict?.deviceToken };
}

function failed(
  kind: "token" | "password" | undefined,
  failure: SharedFailure,
  waitMs: number,
  peer: Peer,
  client: ConnectParams["client"],
  throttle: Throttle,
): Refusal {
  const mode = kind ?? "token";
  const details = { code: "AUTH_FAILED", reason: `${mode}_${failure}` };
  if (waitMs > 0) {
    const message = "unauthorized: too many failed attempts; try again later";
    return { ...refuse(message, { ...details, reason: "rate_limited" }), retryAfterMs: waitMs };
  }
  if (failure === "mismatch") throttle.failed(peer.address, mode);
  const retryAfterMs = throttle.waitMs(peer.address, mode);
  return { ...refuse(unauthorizedText(mode, failure, client), details), ...(retryAfterMs > 0 && { retryAfterMs }) };
}

function refuse(message: string, details?: Record<string, unknown>, code: ErrorCode = "INVALID_REQUEST"): Refusal {
  return { ok: false, code, message, ...(details && { details }), closeCode: 1008 };
}
