import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import type { Job } from "../job/job.ts";
import type { JobFile, JobList } from "./job-file.ts";

export const MAX_JOBS = 1_000;

export interface BookParts {
  readonly file: Pick<JobFile, "path" | "changed" | "write">;
  readonly now: () => number;
  readonly log: Logger;
  /** Somebody has changed the file by hand: which jobs are others now. */
  readonly edited: (before: ReadonlyMap<string, Job>) => void;
}

/** The jobs in memory and on disk. One writer; changes that come during a write share the next one. */
export class JobBook {
  readonly #parts: BookParts;
  #jobs: Map<string, Job>;
  #rest: Omit<JobList, "jobs">;
  /** Changed here and not yet on disk. */
  readonly #unsaved = new Set<string>();
  /** The last thing that has to do with the file; it never rejects. */
  #last: Promise<void> = Promise.resolve();
  /** What has not begun yet and takes later callers along. */
  #saving: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  /** Why the file on disk must not be replaced. */
  #problem: string | undefined;

  constructor(parts: BookParts, list: JobList) {
    this.#parts = parts;
    this.#jobs = new Map(list.jobs);
    this.#rest = { broken: list.broken, extra: list.extra };
  }

  get path(): string {
    return this.#parts.file.path;
  }

  get size(): number {
    return this.#jobs.size;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  all(): IterableIterator<Job> {
    return this.#jobs.values();
  }

  /** In memory; `save` makes it last. */
  put(job: Job): void {
    this.#jobs.set(job.id, job);
    this.#unsaved.add(job.id);
  }

  drop(id: string): void {
    this.#jobs.delete(id);
    this.#unsaved.add(id);
  }

  /** Resolves when everything changed so far is on disk; rejects when it is in memory only. */
  save(): Promise<void> {
    this.#saving ??= this.#alone(() => {
      this.#saving = undefined;
      return this.#write();
    });
    return this.#saving;
  }

  /** Takes over what people have changed in the file. A file that cannot be read leaves everything as it runs. */
  refresh(): Promise<void> {
    this.#looking ??= this.#alone(() => {
      this.#looking = undefined;
      return this.#look();
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    await this.#last;
  }

  /** Nobody else has to do with the file meanwhile. */
  #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #look(): Promise<void> {
    try {
      const list = await this.#parts.file.changed(this.#parts.now());
      if (list) this.#adopt(list);
      this.#problem = undefined;
    } catch (error) {
      const problem = `jobs.json was changed and cannot be read (${errorText(error)}); the jobs run as before, and nothing is saved until it is mended`;
      if (problem !== this.#problem) this.#parts.log.error(problem);
      this.#problem = problem;
    }
  }

  async #write(): Promise<void> {
    const changed = [...this.#unsaved];
    try {
      const list = await this.#parts.file.changed(this.#parts.now());
      if (list) this.#adopt(list);
    } catch (error) {
      throw new GatewayError(
        "UNAVAILABLE",
        `jobs.json was changed by somebody and cannot be read; mend it first: ${errorText(error)}`,
        { cause: error },
      );
    }
    for (const id of changed) this.#unsaved.delete(id);
    try {
      await this.#parts.file.write({ jobs: this.#jobs, ...this.#rest });
    } catch (error) {
      for (const id of changed) this.#unsaved.add(id);
      throw new GatewayError("UNAVAILABLE", `jobs.json could not be written: ${errorText(error)}`, { cause: error });
    }
  }

  /** The file is right, but for what was changed here since and for how runs go. */
  #adopt({ jobs, broken, extra }: JobList): void {
    const before = this.#jobs;
    const next = new Map<string, Job>();
    for (const [id, job] of jobs) {
      const own = before.get(id);
      if (this.#unsaved.has(id)) {
        if (own) next.set(id, own);
        continue;
      }
      const isSame =
        own && own.enabled === job.enabled && JSON.stringify(own.schedule) === JSON.stringify(job.schedule);
      next.set(id, isSame ? { ...job, state: own.state } : job);
    }
    for (const id of this.#unsaved) {
      const own = before.get(id);
      if (own && !next.has(id)) next.set(id, own);
    }
    this.#jobs = next;
    this.#rest = { broken, extra };
    this.#parts.log.info(`jobs.json was changed by somebody; ${next.size} jobs`);
    this.#parts.edited(before);
  }
}
