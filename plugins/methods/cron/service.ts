import { dirname, join } from "node:path";
import { Agents, errorText, GatewayError, Messaging, Sessions, SystemEvents } from "openclaw/plugin-sdk";
import type { CronApi, CronAuthor, CronJob, PluginGateway } from "openclaw/plugin-sdk";
import type { Clock } from "./clock.ts";
import { changedJob, mayManage, newJob } from "./job/change.ts";
import type { ChangeParts } from "./job/change.ts";
import { isFields } from "./job/fields.ts";
import type { Fields } from "./job/fields.ts";
import { isJobId } from "./job/job.ts";
import type { Job } from "./job/job.ts";
import { viewOf } from "./job/view.ts";
import { execute, resume } from "./run/execute.ts";
import type { RunParts } from "./run/parts.ts";
import { SaidByRun } from "./run/said-by-run.ts";
import { loadCalendar, PLAIN_CALENDAR } from "./schedule/calendar.ts";
import type { Calendar } from "./schedule/calendar.ts";
import { Scheduler } from "./scheduler.ts";
import { CronSettings } from "./settings.ts";
import { JobBook, MAX_JOBS } from "./store/job-book.ts";
import { EMPTY_LIST, JobFile } from "./store/job-file.ts";
import { RunLogs } from "./store/run-log.ts";
import type { CronRunLogEntry } from "./store/run-log.ts";

export interface ServiceParts {
  readonly gateway: PluginGateway;
  readonly clock: Clock;
  readonly tell: (event: object) => void;
  /** What people have to know has changed. */
  readonly issuesChanged: () => void;
}

/** What was amiss with the file when it was read. */
interface Found {
  readonly issue?: string;
  readonly problem?: string;
}

const SWEEP_EVERY_MS = 24 * 3_600_000;
const KEPT_RUNS = 200;

/** The jobs of a gateway: everything that `cron.*`, the tool and the scheduler do with them. */
export class CronService implements CronApi {
  readonly #parts: ServiceParts;
  readonly #settings: CronSettings;
  readonly #run: RunParts;
  readonly book: JobBook;
  readonly #logs: RunLogs;
  readonly #scheduler: Scheduler;
  /** Of the file as it was found; nothing can be changed while there is a problem. */
  readonly #found: Found;
  #calendar: Promise<Calendar> | undefined;
  #wasEnabled: boolean;

  private constructor(parts: ServiceParts, settings: CronSettings, found: Found, book: JobBook) {
    const { gateway, clock, tell } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#found = found;
    this.book = book;
    this.#wasEnabled = settings.isEnabled;
    this.#logs = new RunLogs(join(dirname(book.path), "runs"));
    this.#run = {
      gateway,
      messaging: gateway.use(Messaging),
      sessions: gateway.use(Sessions),
      agents: gateway.use(Agents),
      events: gateway.use(SystemEvents),
      said: new SaidByRun(),
      now: () => clock.now(),
    };
    this.#scheduler = new Scheduler({
      book,
      clock,
      log: gateway.log,
      calendar: (jobs) => this.#calendarFor(jobs),
      execute: (job, run) => execute(job, run, this.#run),
      resume: (job, run) => resume(job, run, this.#run),
      record: (entry) => this.#record(entry),
      tell,
      isEnabled: () => this.#found.problem === undefined && settings.isEnabled,
      slots: () => settings.slots,
      missed: () => settings.missed,
    });
  }

  /** Reads the jobs. A file that cannot be read leaves a service that says so and touches nothing. */
  static async open(parts: ServiceParts): Promise<CronService> {
    const { gateway, clock } = parts;
    const settings = new CronSettings(gateway);
    const file = new JobFile(settings.storePath, gateway.log);
    const now = () => clock.now();
    const edited = () => {
      if (service) service.#edited();
    };
    let service: CronService | undefined;
    try {
      const { list, issue } = await file.open(now());
      const book = new JobBook({ file, now, log: gateway.log, edited }, list);
      if (issue !== undefined) gateway.log.error(issue);
      service = new CronService(parts, settings, issue === undefined ? {} : { issue }, book);
    } catch (error) {
      const problem = `cron is off: ${(error as Error).message}`;
      gateway.log.error(problem, { err: error });
      const book = new JobBook({ file, now, log: gateway.log, edited }, EMPTY_LIST);
      service = new CronService(parts, settings, { problem }, book);
    }
    parts.issuesChanged();
    return service;
  }

  get path(): string {
    return this.book.path;
  }

  /** What people have to know: of the file, and of jobs that cannot run. */
  get issues(): readonly string[] {
    return [this.#found.problem, this.#found.issue, this.book.problem].filter((one) => one !== undefined);
  }

  async start(): Promise<void> {
    if (this.#found.problem !== undefined) return;
    await this.#scheduler.start();
    const sweep = () => void this.#logs.sweep((id) => this.book.get(id) !== undefined, this.#parts.clock.now());
    sweep();
    this.#parts.gateway.setInterval(sweep, SWEEP_EVERY_MS).unref();
  }

  /** The configuration is another one. */
  async configured(): Promise<void> {
    const { isEnabled } = this.#settings;
    const wasEnabled = this.#wasEnabled;
    this.#wasEnabled = isEnabled;
    if (wasEnabled && !isEnabled) await this.#scheduler.stopAll("cron is switched off");
    else await this.#scheduler.tick();
  }

  /** Nothing begins any more. What runs is followed by whoever comes next, unless jobs are not wanted at all. */
  async close(isUnwanted: boolean): Promise<void> {
    if (isUnwanted) await this.#scheduler.stopAll("cron is switched off");
    await this.#scheduler.close();
    await this.book.close();
    await this.#logs.close();
  }

  /** A delivery has come to its end. */
  delivered(entry: Parameters<SaidByRun["delivered"]>[0]): void {
    this.#run.said.delivered(entry);
  }

  async status(): Promise<object> {
    return {
      enabled: this.#found.problem === undefined && this.#settings.isEnabled,
      storePath: this.book.path,
      jobs: this.book.size,
      nextWakeAtMs: this.#scheduler.nextWakeAtMs,
    };
  }

  async list({
    includeDisabled = false,
    author,
  }: { readonly includeDisabled?: boolean; readonly author?: CronAuthor } = {}): Promise<readonly CronJob[]> {
    await this.#refresh();
    const next = ({ state }: Job) => state.nextRunAtMs ?? 0;
    return [...this.book.all()]
      .filter(({ enabled }) => enabled || includeDisabled)
      .filter((job) => mayManage(job, author))
      .toSorted((a, b) => next(a) - next(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      .map(viewOf);
  }

  async add(given: Fields, author?: CronAuthor): Promise<CronJob> {
    await this.#writable();
    const known = this.#known(given);
    if (known) return viewOf(known);
    if (this.book.size >= MAX_JOBS)
      throw invalid(`there are ${MAX_JOBS} jobs already, which is the most; remove some first`);
    const job = newJob(given, author, await this.#changeParts());
    if (this.book.get(job.id)) throw invalid(`there is a job ${job.id} already; see cron.update`);
    this.book.put(job);
    try {
      await this.book.save();
    } catch (error) {
      this.book.drop(job.id);
      throw error;
    }
    this.#scheduler.arm(job.state.nextRunAtMs ?? Number.POSITIVE_INFINITY);
    this.#tell(job, "added");
    return viewOf(job);
  }

  async update(id: string, patch: Fields, author?: CronAuthor): Promise<CronJob> {
    await this.#writable();
    this.#job(id);
    const parts = await this.#changeParts();
    const before = this.#job(id);
    const job = changedJob(before, patch, author, parts);
    this.book.put(job);
    try {
      await this.book.save();
    } catch (error) {
      if (this.book.get(id) === job) this.book.put(before);
      throw error;
    }
    this.#scheduler.arm();
    this.#tell(job, "updated");
    return viewOf(job);
  }

  async remove(id: string): Promise<{ readonly removed: boolean }> {
    await this.#writable();
    const job = this.book.get(id);
    if (!job) return { removed: false };
    this.book.drop(id);
    try {
      await this.book.save();
    } catch (error) {
      this.book.put(job);
      throw error;
    }
    this.#scheduler.stop(id, "cron: the job was removed");
    this.#scheduler.arm();
    this.#parts.tell({ jobId: id, action: "removed" });
    return { removed: true };
  }

  async run(id: string, mode: "due" | "force", { wait = true }: { readonly wait?: boolean } = {}): Promise<object> {
    await this.#writable();
    const job = this.#job(id);
    if (this.#scheduler.isBusy(id)) return { ok: true, ran: false, reason: "already-running" };
    const { nextRunAtMs } = job.state;
    const isDue = job.enabled && nextRunAtMs !== undefined && nextRunAtMs <= this.#parts.clock.now();
    if (mode === "due" && !isDue) return { ok: true, ran: false, reason: "not-due" };
    const end = this.#scheduler.runNow(job);
    if (!wait) {
      end.catch((error: unknown) => this.#parts.gateway.log.warn(`job ${id} did not begin: ${errorText(error)}`));
      const since = this.#scheduler.runningSince(id);
      return { ok: true, ran: true, ...(since !== undefined && { runId: `cron:${id}:${since}` }) };
    }
    const { isOpen, error } = await end;
    if (isOpen) throw new GatewayError("UNAVAILABLE", error ?? "the job could not begin");
    return { ok: true, ran: true };
  }

  async runs(id: string, limit?: number): Promise<readonly CronRunLogEntry[]> {
    return (await this.entries(id, limit)).toReversed();
  }

  /** What became of its last runs, oldest first. */
  entries(id: string, limit?: number): Promise<CronRunLogEntry[]> {
    if (!isJobId(id)) throw invalid(`"${id}" is no id of a job`);
    return this.#logs.read(id, limit);
  }

  async #record(entry: CronRunLogEntry): Promise<void> {
    await this.#logs.append(entry, this.#settings.runLog);
    await this.#forgetOldRuns(entry);
  }

  /** Sessions of single runs go after a while (sessions.md §7); their transcripts are put aside there. */
  async #forgetOldRuns({ jobId, sessionKey, ts }: CronRunLogEntry): Promise<void> {
    const { retentionMs } = this.#settings;
    if (retentionMs === undefined || sessionKey === undefined) return;
    const { sessions } = this.#run;
    const old = (await this.#logs.read(jobId, KEPT_RUNS)).filter((one) => ts - one.ts > retentionMs).toReversed();
    for (const { sessionKey: key } of old) {
      // Those before the first that is gone are gone as well.
      if (key === undefined || key === sessionKey || !key.includes(":run:")) continue;
      if (!(await sessions.get(key))) return;
      await sessions.remove(key);
    }
  }

  #known({ idempotencyKey }: Fields): Job | undefined {
    if (typeof idempotencyKey !== "string") return undefined;
    return [...this.book.all()].find((job) => job.idempotencyKey === idempotencyKey);
  }

  async #changeParts(): Promise<ChangeParts> {
    const { gateway, clock } = this.#parts;
    return {
      sessions: this.#run.sessions,
      calendar: await this.#loaded(),
      now: clock.now(),
      warn: (text) => gateway.log.warn(text),
    };
  }

  /** The library is needed for cron expressions only. */
  async #calendarFor(jobs: readonly Job[]): Promise<Calendar> {
    if (this.#calendar) return this.#calendar;
    return jobs.some(({ schedule }) => schedule.kind === "cron") ? this.#loaded() : PLAIN_CALENDAR;
  }

  #loaded(): Promise<Calendar> {
    this.#calendar ??= loadCalendar();
    return this.#calendar;
  }

  #job(id: string): Job {
    const job = isJobId(id) ? this.book.get(id) : undefined;
    if (job) return job;
    throw new GatewayError("INVALID_REQUEST", `unknown cron job id: ${id}`, { details: { code: "NOT_FOUND" } });
  }

  async #writable(): Promise<void> {
    if (this.#found.problem !== undefined) throw new GatewayError("UNAVAILABLE", this.#found.problem);
    await this.#refresh();
    if (this.book.problem !== undefined) throw new GatewayError("UNAVAILABLE", this.book.problem);
  }

  async #refresh(): Promise<void> {
    if (this.#found.problem === undefined) await this.book.refresh();
  }

  /** Somebody has edited the file: times that are not known are worked out at the next look. */
  #edited(): void {
    this.#parts.issuesChanged();
    setImmediate(() => void this.#scheduler.tick());
  }

  #tell({ id, state }: Job, action: "added" | "updated"): void {
    const { nextRunAtMs } = state;
    this.#parts.tell({ jobId: id, action, ...(nextRunAtMs !== undefined && { nextRunAtMs }) });
  }
}

/** `id` or `jobId`, as clients of either write it. */
export function idOf(params: { readonly id?: string; readonly jobId?: string }): string {
  return params.id ?? params.jobId ?? "";
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function invalid(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
