import { GatewayError, rawPublicKey } from "openclaw/plugin-sdk";
import type { AuthVerdict, ConnectAttempt, Logger } from "openclaw/plugin-sdk";
import type { Announcements } from "./announce.ts";
import type { Profile } from "./pending.ts";
import { publicRequest } from "./record.ts";
import type { Issued, Registry } from "./registry.ts";

export interface AuthenticateParts {
  readonly registry: Registry;
  readonly announce: Announcements;
  readonly log: Logger;
  /** Called with the proof of every device that is let in, and the token it now holds. */
  readonly admitted: (proof: object, issued: Issued) => void;
}

/**
 * Who may log in with a device (protocol.md §3.5, §6). Without the gateway's own secret a device token decides;
 * with it, the device must be paired for its role and scopes. The kernel has verified the signature.
 */
export function createAuthenticate({ registry, announce, log, admitted }: AuthenticateParts) {
  return (attempt: ConnectAttempt): AuthVerdict | undefined => {
    const { deviceId, params, role, scopes } = attempt;
    if (deviceId === undefined || !params.device) return undefined;
    const now = Date.now();
    const profile = profileOf(attempt, deviceId);
    const welcome = (issued: Issued): AuthVerdict => {
      registry.seen(profile, now);
      admitted(params.device as object, issued);
      const { token: deviceToken, scopes: held, issuedAtMs } = issued;
      return { ok: true, deviceToken: { deviceToken, role, scopes: held, issuedAtMs } };
    };

    if (!attempt.sharedAuth) {
      const { token } = params.auth ?? {};
      const issued = token ? registry.admit(profile, token, now) : undefined;
      // Without a verdict the kernel says what is wrong with the secret.
      return issued && welcome(issued);
    }
    const gap = registry.gap(profile);
    if (!gap) return welcome(registry.issue(deviceId, role, scopes, now));
    if (attempt.pairingWaived) return undefined;
    if (!attempt.isLocal) {
      const { request, isNew } = registry.ask(profile, now);
      if (isNew) announce.requested(publicRequest(request));
      return pairingRequired({ requestId: request.requestId, reason: "pairing_required", cause: gap });
    }
    try {
      const requestId = registry.pairSilently(profile, now);
      log.info(`device ${deviceId.slice(0, 12)} on this machine paired as ${role} (${gap})`);
      announce.resolved({ requestId, deviceId, decision: "approved", ts: now });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return pairingRequired({ reason: "too_many_devices" });
    }
    return welcome(registry.issue(deviceId, role, scopes, now));
  };
}

function pairingRequired(details: Record<string, unknown>): AuthVerdict {
  return { ok: false, code: "NOT_PAIRED", message: "pairing required", details };
}

function profileOf({ params, role, scopes, remoteIp }: ConnectAttempt, deviceId: string): Profile {
  const { id, mode, platform, displayName } = params.client;
  // One spelling of a key that may also come as PEM.
  const publicKey = rawPublicKey(params.device?.publicKey ?? "")?.toString("base64url") ?? "";
  return {
    deviceId,
    publicKey,
    ...(displayName !== undefined && { displayName }),
    platform,
    clientId: id,
    clientMode: mode,
    role,
    roles: [role],
    scopes: [...scopes],
    ...(remoteIp !== undefined && { remoteIp }),
  };
}
