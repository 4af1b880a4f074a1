import { AsyncParallelHook, AsyncSeriesWaterfallHook } from "tapable";
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

/** Why the gateway restarted, for the session that caused it; the payload of `restart-sentinel.json` (state.md §9). */
export interface RestartNote {
  readonly kind: "config-apply" | "config-patch" | "update" | "restart";
  readonly status: "ok" | "error" | "skipped";
  readonly ts: number;
  /** The session to tell afterwards; by default the main one. */
  readonly sessionKey?: string;
  readonly message: string | null;
  readonly doctorHint: string;
  readonly stats: Readonly<Record<string, unknown>>;
}

export interface RestartRequest {
  readonly kind: RestartNote["kind"];
  /** Such as `config.patch`. */
  readonly reason: string;
  /** Default 2 000, at most 60 000. */
  readonly delayMs?: number;
  readonly sessionKey?: string;
  /** Told to the session after the restart. */
  readonly message?: string;
  readonly stats: Readonly<Record<string, unknown>>;
}

/** What callers of `config.patch`, `config.apply` and `update.run` are told (protocol.md §9.5). */
export interface ScheduledRestart {
  readonly restart: {
    readonly ok: true;
    readonly pid: number;
    readonly signal: "SIGUSR1";
    readonly delayMs: number;
    readonly reason: string;
    readonly mode: "emit";
  };
  readonly sentinel: { readonly path: string; readonly payload: RestartNote };
}

export interface SystemApi {
  /** The last report, fresh when `probe` is set or the last one is old. */
  health(request: HealthRequest): Promise<HealthReport>;
  /** Something that the report tells has changed: make and broadcast a new one soon. */
  healthChanged(): void;
  /** Leave a note on disk for the next start and restart in this process. Several requests make one restart. */
  restart(request: RestartRequest): Promise<ScheduledRestart>;
}

export const System = defineService<SystemApi, ReturnType<typeof createHooks>>("system", createHooks);

function createHooks() {
  return {
    /** Each plugin adds what it knows of its own health. `ok: false` from anybody stays false. */
    health: new AsyncSeriesWaterfallHook<[HealthReport, HealthRequest]>(["report", "request"], "system.health"),
    /** The gateway is up again after a restart that left a note. */
    restarted: new AsyncParallelHook<[RestartNote]>(["note"], "system.restarted"),
    /** Each plugin adds its part of `status`. */
    status: new AsyncSeriesWaterfallHook<[StatusReport]>(["report"], "system.status"),
  };
}
