import { hostname, networkInterfaces, platform, release } from "node:os";
import type { Client, GatewayState, PluginGateway } from "openclaw/plugin-sdk";

const TTL_MS = 300_000;
const MAX_ENTRIES = 200;
/** Changes within this time are told together: each broadcast carries the whole list. */
const COALESCE_MS = 100;

/** protocol.md §9.1. */
interface PresenceEntry {
  readonly ts: number;
  readonly [field: string]: unknown;
}

/** Who is connected or was a moment ago, and the gateway itself. */
export function createPresence(gateway: PluginGateway, { version }: GatewayState) {
  const entries = new Map<string, PresenceEntry>();
  const emit = gateway.event<{ presence: PresenceEntry[] }>("presence", { droppable: true });
  const self = selfEntry(version);
  let pending: NodeJS.Timeout | undefined;

  const presence = {
    version: 1,
    changed: () => {},

    /** Newest first; entries that nobody refreshed are gone, the gateway's own never is. */
    list(): PresenceEntry[] {
      const now = Date.now();
      for (const [key, entry] of entries) if (now - entry.ts > TTL_MS) entries.delete(key);
      return [{ ...self, ts: now }, ...[...entries.values()].toReversed()];
    },

    connected(client: Client): void {
      if (client.connect.client.mode === "cli") return;
      put(client, "connect");
    },

    disconnected(client: Client): void {
      if (client.connect.client.mode === "cli") return;
      put(client, "disconnect");
    },

    broadcast(healthVersion: number): void {
      emit({ presence: presence.list() }, { stateVersion: { presence: presence.version, health: healthVersion } });
    },
  };

  function put(client: Client, reason: "connect" | "disconnect"): void {
    const key = keyOf(client);
    const before = entries.get(key);
    entries.delete(key);
    entries.set(key, { ...entryOf(client, before), reason, ts: Date.now() });
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_ENTRIES) break;
      entries.delete(oldest);
    }
    presence.version++;
    pending ??= gateway.setTimeout(() => {
      pending = undefined;
      presence.changed();
    }, COALESCE_MS);
  }

  return presence;
}

function keyOf({ deviceId, connId, connect }: Client): string {
  return (deviceId ?? connect.client.instanceId ?? connId).toLowerCase();
}

/** Roles and scopes add up over the connections of one client. */
function entryOf({ connect, role, scopes, deviceId, remoteIp }: Client, before: PresenceEntry | undefined): object {
  const {
    id,
    displayName,
    version,
    platform: system,
    deviceFamily,
    modelIdentifier,
    mode,
    instanceId,
  } = connect.client;
  const host = displayName ?? id;
  const merge = (field: string, added: Iterable<string>) => [
    ...new Set([...((before?.[field] as string[] | undefined) ?? []), ...added]),
  ];
  return {
    host,
    ...(remoteIp && { ip: remoteIp }),
    version,
    platform: system,
    ...(deviceFamily && { deviceFamily }),
    ...(modelIdentifier && { modelIdentifier }),
    mode,
    ...(deviceId && { deviceId }),
    roles: merge("roles", [role]),
    ...(scopes.size > 0 && { scopes: merge("scopes", scopes) }),
    ...((deviceId ?? instanceId) && { instanceId: deviceId ?? instanceId }),
    text: `Node: ${host} · mode ${mode}`,
  };
}

function selfEntry(version: string): object {
  const host = hostname();
  const ip = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
  return {
    host,
    ...(ip && { ip }),
    version,
    platform: `${platform()} ${release()}`,
    deviceFamily: platform() === "linux" ? "Linux" : platform() === "darwin" ? "Mac" : "Windows",
    modelIdentifier: process.arch,
    mode: "gateway",
    reason: "self",
    text: `Gateway: ${host}${ip ? ` (${ip})` : ""} · app ${version} · mode gateway · reason self`,
  };
}
