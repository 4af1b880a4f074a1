import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Ms = Type.Integer();
const Names = Type.Array(Text);

/** What a device says of itself (protocol.md §6). */
const Profile = {
  deviceId: Text,
  publicKey: Text,
  displayName: Type.Optional(Text),
  platform: Type.Optional(Text),
  clientId: Type.Optional(Text),
  clientMode: Type.Optional(Text),
  role: Type.Optional(Text),
  roles: Type.Optional(Names),
  scopes: Names,
  remoteIp: Type.Optional(Text),
};

export const RequestShape = Type.Object({
  requestId: Text,
  ...Profile,
  silent: Type.Boolean(),
  isRepair: Type.Boolean(),
  ts: Ms,
});

/** Never with the tokens themselves. */
export const DeviceShape = Type.Object({
  ...Profile,
  roles: Names,
  createdAtMs: Ms,
  approvedAtMs: Ms,
  lastSeenAtMs: Type.Optional(Ms),
  tokens: Type.Array(
    Type.Object({
      role: Text,
      scopes: Names,
      createdAtMs: Ms,
      rotatedAtMs: Type.Optional(Ms),
      revokedAtMs: Type.Optional(Ms),
      lastUsedAtMs: Type.Optional(Ms),
    }),
  ),
});

export const DeviceListShape = Type.Object({ pending: Type.Array(RequestShape), paired: Type.Array(DeviceShape) });
export const ApprovedShape = Type.Object({ requestId: Text, device: DeviceShape });
export const RejectedShape = Type.Object({ requestId: Text, deviceId: Text });
export const RotatedShape = Type.Object({ deviceId: Text, role: Text, token: Text, scopes: Names, rotatedAtMs: Ms });
export const RevokedShape = Type.Object({ deviceId: Text, role: Text, revokedAtMs: Ms });
export const ResolvedShape = Type.Object({ requestId: Text, deviceId: Text, decision: Text, ts: Ms });
