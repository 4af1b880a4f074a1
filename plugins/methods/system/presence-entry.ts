import { hostname, networkInterfaces, platform, release } from "node:os";
import type { Client } from "openclaw/plugin-sdk";

/** protocol.md §9.1. */
export interface PresenceEntry {
  readonly host?: string;
  readonly ip?: string;
  readonly version?: string;
  readonly platform?: string;
  readonly deviceFamily?: string;
  readonly modelIdentifier?: string;
  readonly mode?: string;
  readonly lastInputSeconds?: number;
  readonly reason?: string;
  readonly tags?: readonly string[];
  readonly text?: string;
  readonly ts: number;
  readonly deviceId?: string;
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  readonly instanceId?: string;
}

/** What is said of an entry at one time; the rest of it stays as it was. */
export type PresenceFacts = Omit<PresenceEntry, "ts">;

/** A client is one entry, also over several connections and beside what it tells of itself. */
export function keyOfClient({ deviceId, connId, connect }: Client): string {
  return deviceId ?? connect.client.instanceId ?? connId;
}

export function factsOfClient(
  { connect, role, scopes, deviceId, remoteIp }: Client,
  reason: "connect" | "disconnect",
): PresenceFacts {
  const { id, displayName, version, deviceFamily, modelIdentifier, mode } = connect.client;
  const host = displayName ?? id;
  const instanceId = deviceId ?? connect.client.instanceId;
  return {
    host,
    ...(remoteIp && { ip: remoteIp }),
    version,
    platform: connect.client.platform,
    ...(deviceFamily && { deviceFamily }),
    ...(modelIdentifier && { modelIdentifier }),
    mode,
    ...(deviceId && { deviceId }),
    roles: [role],
    ...(scopes.size > 0 && { scopes: [...scopes] }),
    ...(instanceId && { instanceId }),
    reason,
    text: `Node: ${host} · mode ${mode}`,
  };
}

/** The gateway's own entry. */
export function selfFacts(version: string): PresenceFacts {
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
