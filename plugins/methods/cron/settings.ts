import { join, resolve } from "node:path";
import type { PluginGateway } from "openclaw/plugin-sdk";
import { MISSED_POLICIES } from "./job/job.ts";
import { durationMs } from "./schedule/schedule.ts";
import type { MissedRules } from "./schedule/lateness.ts";
import { RUN_LOG_LIMITS } from "./store/run-log.ts";
import type { RunLogLimits } from "./store/run-log.ts";

const SLOTS = 4;
const MISSED_MAX = 10;
const LATE_MS = 3_600_000;
const RETENTION_MS = 24 * 3_600_000;
const TRUE = new Set(["1", "true", "yes", "on"]);

/** The section `cron` of the configuration, asked at use time. */
export class CronSettings {
  readonly #gateway: PluginGateway;

  constructor(gateway: PluginGateway) {
    this.#gateway = gateway;
  }

  get isEnabled(): boolean {
    if (TRUE.has((process.env["OPENCLAW_SKIP_CRON"] ?? "").toLowerCase())) return false;
    return this.#get<boolean>("enabled") !== false;
  }

  get storePath(): string {
    const { stateDir } = this.#gateway.paths;
    const given = this.#get<string>("store");
    if (given === undefined || given === "") return join(stateDir, "cron", "jobs.json");
    return given.startsWith("~/") ? join(process.env["HOME"] ?? "", given.slice(2)) : resolve(stateDir, given);
  }

  get slots(): number {
    return this.#get<number>("maxConcurrentRuns") ?? SLOTS;
  }

  get missed(): MissedRules {
    const policy = this.#get<string>("missed");
    const known = MISSED_POLICIES.find((one) => one === policy) ?? "once";
    return { policy: known, max: MISSED_MAX, maxLateMs: this.#duration("missedMaxLate", LATE_MS) };
  }

  get runLog(): RunLogLimits {
    return { ...RUN_LOG_LIMITS, ...this.#get<Partial<RunLogLimits>>("runLog") };
  }

  /** How long the sessions of single runs are kept; nothing when for ever. */
  get retentionMs(): number | undefined {
    return this.#get<unknown>("sessionRetention") === false
      ? undefined
      : this.#duration("sessionRetention", RETENTION_MS);
  }

  #duration(name: string, fallback: number): number {
    const given = this.#get<string | number>(name);
    return typeof given === "number" ? given : ((given === undefined ? undefined : durationMs(given)) ?? fallback);
  }

  #get<T>(name: string): T | undefined {
    return this.#gateway.settings.get<T>(`cron.${name}`);
  }
}
