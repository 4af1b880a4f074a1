import type { HealthReport, OutboxEntry, PluginGateway, Work } from "openclaw/plugin-sdk";
import type { Channels } from "./channels.ts";
import type { Intake } from "./intake.ts";
import type { Ongoing } from "./ongoing.ts";
import type { Outbox } from "./outbox.ts";
import type { WorkLog } from "./work.ts";

const LOOK_MS = 30_000;
/** What has not moved for so long is stuck (reliability.md R-13). `messages.stuckAfterMs` says otherwise. */
const STUCK_MS = 10 * 60_000;
const LOOKED_AT = 200;

export interface Stuck {
  readonly id: string;
  readonly direction: "in" | "out";
  readonly channel: string;
  readonly state: string;
  readonly forMs: number;
}

export interface AuditorParts {
  readonly gateway: PluginGateway;
  readonly log: WorkLog;
  readonly outbox: Outbox;
  readonly intake: Intake;
  readonly channels: Channels;
  readonly ongoing: Ongoing;
  /** Something that health tells has changed. */
  readonly changed: () => void;
}

/**
 * Looks for accepted messages that do not move. Health is told by outcome: while one is stuck, the gateway is not ready,
 * whatever its parts say of themselves.
 */
export class Auditor {
  readonly #parts: AuditorParts;
  #stuck: readonly Stuck[] = [];

  constructor(parts: AuditorParts) {
    this.#parts = parts;
    parts.gateway.setInterval(() => void this.look(), Math.min(LOOK_MS, Math.max(250, this.#limitMs() / 2)));
  }

  get stuck(): readonly Stuck[] {
    return this.#stuck;
  }

  async look(): Promise<void> {
    const { gateway, log, outbox } = this.#parts;
    const works = (await log.open(0, LOOKED_AT)).flatMap((work) => this.#stuckWork(work));
    const entries = (await outbox.entries.open(0, LOOKED_AT)).flatMap((entry) => this.#stuckEntry(entry));
    const found = [...works, ...entries];
    const known = new Set(this.#stuck.map(({ id }) => id));
    for (const { id, direction, channel, state, forMs } of found) {
      if (known.has(id)) continue;
      const minutes = Math.round(forMs / 60_000);
      gateway.log.warn(
        `${direction === "in" ? "message" : "delivery"} ${id} of ${channel} is ${state} for ${minutes} min`,
      );
    }
    const wasStuck = this.#stuck.length > 0;
    this.#stuck = found;
    if (wasStuck !== found.length > 0) this.#parts.changed();
  }

  async health(report: HealthReport): Promise<HealthReport> {
    const { outbox, intake } = this.#parts;
    const [pending, unknown, dead, expired] = await Promise.all(
      (["pending", "unknown", "dead", "expired"] as const).map((state) => outbox.entries.count(state)),
    );
    const messages = {
      inMemory: intake.counts.held,
      deferred: intake.counts.deferred,
      outbox: { pending, unknown, dead, expired },
      stuck: this.#stuck.length,
    };
    const [first] = this.#stuck;
    if (!first) return { ...report, messages };
    const issues = (report["issues"] as readonly object[] | undefined) ?? [];
    const message = `${this.#stuck.length} accepted ${this.#stuck.length === 1 ? "message does" : "messages do"} not move`;
    return {
      ...report,
      messages,
      ok: false,
      ready: false,
      issues: [...issues, { path: "messages", message: `${message}; see openclaw trace ${first.id}` }],
    };
  }

  /** A turn may take as long as its own limit; what waits behind it in its session moves when it ends. */
  #stuckWork(work: Work): Stuck[] {
    const { ongoing } = this.#parts;
    const forMs = Date.now() - work.updatedAt;
    if (forMs < this.#limitMs()) return [];
    const running = ongoing.running.get(work.id);
    const isWaiting = running === undefined || running.turnSince === undefined;
    const ahead = [...ongoing.running.values()].some(
      (one) => one.turnSince !== undefined && one.work.sessionKey === work.sessionKey && this.#isWithin(one.turnSince),
    );
    if (isWaiting ? ahead : this.#isWithin(running.turnSince ?? 0)) return [];
    const { id, envelope, state } = work;
    return [{ id, direction: "in", channel: envelope.channel, state, forMs }];
  }

  /** One that waits for its channel, or for a time that was set, is accounted for. */
  #stuckEntry(entry: OutboxEntry): Stuck[] {
    const forMs = Date.now() - (entry.updatedAt ?? entry.createdAt);
    if (forMs < this.#limitMs() || !this.#parts.channels.ready(entry.address)) return [];
    if (entry.nextAttemptAt + this.#limitMs() > Date.now()) return [];
    const { id, address, state } = entry;
    return [{ id, direction: "out", channel: address.channel, state, forMs }];
  }

  #isWithin(since: number): boolean {
    return performance.now() - since < this.#limitMs();
  }

  #limitMs(): number {
    const configured = this.#parts.gateway.settings.get<number>("messages.stuckAfterMs");
    return typeof configured === "number" && configured > 0 ? configured : STUCK_MS;
  }
}
