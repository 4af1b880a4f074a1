import type { Clock } from "./clock.ts";
import type { Job } from "./job/job.ts";
import type { Outcome, RunContext } from "./run/outcome.ts";
import { loadCalendar } from "./schedule/calendar.ts";
import type { MissedRules } from "./schedule/lateness.ts";
import { Scheduler } from "./scheduler.ts";
import { JobBook } from "./store/job-book.ts";
import type { JobList } from "./store/job-file.ts";
import type { CronRunLogEntry } from "./store/run-log.ts";

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  #wall: number;
  #steady = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly fn: () => void }>();
  #last = 0;

  constructor(start: string) {
    this.#wall = Date.parse(start);
  }

  now = () => this.#wall;
  monotonic = () => this.#steady;

  setTimeout(fn: () => void, ms: number): NodeJS.Timeout {
    this.#timers.set(++this.#last, { at: this.#steady + Math.max(0, ms), fn });
    // Only ever given back to clearTimeout below.
    return this.#last as unknown as NodeJS.Timeout;
  }

  clearTimeout(timer: NodeJS.Timeout): void {
    this.#timers.delete(timer as unknown as number);
  }

  /** Somebody sets the wall clock. */
  set(by: number): void {
    this.#wall += by;
  }

  /** The furthest that any timer waits. */
  get longestWait(): number {
    return Math.max(0, ...[...this.#timers.values()].map(({ at }) => at - this.#steady));
  }

  /** Time passes; what is due on the way is done in its order. */
  async pass(ms: number): Promise<void> {
    const end = this.#steady + ms;
    await settled();
    for (;;) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= end).toSorted((a, b) => a[1].at - b[1].at);
      if (!next) break;
      const [id, { at, fn }] = next;
      this.#timers.delete(id);
      this.#move(at - this.#steady);
      fn();
      await settled();
    }
    this.#move(end - this.#steady);
  }

  #move(ms: number): void {
    this.#steady += ms;
    this.#wall += ms;
  }
}

/** What is waiting for nothing but other code has run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await new Promise(setImmediate);
}

export interface Place {
  readonly clock: TestClock;
  readonly book: JobBook;
  readonly scheduler: Scheduler;
  /** `<id> <time of day>` of each run that began. */
  readonly runs: string[];
  readonly log: CronRunLogEntry[];
  readonly told: Record<string, unknown>[];
  /** How runs go; at once and well by default. */
  execute: (job: Job, run: RunContext) => Promise<Outcome>;
  resume: (job: Job, run: RunContext) => Promise<Outcome | undefined>;
  /** Whether the disk takes anything. */
  isFull: boolean;
  slots: number;
  missed: MissedRules;
  /** What was written last. */
  written(): ReadonlyMap<string, Job>;
}

export async function startPlace(start: string, jobs: readonly Job[]): Promise<Place> {
  const clock = new TestClock(start);
  const calendar = await loadCalendar();
  const quiet = () => undefined;
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  let written: ReadonlyMap<string, Job> = new Map();
  const list: JobList = { jobs: new Map(jobs.map((job) => [job.id, job])), broken: [], extra: {} };
  const book = new JobBook(
    {
      file: {
        path: "jobs.json",
        changed: async () => undefined,
        write: async ({ jobs: now }) => {
          if (place.isFull) throw new Error("no space left");
          written = new Map(now);
        },
      },
      now: clock.now,
      log: logger,
      edited: quiet,
    },
    list,
  );
  const runs: string[] = [];
  const log: CronRunLogEntry[] = [];
  const told: Record<string, unknown>[] = [];
  const place: Place = {
    clock,
    book,
    runs,
    log,
    told,
    execute: async () => ({ status: "ok" }),
    resume: async () => undefined,
    isFull: false,
    slots: 4,
    missed: { policy: "once", max: 10, maxLateMs: 3_600_000 },
    written: () => written,
    scheduler: new Scheduler({
      book,
      clock,
      log: logger,
      calendar: async () => calendar,
      execute(job, run) {
        runs.push(`${job.id} ${new Date(clock.now()).toISOString().slice(11, 19)}`);
        return place.execute(job, run);
      },
      resume: (job, run) => place.resume(job, run),
      record: async (entry) => void log.push(entry),
      tell: (event) => void told.push(event as Record<string, unknown>),
      isEnabled: () => true,
      slots: () => place.slots,
      missed: () => place.missed,
    }),
  };
  return place;
}

/** A job that says something to the main session. */
export function jobOf(id: string, schedule: Job["schedule"], more: Partial<Job> = {}): Job {
  return {
    id,
    name: id,
    enabled: true,
    createdAtMs: 0,
    updatedAtMs: 0,
    schedule,
    sessionTarget: "main",
    wakeMode: "now",
    payload: { kind: "systemEvent", text: id },
    state: {},
    format: "product",
    extra: {},
    ...more,
  };
}
