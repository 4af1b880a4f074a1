import { defineService } from "../service.ts";

/** A job as `cron.list` tells it (cron.md §1). */
export interface CronJob {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly [field: string]: unknown;
}

/** Who asks for a job. It may do later what its author may now, and no more. */
export interface CronAuthor {
  readonly agentId: string;
  readonly sessionKey: string;
  /** Nobody but owners had a say. */
  readonly isOwner: boolean;
}

/** Jobs that run at their time. Wrong jobs and unknown ids are refused with `INVALID_REQUEST`. */
export interface CronApi {
  status(): Promise<object>;
  /** With an author only what that one may know of and change: of whoever is no owner, what it planned itself. */
  list(options?: { readonly includeDisabled?: boolean; readonly author?: CronAuthor }): Promise<readonly CronJob[]>;
  /** A job in either spelling. */
  add(job: Readonly<Record<string, unknown>>, author?: CronAuthor): Promise<CronJob>;
  update(id: string, patch: Readonly<Record<string, unknown>>, author?: CronAuthor): Promise<CronJob>;
  remove(id: string): Promise<{ readonly removed: boolean }>;
  /** Now: if it is due, or whether or not it is. */
  run(id: string, mode: "due" | "force"): Promise<object>;
  /** What became of its last runs, newest first. */
  runs(id: string, limit?: number): Promise<readonly object[]>;
}

export const Cron = defineService<CronApi>("cron");
