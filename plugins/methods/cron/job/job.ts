import type { CronAuthor } from "openclaw/plugin-sdk";
import type { Schedule } from "../schedule/schedule.ts";

/** What a job does (cron.md §1.3). */
export type Payload =
  | { readonly kind: "systemEvent"; readonly text: string }
  | {
      readonly kind: "agentTurn";
      readonly message: string;
      readonly model?: string;
      readonly thinking?: string;
      readonly timeoutSeconds?: number;
      readonly allowUnsafeExternalContent?: boolean;
    }
  | {
      readonly kind: "message";
      readonly text: string;
      readonly channel?: string;
      readonly to?: string;
      readonly accountId?: string;
      readonly media?: string;
    }
  | {
      readonly kind: "webhook";
      readonly url: string;
      readonly method?: WebhookMethod;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly timeoutMs?: number;
      readonly secret?: string;
    };

export const WEBHOOK_METHODS = ["POST", "GET", "HEAD", "PUT", "PATCH", "DELETE"] as const;
export type WebhookMethod = (typeof WEBHOOK_METHODS)[number];

export interface Delivery {
  readonly mode: "none" | "announce";
  /** `last`, or nothing: where the agent's main session was spoken to last. */
  readonly channel?: string;
  readonly to?: string;
  readonly accountId?: string;
  /** Where this session was spoken to last, instead of the main one. */
  readonly sessionKey?: string;
  readonly bestEffort?: boolean;
}

export type MissedPolicy = "skip" | "once" | "all";
export const MISSED_POLICIES = ["skip", "once", "all"] as const;
export type RunStatus = "ok" | "error" | "skipped";

/** Written by the scheduler alone. */
export interface JobState {
  readonly nextRunAtMs?: number;
  readonly runningAtMs?: number;
  readonly lastRunAtMs?: number;
  readonly lastStatus?: RunStatus;
  readonly lastError?: string;
  readonly lastDurationMs?: number;
  readonly consecutiveErrors?: number;
  /** Of a job that runs once: how often it was begun. */
  readonly attempts?: number;
  /** The time that was run last: none is run twice, whatever the clock does. */
  readonly lastDueMs?: number;
  /** The accepted message whose turn is this run; whoever comes after a crash follows it to its end. */
  readonly workId?: string;
}

/** A job in the one form that everything but its file works with. */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly agentId?: string;
  readonly enabled: boolean;
  readonly deleteAfterRun?: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly schedule: Schedule;
  readonly sessionTarget: string;
  readonly wakeMode: "now" | "next-heartbeat";
  readonly payload: Payload;
  readonly delivery?: Delivery;
  readonly missed?: MissedPolicy;
  readonly missedMax?: number;
  readonly author?: CronAuthor;
  /** What a repeated `cron.add` is known by. */
  readonly idempotencyKey?: string;
  readonly state: JobState;
  /** The spelling it was created in and is saved in. */
  readonly format: "product" | "seed";
  /** Fields of its record that nobody here knows. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Ids are names of files too (security.md S-28). */
export function isJobId(id: unknown): id is string {
  return typeof id === "string" && /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(id) && !id.includes("..");
}

/** The job with another state; the rest is the same object's. */
export function withState(job: Job, state: JobState): Job {
  return { ...job, state };
}
