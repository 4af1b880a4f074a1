import { errorText } from "openclaw/plugin-sdk";
import type { AgentInfo, HeartbeatEvent, Logger, WakeRequest } from "openclaw/plugin-sdk";
import type { Asked, Beat } from "./beat.ts";
import type { HeartbeatSettings } from "./settings.ts";

/** Time as the runner sees it; tests bring their own. */
export interface BeatClock {
  monotonic(): number;
  setTimeout(fn: () => void, ms: number): NodeJS.Timeout;
  clearTimeout(timer: NodeJS.Timeout): void;
}

export interface RunnerParts {
  readonly clock: BeatClock;
  readonly log: Logger;
  readonly agents: () => readonly AgentInfo[];
  readonly settingsOf: (agent: AgentInfo) => HeartbeatSettings;
  readonly agentOf: (sessionKey: string) => string;
  /** The session in which an agent's heartbeats run by its settings. */
  readonly beat: (asked: Asked) => Promise<Beat>;
  readonly ended: (event: HeartbeatEvent) => void;
  readonly now: () => number;
}

/** Requests that come together are one. */
const COALESCE_MS = 250;
const AGAIN_MS = 1_000;

interface Rhythm {
  everyMs: number;
  /** By the clock that only grows: nobody sets it. */
  dueAt: number;
}

interface Request {
  readonly agentId: string;
  readonly sessionKey?: string;
  reason: string;
}

/** When agents look around: each in its own rhythm with one timer for all, and at once when somebody wakes one. */
export class HeartbeatRunner {
  readonly #parts: RunnerParts;
  readonly #rhythms = new Map<string, Rhythm>();
  /** What was asked for and has not begun, by session. */
  readonly #asked = new Map<string, Request>();
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Follow the configuration: who beats and how often. A rhythm that stays the same keeps the time that has passed. */
  configure(): void {
    const { clock, agents, settingsOf } = this.#parts;
    const now = clock.monotonic();
    const known = new Set<string>();
    for (const agent of agents()) {
      const { everyMs } = settingsOf(agent);
      if (everyMs === 0) continue;
      known.add(agent.id);
      const rhythm = this.#rhythms.get(agent.id);
      if (rhythm?.everyMs !== everyMs) this.#rhythms.set(agent.id, { everyMs, dueAt: now + everyMs });
    }
    for (const id of Array.from(this.#rhythms.keys())) if (!known.has(id)) this.#rhythms.delete(id);
    this.#arm();
  }

  wake({ mode, reason, sessionKey }: WakeRequest): void {
    // What waits for the next one is there when it comes.
    if (mode === "now") this.#request({ agentId: this.#parts.agentOf(sessionKey), sessionKey, reason }, COALESCE_MS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const { clock } = this.#parts;
    if (this.#timer) clock.clearTimeout(this.#timer);
    if (this.#soon) clock.clearTimeout(this.#soon);
    await this.#beating?.catch(() => undefined);
  }

  #arm(): void {
    if (this.#isClosed) return;
    const { clock } = this.#parts;
    if (this.#timer) clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = Math.min(...[...this.#rhythms.values()].map(({ dueAt }) => dueAt));
    if (!Number.isFinite(next)) return;
    this.#timer = clock.setTimeout(() => this.#due(), Math.max(0, next - clock.monotonic()));
  }

  #due(): void {
    const now = this.#parts.clock.monotonic();
    for (const [agentId, rhythm] of this.#rhythms) {
      if (rhythm.dueAt > now) continue;
      rhythm.dueAt = now + rhythm.everyMs;
      this.#request({ agentId, reason: "interval" }, 0);
    }
    this.#arm();
  }

  #request(request: Request, afterMs: number): void {
    if (this.#isClosed) return;
    const key = request.sessionKey ?? `agent:${request.agentId}`;
    const before = this.#asked.get(key);
    // A reminder or the end of a command says more than that somebody looks around.
    if (before) before.reason = moreTelling(before.reason, request.reason);
    else this.#asked.set(key, request);
    this.#later(afterMs);
  }

  #later(ms: number): void {
    if (this.#isClosed) return;
    this.#soon ??= this.#parts.clock.setTimeout(() => {
      this.#soon = undefined;
      this.#beating = (this.#beating ?? Promise.resolve()).then(() => this.#beatAll());
    }, ms);
  }

  /** One after the other: each of them is a turn in the lane that the next one would wait for. */
  async #beatAll(): Promise<void> {
    const { log } = this.#parts;
    for (const [key, request] of Array.from(this.#asked)) {
      if (this.#isClosed) return;
      this.#asked.delete(key);
      try {
        await this.#beat(key, request);
      } catch (error) {
        if (!this.#isClosed) log.error(`a heartbeat of ${request.agentId} failed: ${errorText(error)}`, { err: error });
      }
    }
  }

  async #beat(key: string, request: Request): Promise<void> {
    const { agents, settingsOf, beat, ended, log, now, clock } = this.#parts;
    const agent = agents().find(({ id }) => id === request.agentId);
    if (!agent) return;
    const { reason, sessionKey } = request;
    const outcome = await beat({
      agent,
      heartbeat: settingsOf(agent),
      reason,
      ...(sessionKey !== undefined && { sessionKey }),
    });
    if ("event" in outcome) {
      const rhythm = this.#rhythms.get(agent.id);
      if (rhythm) rhythm.dueAt = clock.monotonic() + rhythm.everyMs;
      this.#arm();
      return ended(outcome.event);
    }
    if (outcome.skipped === "requests-in-flight") {
      if (!this.#asked.has(key)) this.#asked.set(key, request);
      return this.#later(AGAIN_MS);
    }
    log.debug(`heartbeat skipped reason=${outcome.skipped}`, { agentId: agent.id, wake: reason });
    if (outcome.skipped !== "disabled") ended({ ts: now(), status: "skipped", reason: outcome.skipped });
  }
}

function moreTelling(before: string, after: string): string {
  const weight = (reason: string) =>
    reason.startsWith("cron:") || reason === "exec-event" ? 2 : reason === "interval" ? 0 : 1;
  return weight(after) > weight(before) ? after : before;
}
