import { defineService } from "../service.ts";

/** A token of a device, without the token itself (protocol.md §6). */
export interface DeviceTokenSummary {
  readonly role: string;
  readonly scopes: readonly string[];
  readonly createdAtMs: number;
  readonly rotatedAtMs?: number;
  readonly revokedAtMs?: number;
  readonly lastUsedAtMs?: number;
}

export interface PairedDevice {
  readonly deviceId: string;
  readonly publicKey: string;
  readonly displayName?: string;
  readonly platform?: string;
  readonly clientId?: string;
  readonly clientMode?: string;
  /** The role it came with last. */
  readonly role?: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly remoteIp?: string;
  readonly createdAtMs: number;
  readonly approvedAtMs: number;
  readonly lastSeenAtMs?: number;
  readonly tokens: readonly DeviceTokenSummary[];
}

/** A device that waits for somebody to let it in. */
export interface DevicePairRequest {
  readonly requestId: string;
  readonly deviceId: string;
  readonly publicKey: string;
  readonly displayName?: string;
  readonly platform?: string;
  readonly clientId?: string;
  readonly clientMode?: string;
  readonly role?: string;
  readonly roles?: readonly string[];
  readonly scopes: readonly string[];
  readonly remoteIp?: string;
  readonly silent: boolean;
  /** The device is paired already and asks for more. */
  readonly isRepair: boolean;
  readonly ts: number;
}

/** Devices that may log in. Provided by the plugin `devices`. */
export interface DevicesApi {
  /** Newest approval first. */
  paired(): readonly PairedDevice[];
  get(deviceId: string): PairedDevice | undefined;
}

export const Devices = defineService<DevicesApi>("devices");
