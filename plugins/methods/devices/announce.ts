import type { DevicePairRequest, PluginGateway } from "openclaw/plugin-sdk";
import { RequestShape, ResolvedShape } from "./shape.ts";

export interface Resolved {
  readonly requestId: string;
  readonly deviceId: string;
  readonly decision: "approved" | "rejected";
  readonly ts: number;
}

/** What those who may pair devices are told (protocol.md §10). */
export interface Announcements {
  readonly requested: (request: DevicePairRequest) => void;
  readonly resolved: (resolved: Resolved) => void;
}

export function createAnnouncements(gateway: PluginGateway): Announcements {
  const options = { scope: "operator.pairing", droppable: true } as const;
  return {
    requested: gateway.event<DevicePairRequest>("device.pair.requested", { ...options, payload: RequestShape }),
    resolved: gateway.event<Resolved>("device.pair.resolved", { ...options, payload: ResolvedShape }),
  };
}
