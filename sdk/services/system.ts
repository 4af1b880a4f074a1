import { AsyncSeriesWaterfallHook } from "tapable";
import { defineService } from "../service.ts";

/** The `health` payload (protocol.md §9.1). Plugins add their part to it. */
export interface HealthReport {
  readonly ok: boolean;
  readonly ts: number;
  readonly durationMs: number;
  readonly channels: Readonly<Record<string, object>>;
  readonly channelOrder: readonly string[];
  readonly channelLabels: Readonly<Record<string, string>>;
  readonly heartbeatSeconds: number;
  readonly defaultAgentId: string;
  readonly agents: readonly object[];
  readonly sessions: { readonly path: string; readonly count: number; readonly recent: readonly object[] };
  readonly [field: string]: unknown;
}

/** The `status` payload. */
export type StatusReport = Readonly<Record<string, unknown>>;

export interface HealthRequest {
  /** Ask the outside world too, instead of telling what is known. */
  readonly probe: boolean;
}

export interface SystemApi {
  /** The last report, fresh when `probe` is set or the last one is old. */
  health(request: HealthRequest): Promise<HealthReport>;
  /** Something that the report tells has changed: make and broadcast a new one soon. */
  healthChanged(): void;
}

export const System = defineService<SystemApi, ReturnType<typeof createHooks>>("system", createHooks);

function createHooks() {
  return {
    /** Each plugin adds what it knows of its own health. `ok: false` from anybody stays false. */
    health: new AsyncSeriesWaterfallHook<[HealthReport, HealthRequest]>(["report", "request"], "system.health"),
    /** Each plugin adds its part of `status`. */
    status: new AsyncSeriesWaterfallHook<[StatusReport]>(["report"], "system.status"),
  };
}
