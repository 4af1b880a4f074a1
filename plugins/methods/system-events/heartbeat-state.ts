import { GatewayError, Type } from "openclaw/plugin-sdk";
import type { HeartbeatEvent, PluginGateway } from "openclaw/plugin-sdk";
import { HeartbeatEventShape, HeartbeatsSetShape, LastHeartbeatShape } from "./shape.ts";

/** What is known of heartbeats, whoever runs them (cron.md §6). */
export interface HeartbeatState {
  readonly enabled: () => boolean;
  readonly ended: (event: HeartbeatEvent) => void;
}

export function createHeartbeatState(gateway: PluginGateway): HeartbeatState {
  const kept = gateway.keep<{ enabled: boolean; last: HeartbeatEvent | null }>("heartbeats", () => ({
    enabled: true,
    last: null,
  }));
  const emit = gateway.event<HeartbeatEvent>("heartbeat", { droppable: true, payload: HeartbeatEventShape });

  gateway.method({
    name: "last-heartbeat",
    scope: "operator.read",
    params: Type.Object({}),
    result: LastHeartbeatShape,
    handle: () => kept.last,
  });
  gateway.method({
    name: "set-heartbeats",
    scope: "operator.admin",
    params: Type.Object({ enabled: Type.Optional(Type.Unknown()) }),
    result: HeartbeatsSetShape,
    handle({ enabled }) {
      if (typeof enabled !== "boolean")
        throw new GatewayError("INVALID_REQUEST", "invalid set-heartbeats params: enabled (boolean) required");
      kept.enabled = enabled;
      return { ok: true, enabled };
    },
  });

  return {
    enabled: () => kept.enabled,
    ended(event) {
      kept.last = event;
      emit(event);
    },
  };
}
