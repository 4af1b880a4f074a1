import { closed, Gateway, GatewayError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { Call, PluginGateway } from "openclaw/plugin-sdk";
import type { Announcements } from "./announce.ts";
import { publicDevice, publicRequest } from "./record.ts";
import type { RequestRecord } from "./record.ts";
import type { Registry } from "./registry.ts";
import { requireGrantable, requireWithin } from "./scope-check.ts";
import { ApprovedShape, DeviceListShape, RejectedShape, RevokedShape, RotatedShape } from "./shape.ts";

const Name = Type.String({ minLength: 1, maxLength: 256 });
const ByRequest = closed({ requestId: Name });
const ByToken = closed({ deviceId: Name, role: Name });
const Rotation = closed({
  deviceId: Name,
  role: Name,
  scopes: Type.Optional(Type.Array(NonEmptyString, { maxItems: 64 })),
});

/** `device.pair.*` and `device.token.*` (protocol.md §6, §9.9). An answer means that the files say the same. */
export function registerMethods(gateway: PluginGateway, registry: Registry, announce: Announcements): void {
  const clients = gateway.use(Gateway);
  const scope = "operator.pairing";

  gateway.method({
    name: "device.pair.list",
    scope,
    effect: "read",
    params: closed({}),
    result: DeviceListShape,
    handle: () => ({
      pending: registry.pending.list(Date.now()).map(publicRequest),
      paired: registry.list().map(publicDevice),
    }),
  });
  gateway.method({
    name: "device.pair.approve",
    scope,
    params: ByRequest,
    result: ApprovedShape,
    async handle({ requestId }, { client }) {
      const request = find(requestId);
      requireGrantable(client, request.scopes ?? []);
      const device = registry.approve(request, Date.now());
      tell(request, "approved", client);
      await registry.save();
      return { requestId, device: publicDevice(device) };
    },
  });
  gateway.method({
    name: "device.pair.reject",
    scope,
    params: ByRequest,
    result: RejectedShape,
    async handle({ requestId }, { client }) {
      const request = find(requestId);
      registry.reject(request);
      tell(request, "rejected", client);
      await registry.save();
      return { requestId, deviceId: request.deviceId };
    },
  });
  gateway.method({
    name: "device.token.rotate",
    scope,
    params: Rotation,
    result: RotatedShape,
    async handle({ deviceId, role, scopes }, { client }) {
      const device = registry.get(deviceId);
      const wanted = scopes ?? device?.tokens[role]?.scopes ?? [];
      requireWithin(wanted, role === "operator" ? (device?.scopes ?? []) : []);
      requireGrantable(client, wanted);
      const { token, scopes: given, issuedAtMs } = registry.rotate(deviceId, role, wanted, Date.now());
      await settle(deviceId, role, "rotated", client);
      return { deviceId, role, token, scopes: given, rotatedAtMs: issuedAtMs };
    },
  });
  gateway.method({
    name: "device.token.revoke",
    scope,
    params: ByToken,
    result: RevokedShape,
    async handle({ deviceId, role }, { client }) {
      const revokedAtMs = Date.now();
      registry.revoke(deviceId, role, revokedAtMs);
      await settle(deviceId, role, "revoked", client);
      return { deviceId, role, revokedAtMs };
    },
  });

  function find(requestId: string): RequestRecord {
    const request = registry.pending.get(requestId, Date.now());
    if (request) return request;
    throw new GatewayError("INVALID_REQUEST", "unknown requestId", { details: { code: "NOT_FOUND" } });
  }

  function tell({ requestId, deviceId }: RequestRecord, decision: "approved" | "rejected", by: Call["client"]): void {
    gateway.log.info(`device ${deviceId.slice(0, 12)} ${decision} by ${nameOf(by)}`);
    announce.resolved({ requestId, deviceId, decision, ts: Date.now() });
  }

  /** Whoever is in with the old token is out at once (security.md S-14); the caller gets its answer first. */
  async function settle(deviceId: string, role: string, what: string, caller: Call["client"]): Promise<void> {
    gateway.log.info(`token of device ${deviceId.slice(0, 12)} for role ${role} ${what} by ${nameOf(caller)}`);
    const close = (connId: string) => clients.disconnect(connId, 1008, `device token ${what}`);
    const own = clients.clients().filter((client) => client.deviceId === deviceId && client.role === role);
    for (const { connId } of own) if (connId !== caller.connId) close(connId);
    await registry.save();
    if (own.some(({ connId }) => connId === caller.connId)) gateway.setTimeout(() => close(caller.connId), 0);
  }
}

function nameOf({ connect, deviceId, connId }: Call["client"]): string {
  return `${connect.client.id} (${deviceId?.slice(0, 12) ?? connId})`;
}
