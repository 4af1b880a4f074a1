import { AsyncParallelHook } from "tapable";
import { defineService } from "../service.ts";

/** What an agent is asked at a heartbeat, where `agents.defaults.heartbeat.prompt` says nothing else. */
export const HEARTBEAT_PROMPT =
  "Read HEARTBEAT.md if it exists and follow it strictly. Do not bring up or repeat tasks of earlier conversations. If nothing needs attention, reply HEARTBEAT_OK.";

/** Something the agent is told at the beginning of its next turn, without a turn of its own. */
export interface SystemEvent {
  readonly text: string;
  /** Epoch milliseconds. */
  readonly ts: number;
  /** What it is about, behind its source: `cron:<id>`. Events of one source give way to those of others. */
  readonly contextKey?: string;
  /** Somebody outside wrote it: the turn that is told of it has no owner's rights (security.md S-43). */
  readonly isUntrusted?: true;
}

export interface SystemEventTarget {
  /** Any spelling; by default the main session of the default agent. */
  readonly sessionKey?: string;
  readonly contextKey?: string;
  /** See {@link SystemEvent}. The text is between marks already (`wrapUntrusted`). */
  readonly isUntrusted?: boolean;
}

/** Somebody wants the agent to look at what waits for it. */
export interface WakeRequest {
  /** `now`: begin a heartbeat at once. `next-heartbeat`: the next one in turn is early enough. */
  readonly mode: "now" | "next-heartbeat";
  /** Such as `wake`, `cron:<id>`, `hook:<name>` or `exec-event`. */
  readonly reason: string;
  /** Canonical key of the session whose events are meant. */
  readonly sessionKey: string;
}

/** What became of one heartbeat: the payload of the event `heartbeat` (cron.md §6). */
export interface HeartbeatEvent {
  readonly ts: number;
  readonly status: "sent" | "ok-empty" | "ok-token" | "skipped" | "failed";
  readonly [field: string]: unknown;
}

export interface SystemEventsApi {
  /**
   * Queue a text for the next turn of a session: on disk when it resolves. False for a blank text and for a repeat of
   * the one before it. At most 20 wait per session; beyond that the oldest of the source goes that has most of them
   * (the part of `contextKey` before the first colon).
   */
  enqueue(text: string, target?: SystemEventTarget): Promise<boolean>;
  /** What waits for the next turn of a session, oldest first. */
  pending(sessionKey?: string): readonly SystemEvent[];
  /** Ask whoever runs heartbeats. Without one the events wait for the next turn. */
  wake(request: { readonly mode: WakeRequest["mode"]; readonly reason: string; readonly sessionKey?: string }): void;
  /** What `set-heartbeats` said last; true from the start. */
  heartbeatsEnabled(): boolean;
  /** Whoever runs heartbeats reports the end of each: broadcast, and the answer of `last-heartbeat` from now on. */
  heartbeatEnded(event: HeartbeatEvent): void;
}

export const SystemEvents = defineService<SystemEventsApi, ReturnType<typeof createHooks>>(
  "system-events",
  createHooks,
);

function createHooks() {
  return {
    /** A heartbeat is asked for. Whoever runs heartbeats taps this. */
    wake: new AsyncParallelHook<[WakeRequest]>(["request"], "systemEvents.wake"),
  };
}
