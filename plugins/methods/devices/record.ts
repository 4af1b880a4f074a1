import { Type } from "openclaw/plugin-sdk";
import type { DevicePairRequest, PairedDevice, Static } from "openclaw/plugin-sdk";

const Text = Type.String({ minLength: 1 });
const Ms = Type.Integer({ minimum: 0 });
const Names = Type.Array(Text);
/** What a device said of itself when it asked. */
const Profile = {
  deviceId: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  publicKey: Text,
  displayName: Type.Optional(Text),
  platform: Type.Optional(Text),
  clientId: Type.Optional(Text),
  clientMode: Type.Optional(Text),
  role: Type.Optional(Text),
  roles: Type.Optional(Names),
  scopes: Type.Optional(Names),
  remoteIp: Type.Optional(Text),
};

/** `token` is the SHA-256 of what the device holds; in files of the established product it is the token itself. */
export const TokenRecord = Type.Object({
  token: Text,
  role: Text,
  scopes: Names,
  createdAtMs: Ms,
  rotatedAtMs: Type.Optional(Ms),
  revokedAtMs: Type.Optional(Ms),
  lastUsedAtMs: Type.Optional(Ms),
});

/** One entry of `devices/paired.json` (state.md §6). Fields that are not listed are kept. */
export const DeviceRecord = Type.Object({
  ...Profile,
  createdAtMs: Ms,
  approvedAtMs: Ms,
  lastSeenAtMs: Type.Optional(Ms),
  /** Nobody was asked: the device was on this machine. */
  silent: Type.Optional(Type.Boolean()),
  tokens: Type.Record(Text, TokenRecord),
});

/** One entry of `devices/pending.json`. */
export const RequestRecord = Type.Object({
  requestId: Text,
  ...Profile,
  silent: Type.Optional(Type.Boolean()),
  isRepair: Type.Optional(Type.Boolean()),
  ts: Ms,
});

export type TokenRecord = Static<typeof TokenRecord>;
export type DeviceRecord = Static<typeof DeviceRecord>;
export type RequestRecord = Static<typeof RequestRecord>;

/** What clients are told of a device: everything but the tokens themselves (protocol.md §6). */
export function publicDevice(device: DeviceRecord): PairedDevice {
  const { tokens, silent: _, ...profile } = device;
  return {
    ...profile,
    roles: rolesOf(device),
    scopes: device.scopes ?? [],
    tokens: Object.values(tokens).map(({ token: _secret, ...summary }) => summary),
  };
}

export function publicRequest(request: RequestRecord): DevicePairRequest {
  return { ...request, scopes: request.scopes ?? [], silent: false, isRepair: request.isRepair ?? false };
}

/** Roles the device may take; older entries have only the one. */
export function rolesOf({ role, roles }: Pick<DeviceRecord, "role" | "roles">): string[] {
  return [...new Set([...(roles ?? []), ...(role === undefined ? [] : [role])])];
}

export function without<T>(list: readonly T[], taken: readonly T[]): T[] {
  return list.filter((item) => !taken.includes(item));
}
