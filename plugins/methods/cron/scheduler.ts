import { errorText, faultPoint } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import type { Clock } from "./clock.ts";
import { withState } from "./job/job.ts";
import type { Job, JobState } from "./job/job.ts";
import { LEFT } from "./run/agent-turn.ts";
import { timeLimitOf } from "./run/execute.ts";
import { failed, notes } from "./run/outcome.ts";
import type { Outcome, RunContext } from "./run/outcome.ts";
import type { Calendar } from "./schedule/calendar.ts";
import { latenessOf } from "./schedule/lateness.ts";
import type { MissedRules } from "./schedule/lateness.ts";
import type { JobBook } from "./store/job-book.ts";
import type { CronRunLogEntry } from "./store/run-log.ts";

export type Trigger = "schedule" | "manual" | "catchup";

export interface SchedulerParts {
  readonly book: JobBook;
  readonly clock: Clock;
  readonly log: Logger;
  /** Knows the schedules of these jobs. */
  readonly calendar: (jobs: readonly Job[]) => Promise<Calendar>;
  readonly execute: (job: Job, run: RunContext) => Promise<Outcome>;
  readonly resume: (job: Job, run: RunContext) => Promise<Outcome | undefined>;
  readonly record: (entry: CronRunLogEntry) => Promise<void>;
  readonly tell: (event: object) => void;
  readonly isEnabled: () => boolean;
  readonly slots: () => number;
  readonly missed: () => MissedRules;
}

/** The timer looks at the wall clock at least so often: it may have been set, or the machine may have slept. */
const LONGEST_WAIT_MS = 60_000;
/** Between two starts of jobs that were missed. */
const CATCH_UP_EVERY_MS = 5_000;
/** After the first, second, … error in a row. */
const BACK_OFF_MS = [30_000, 60_000, 5 * 60_000, 15 * 60_000, 60 * 60_000];
/** A mark of running that is older was left behind. */
const STALE_RUN_MS = 2 * 3_600_000;
const MAX_ATTEMPTS = 2;
const SAVE_AGAIN_MS = 1_000;
/** How long work that was told to stop may take. */
const UNWIND_MS = 20_000;
const INTERRUPTED = "interrupted by gateway restart";

interface Running {
  readonly abort: AbortController;
  readonly runAtMs: number;
  readonly over: Promise<Outcome>;
  /** A time came while it ran, and was recorded. */
  isOverlapped: boolean;
  /** Its end is being written down: what comes due now is looked at in a moment. */
  isEnding?: true;
}

interface Waiting {
  readonly id: string;
  readonly dueMs: number;
  readonly trigger: Trigger;
  /** When it is due after this run, where that is not simply the next time from now. */
  readonly nextMs?: number | undefined;
  /** Since when it was missed, in words. */
  readonly note?: string;
  readonly end: PromiseWithResolvers<Outcome>;
}

/**
 * Runs jobs at their times with one timer for the next of them. A run is on disk before it begins, at most `slots` run at
 * once, none overlaps itself, and no time of a job is run twice.
 */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #running = new Map<string, Running>();
  /** In the order in which they came due. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #late = new Map<string, Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #lateTimer: NodeJS.Timeout | undefined;
  #lastLateAt = Number.NEGATIVE_INFINITY;
  #ticking: Promise<void> | undefined;
  #isStarted = false;
  /** The last look came to nothing: the next one is not at once. */
  #isTroubled = false;
  #isClosed = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  /** Begin to look: first at what an earlier process left behind, then at the clock. */
  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    for (const job of Array.from(this.#parts.book.all())) {
      // What somebody has had run meanwhile is no remnant.
      if (job.state.runningAtMs === undefined || this.#running.has(job.id)) continue;
      this.#takeUp(job, job.state.runningAtMs);
    }
    await this.tick();
  }

  /** When the run began that runs now. */
  runningSince(id: string): number | undefined {
    return this.#running.get(id)?.runAtMs;
  }

  isBusy(id: string): boolean {
    return this.#running.has(id) || this.#waiting.has(id) || this.#late.has(id);
  }

  /** When something is due next, or nothing. */
  get nextWakeAtMs(): number | null {
    if (!this.#parts.isEnabled()) return null;
    let next = Number.POSITIVE_INFINITY;
    for (const { enabled, state } of this.#parts.book.all()) {
      if (enabled && state.nextRunAtMs !== undefined) next = Math.min(next, state.nextRunAtMs);
    }
    return Number.isFinite(next) ? next : null;
  }

  /** Look at the clock now, and set the timer for the next time. */
  tick(): Promise<void> {
    this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = undefined;
      this.arm();
    });
    return this.#ticking;
  }

  /** Set the timer for the next time. One that is new and lies behind the next look anyway changes nothing. */
  arm(newMs?: number): void {
    if (this.#isClosed || !this.#isStarted) return;
    if (newMs !== undefined && this.#timer && newMs - this.#parts.clock.now() >= LONGEST_WAIT_MS) return;
    const { clock, isEnabled, book } = this.#parts;
    if (this.#timer) clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!isEnabled()) return;
    let next = Number.POSITIVE_INFINITY;
    for (const { id, enabled, state } of book.all()) {
      if (this.#isQueued(id) || this.#running.get(id)?.isEnding) continue;
      if (enabled && state.nextRunAtMs !== undefined) next = Math.min(next, state.nextRunAtMs);
    }
    // With no job to come nobody looks, but for edits of the file by hand.
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(this.#isTroubled ? SAVE_AGAIN_MS : 0, next - clock.now()));
    this.#timer = clock.setTimeout(() => void this.tick(), wait);
  }

  /** Run one now, before others. Resolves with its end. */
  runNow(job: Job): Promise<Outcome> {
    const now = this.#parts.clock.now();
    const waiting: Waiting = {
      id: job.id,
      dueMs: isDue(job, now) ? (job.state.nextRunAtMs ?? now) : now,
      trigger: "manual",
      end: Promise.withResolvers(),
    };
    const others = [...this.#waiting];
    this.#waiting.clear();
    for (const [id, one] of [[job.id, waiting] as const, ...others]) this.#waiting.set(id, one);
    this.#pump();
    return waiting.end.promise;
  }

  /** Stops what runs of a job that is gone, with these words. */
  stop(id: string, reason: string): void {
    this.#unqueue(id, reason);
    this.#running.get(id)?.abort.abort(new DOMException(reason, "AbortError"));
  }

  /** Stops everything that runs: somebody has switched jobs off. */
  async stopAll(reason: string): Promise<void> {
    for (const id of [...this.#waiting.keys(), ...this.#late.keys()]) this.#unqueue(id, reason);
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort(new DOMException(reason, "AbortError"));
    await Promise.allSettled(running.map(({ over }) => over));
    this.arm();
  }

  /** Begin nothing more. What runs is left as it is: the next start follows it to its end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { clock } = this.#parts;
    if (this.#timer) clock.clearTimeout(this.#timer);
    if (this.#lateTimer) clock.clearTimeout(this.#lateTimer);
    for (const id of [...this.#waiting.keys(), ...this.#late.keys()]) this.#unqueue(id, "the gateway stops");
    for (const { abort } of this.#running.values()) abort.abort(LEFT);
    await Promise.allSettled([...this.#running.values()].map(({ over }) => over));
    await this.#ticking?.catch(() => undefined);
  }

  async #tick(): Promise<void> {
    const { book, clock, isEnabled, log } = this.#parts;
    if (this.#isClosed) return;
    await book.refresh();
    if (!isEnabled() || !this.#isStarted) return;
    try {
      const now = clock.now();
      await this.#plan(now);
      const due = [...book.all()]
        .filter((job) => isDue(job, now))
        .toSorted((a, b) => (a.state.nextRunAtMs as number) - (b.state.nextRunAtMs as number));
      const calendar = await this.#parts.calendar(due);
      this.#isTroubled = false;
      for (const job of due) {
        try {
          this.#due(job, now, calendar);
        } catch (error) {
          this.#impossible(job, error);
        }
      }
    } catch (error) {
      this.#isTroubled = true;
      log.error(`cron could not look at its jobs: ${errorText(error)}`, { err: error });
    }
    this.#pump();
  }

  #due(job: Job, now: number, calendar: Calendar): void {
    const dueMs = job.state.nextRunAtMs as number;
    if (this.#isQueued(job.id)) return;
    const running = this.#running.get(job.id);
    if (running?.isEnding) return;
    if (running) return this.#overlapped(job, running, calendar, now);
    const lateness = latenessOf(job, dueMs, now, this.#parts.missed(), calendar);
    if (lateness.kind === "skip") return this.#skipped(job, lateness.nextMs, lateness.missed);
    const isLate = lateness.kind === "catch-up";
    const waiting: Waiting = {
      id: job.id,
      dueMs: lateness.dueMs,
      trigger: isLate ? "catchup" : "schedule",
      ...(isLate && { nextMs: lateness.nextMs, note: lateness.missed }),
      end: withoutComplaint(),
    };
    (isLate ? this.#late : this.#waiting).set(job.id, waiting);
  }

  /** Its time has come while it still runs: recorded once, and not made up for. */
  #overlapped(job: Job, running: Running, calendar: Calendar, now: number): void {
    const next = calendar.next(job.schedule, now);
    this.#put(job, { ...without(job.state, "nextRunAtMs"), ...(next !== undefined && { nextRunAtMs: next }) });
    if (running.isOverlapped) return;
    running.isOverlapped = true;
    this.#write({ ...this.#entry(job, { status: "skipped", error: "already-running" }), runAtMs: now });
  }

  #skipped(job: Job, nextMs: number | undefined, missed: string): void {
    const isOnce = job.schedule.kind === "at";
    const state: JobState = {
      ...without(job.state, "nextRunAtMs"),
      lastStatus: "skipped",
      lastError: "missed",
      ...(nextMs !== undefined && { nextRunAtMs: nextMs }),
    };
    this.#parts.book.put({ ...job, enabled: job.enabled && !isOnce, state });
    this.#saveSoon();
    const entry = this.#entry(job, { status: "skipped", error: "missed", note: missed });
    const next = nextMs === undefined ? {} : { nextRunAtMs: nextMs };
    this.#write({ ...entry, ...next, trigger: "catchup" });
    this.#parts.tell({ jobId: job.id, action: "finished", status: "skipped", error: "missed", ...next });
  }

  /** Starts what waits, as far as there is room. */
  #pump(): void {
    if (this.#isClosed) return;
    for (const [id, waiting] of this.#waiting) {
      if (this.#running.size >= this.#parts.slots()) break;
      this.#waiting.delete(id);
      this.#begin(waiting);
    }
    this.#pumpLate();
  }

  #pumpLate(): void {
    const [first] = this.#late;
    if (!first || this.#running.size >= this.#parts.slots()) return;
    const { clock } = this.#parts;
    const wait = this.#lastLateAt + CATCH_UP_EVERY_MS - clock.monotonic();
    if (wait > 0) {
      this.#lateTimer ??= clock.setTimeout(() => {
        this.#lateTimer = undefined;
        this.#pump();
      }, wait);
      return;
    }
    this.#lastLateAt = clock.monotonic();
    const [id, waiting] = first;
    this.#late.delete(id);
    this.#begin(waiting);
    if (this.#late.size > 0) this.#pumpLate();
  }

  #begin(waiting: Waiting): void {
    const job = this.#parts.book.get(waiting.id);
    if (!job) return waiting.end.reject(new Error("the job is gone"));
    const runAtMs = this.#parts.clock.now();
    // It may have waited for long: meanwhile it was switched off, or is to run at another time.
    if (waiting.trigger !== "manual" && !isDue(job, runAtMs)) return waiting.end.reject(new Error("it is not due"));
    const abort = new AbortController();
    // `over` never rejects: what goes wrong is an outcome.
    const over = this.#run(job, waiting, runAtMs, abort).finally(() => this.#ended(job.id));
    this.#running.set(job.id, { abort, runAtMs, over, isOverlapped: false });
    waiting.end.resolve(over);
  }

  #ended(id: string): void {
    this.#running.delete(id);
    if (this.#isClosed) return;
    this.#pump();
    this.arm();
  }

  async #run(job: Job, waiting: Waiting, runAtMs: number, abort: AbortController): Promise<Outcome> {
    const { book, tell, log } = this.#parts;
    try {
      const calendar = await this.#parts.calendar([job]);
      if (!book.get(job.id)) return failed("the job was removed");
      const state = attempted(() => begun(job, waiting, runAtMs, calendar));
      if ("error" in state) return { ...failed(this.#impossible(job, state.error)), isOpen: true };
      this.#put(job, state.value);
      await book.save();
    } catch (error) {
      // Not on disk, so not begun: it is still due, and tried again when the disk may have room.
      const current = book.get(job.id);
      if (current) book.put(withState(current, job.state));
      log.error(`job "${job.name}" could not begin: ${errorText(error)}`, { err: error });
      await new Promise<void>((resolve) => void this.#parts.clock.setTimeout(resolve, SAVE_AGAIN_MS));
      return { ...failed(errorText(error)), isOpen: true };
    }
    faultPoint("cron.run.begun");
    tell({ jobId: job.id, action: "started", runAtMs });
    const startedAt = this.#parts.clock.monotonic();
    const ended = await this.#limited(job, runAtMs, abort, (run) => this.#parts.execute(job, run));
    if (!ended) return { ...failed("the gateway stops; the run goes on after it"), isOpen: true };
    faultPoint("cron.run.ended");
    const outcome = { ...ended, ...notes(waiting.note, ended.note) };
    await this.#finish(job.id, job, outcome, runAtMs, this.#parts.clock.monotonic() - startedAt, waiting.trigger);
    return outcome;
  }

  /** Nothing when the run was only left to the next start. */
  async #limited(
    job: Job,
    runAtMs: number,
    abort: AbortController,
    work: (run: RunContext) => Promise<Outcome | undefined>,
  ): Promise<Outcome | undefined> {
    const { clock, book } = this.#parts;
    const late = new DOMException("cron: job execution timed out", "TimeoutError");
    const timer = clock.setTimeout(() => abort.abort(late), timeLimitOf(job));
    const remember = (workId: string) => {
      const current = book.get(job.id);
      if (!current || current.state.workId === workId) return;
      this.#put(current, { ...current.state, workId });
      this.#saveSoon();
    };
    const { signal } = abort;
    const stopped = Promise.withResolvers<never>();
    let unwinding: NodeJS.Timeout | undefined;
    signal.addEventListener("abort", () => {
      const giveUp = () => stopped.reject(signal.reason);
      if (signal.reason === LEFT) giveUp();
      else unwinding = clock.setTimeout(giveUp, UNWIND_MS);
    });
    try {
      signal.throwIfAborted();
      return (await Promise.race([work({ runAtMs, signal, remember }), stopped.promise])) ?? failed(INTERRUPTED);
    } catch (error) {
      const { reason, aborted } = abort.signal;
      if (reason === LEFT) return undefined;
      if (aborted) return failed((reason as Error).message);
      return failed(errorText(error));
    } finally {
      clock.clearTimeout(timer);
      if (unwinding) clock.clearTimeout(unwinding);
    }
  }

  /** State, disk, log, event: in this order. */
  async #finish(
    id: string,
    begun: Job,
    outcome: Outcome,
    runAtMs: number,
    tookMs: number,
    trigger: Trigger,
  ): Promise<void> {
    const { book, clock, log, tell } = this.#parts;
    const durationMs = Math.max(0, Math.round(tookMs));
    const running = this.#running.get(id);
    if (running) running.isEnding = true;
    const current = book.get(id);
    let isRemoved = false;
    if (current) {
      const after = await this.#after(current, outcome, runAtMs, durationMs, clock.now());
      isRemoved = after === undefined;
      if (after) book.put(after);
      else book.drop(id);
      await book.save().catch((error: unknown) => {
        log.error(`the end of job "${begun.name}" is in memory only: ${errorText(error)}`, { err: error });
        this.#saveSoon();
      });
    }
    faultPoint("cron.run.saved");
    const nextRunAtMs = book.get(id)?.state.nextRunAtMs;
    const next = nextRunAtMs === undefined ? {} : { nextRunAtMs };
    await this.#write({ ...this.#entry(begun, outcome), runAtMs, durationMs, ...next, trigger });
    const { status, error, summary, sessionId, sessionKey } = outcome;
    const said = { status, ...defined({ error, summary, sessionId, sessionKey }) };
    tell({ jobId: id, action: "finished", ...said, runAtMs, durationMs, ...next });
    if (isRemoved) tell({ jobId: id, action: "removed" });
  }

  /** The job after a run, or nothing when it was to run once and has. */
  async #after(job: Job, outcome: Outcome, runAtMs: number, durationMs: number, now: number): Promise<Job | undefined> {
    const { status, error } = outcome;
    const { consecutiveErrors = 0, attempts = 0, ...before } = job.state;
    const isOnce = job.schedule.kind === "at";
    const errors = status === "error" ? consecutiveErrors + 1 : status === "ok" ? 0 : consecutiveErrors;
    const { runningAtMs: _running, workId: _work, lastError: _error, nextRunAtMs, ...rest } = before;
    const base: JobState = {
      ...rest,
      lastRunAtMs: runAtMs,
      lastStatus: status,
      lastDurationMs: durationMs,
      ...(error !== undefined && { lastError: error }),
      ...(errors > 0 && { consecutiveErrors: errors }),
    };
    if (isOnce) {
      if (error === INTERRUPTED && attempts < MAX_ATTEMPTS && job.enabled)
        return withState(job, { ...base, attempts, nextRunAtMs: now });
      if (status === "ok" && job.deleteAfterRun === true) return undefined;
      return { ...job, enabled: false, state: { ...base, attempts } };
    }
    const back = status === "error" ? now + (BACK_OFF_MS[Math.min(errors, BACK_OFF_MS.length) - 1] as number) : 0;
    const next = job.enabled ? (nextRunAtMs ?? this.#nextOf(job, await this.#parts.calendar([job]), now)) : undefined;
    return withState(job, { ...base, ...(next !== undefined && { nextRunAtMs: Math.max(next, back) }) });
  }

  /** A run that the process before has begun. */
  #takeUp(job: Job, runAtMs: number): void {
    const { clock, log } = this.#parts;
    const abort = new AbortController();
    const isStale = clock.now() - runAtMs > STALE_RUN_MS;
    const startedAt = clock.monotonic();
    const work = async (run: RunContext) => (isStale ? undefined : this.#parts.resume(job, run));
    const over = this.#limited(job, runAtMs, abort, work)
      .then(async (outcome) => {
        if (!outcome) return failed("left to the next start");
        if (outcome.error === INTERRUPTED) log.warn(`job "${job.name}" was ${INTERRUPTED}`);
        const took = Math.max(clock.monotonic() - startedAt, 0);
        await this.#finish(job.id, job, outcome, runAtMs, took, "schedule");
        return outcome;
      })
      .finally(() => this.#ended(job.id));
    this.#running.set(job.id, { abort, runAtMs, over, isOverlapped: false });
  }

  /** Jobs whose time is not known get it. */
  async #plan(now: number): Promise<void> {
    const jobs = [...this.#parts.book.all()].filter(
      ({ id, enabled, state, schedule }) =>
        enabled &&
        state.nextRunAtMs === undefined &&
        !this.isBusy(id) &&
        (schedule.kind !== "at" || state.lastRunAtMs === undefined),
    );
    if (jobs.length === 0) return;
    const calendar = await this.#parts.calendar(jobs);
    for (const job of jobs) {
      const next = this.#nextOf(job, calendar, now);
      if (next !== undefined) this.#put(job, { ...job.state, nextRunAtMs: next });
    }
  }

  #nextOf(job: Job, calendar: Calendar, now: number): number | undefined {
    try {
      const after = Math.max(now, job.state.lastDueMs ?? 0);
      return calendar.next(job.schedule, job.schedule.kind === "at" ? 0 : after);
    } catch (error) {
      this.#impossible(job, error);
      return undefined;
    }
  }

  /** Its schedule was written by hand: it stays in the file, is due no more, and says why it does not run. */
  #impossible(job: Job, error: unknown): string {
    const lastError = errorText(error);
    if (job.state.lastError !== lastError || job.state.nextRunAtMs !== undefined) {
      this.#parts.log.error(`job "${job.name}" has no time to run at: ${lastError}`);
      this.#put(job, { ...without(job.state, "nextRunAtMs"), lastStatus: "error", lastError });
    }
    return lastError;
  }

  /** Another state for the job as it is now; one that was removed meanwhile stays removed. */
  #put({ id }: Job, state: JobState): void {
    const current = this.#parts.book.get(id);
    if (current) this.#parts.book.put(withState(current, state));
  }

  #saveSoon(): void {
    this.#parts.book.save().catch((error: unknown) => {
      this.#parts.log.error(`jobs are in memory only: ${errorText(error)}`, { err: error });
    });
  }

  #entry({ id }: Job, { status, error, summary, sessionId, sessionKey, delivered, note }: Outcome): CronRunLogEntry {
    const ts = this.#parts.clock.now();
    const said = defined({ error, summary, sessionId, sessionKey, delivered });
    return { ts, jobId: id, action: "finished", status, ...said, ...notes(note) } as CronRunLogEntry;
  }

  async #write(entry: CronRunLogEntry): Promise<void> {
    await this.#parts.record(entry).catch((error: unknown) => {
      this.#parts.log.error(`a run of job ${entry.jobId} could not be logged: ${errorText(error)}`, { err: error });
    });
  }

  #isQueued(id: string): boolean {
    return this.#waiting.has(id) || this.#late.has(id);
  }

  #unqueue(id: string, reason: string): void {
    for (const queue of [this.#waiting, this.#late]) {
      queue.get(id)?.end.reject(new Error(reason));
      queue.delete(id);
    }
  }
}

/** The state of a job that begins: its next time is set already, so that a crash does not run this one again. */
function begun(job: Job, waiting: Waiting, runAtMs: number, calendar: Calendar): JobState {
  const { state, schedule } = job;
  const { nextRunAtMs, workId: _work, ...rest } = state;
  const counts = waiting.trigger !== "manual" || isDue(job, runAtMs);
  const isOnce = schedule.kind === "at";
  const after =
    waiting.trigger === "catchup" ? waiting.nextMs : calendar.next(schedule, Math.max(runAtMs, waiting.dueMs));
  const next = !counts ? nextRunAtMs : isOnce ? undefined : after;
  return {
    ...rest,
    runningAtMs: runAtMs,
    ...(counts && { lastDueMs: waiting.dueMs }),
    ...(isOnce && { attempts: (state.attempts ?? 0) + 1 }),
    ...(next !== undefined && { nextRunAtMs: next }),
  };
}

function attempted<T>(work: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function isDue({ enabled, state: { nextRunAtMs } }: Job, now: number): boolean {
  return enabled && nextRunAtMs !== undefined && nextRunAtMs <= now;
}

/** Nobody waits for this one: that it does not begin is no error of anybody. */
function withoutComplaint(): PromiseWithResolvers<Outcome> {
  const end = Promise.withResolvers<Outcome>();
  end.promise.catch(() => undefined);
  return end;
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _gone, ...rest } = value;
  return rest;
}

function defined<T extends object>(fields: T): Partial<T> {
  // Only what is there: absent fields are absent on the wire.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
