import type { DevicePairRequest, DeviceTokenSummary, PairedDevice } from "openclaw/plugin-sdk";

type Row = Readonly<Record<string, string>>;

const SHOWN = 12;

export function pendingRow(request: DevicePairRequest, now: number): Row {
  const { requestId, role = "", scopes, remoteIp, isRepair, ts } = request;
  return {
    request: requestId,
    device: nameOf(request),
    role,
    scopes: shortScopes(scopes),
    from: remoteIp ?? "this machine",
    age: ageOf(now - ts),
    note: isRepair ? "asks for more" : "",
  };
}

export function pairedRow(device: PairedDevice, now: number): Row {
  const { deviceId, roles, scopes, lastSeenAtMs, approvedAtMs, tokens } = device;
  return {
    // Commands take the beginning of an id; all of it is in the JSON.
    device: deviceId.slice(0, SHOWN),
    name: nameOf(device),
    roles: roles.join(", "),
    scopes: shortScopes(scopes),
    tokens: tokens.map(tokenText).join(", "),
    seen: ageOf(now - (lastSeenAtMs ?? approvedAtMs)),
  };
}

function tokenText({ role, revokedAtMs }: DeviceTokenSummary): string {
  return revokedAtMs === undefined ? role : `${role} (revoked)`;
}

function nameOf({ displayName, clientId, platform }: PairedDevice | DevicePairRequest): string {
  return [displayName ?? clientId ?? "device", platform].filter(Boolean).join(", ");
}

function shortScopes(scopes: readonly string[]): string {
  return scopes.map((scope) => scope.replace(/^operator\./, "")).join(", ");
}

function ageOf(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} d`;
}
