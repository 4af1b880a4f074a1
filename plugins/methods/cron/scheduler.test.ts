import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "./job/job.ts";
import type { Outcome } from "./run/outcome.ts";
import { jobOf, startPlace } from "./scheduler.fixture.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = "2026-01-05T08:00:30.000Z";
const MINUTELY = { kind: "cron", expr: "* * * * *", tz: "UTC" } as const;

const at = (iso: string) => ({ kind: "at", at: iso }) as const;
const every = (everyMs: number, anchorMs = Date.parse(START)) => ({ kind: "every", everyMs, anchorMs }) as const;

test("each kind runs at its time, and no timer waits longer than a minute", async () => {
  const place = await startPlace(START, [
    jobOf("once", at("2026-01-05T08:02:10.000Z"), { deleteAfterRun: true }),
    jobOf("often", every(90_000)),
    jobOf("cron", { kind: "cron", expr: "2 9 * * *", tz: "Europe/Berlin" }),
  ]);
  await place.scheduler.start();

  await place.clock.pass(3 * MINUTE + 15_000);

  assert.deepEqual(place.runs, ["often 08:02:00", "cron 08:02:00", "once 08:02:10", "often 08:03:30"]);
  assert.ok(place.clock.longestWait <= MINUTE);
  assert.equal(place.book.get("once"), undefined);
  assert.deepEqual(
    place.told.filter(({ jobId }) => jobId === "once").map(({ action }) => action),
    ["started", "finished", "removed"],
  );
});

test("three missed hours of a job for every minute are one run", async () => {
  const job = jobOf("m", MINUTELY, { state: { nextRunAtMs: Date.parse("2026-01-05T05:00:00Z") } });
  const place = await startPlace(START, [job]);
  await place.scheduler.start();
  await place.clock.pass(20_000);

  assert.deepEqual(place.runs, ["m 08:00:30"]);
  assert.deepEqual(
    place.log.map(({ status, trigger, note }) => [status, trigger, note]),
    [["ok", "catchup", "missed 2026-01-05T05:00:00.000Z"]],
  );
  await place.clock.pass(MINUTE);
  assert.deepEqual(place.runs.slice(1), ["m 08:01:00"]);
});

for (const [what, more, missed, expected] of [
  ["skip", { missed: "skip" }, "2026-01-05T07:58:00Z", [["skipped", "missed"]]],
  ["once, too late", {}, "2026-01-05T02:00:00Z", [["skipped", "missed"]]],
  ["once", {}, "2026-01-05T07:30:00Z", [["ok", undefined]]],
  [
    "all, the last three",
    { missed: "all", missedMax: 3 },
    "2026-01-05T06:10:00Z",
    [
      ["ok", undefined],
      ["ok", undefined],
      ["ok", undefined],
    ],
  ],
] as const) {
  test(`missed: ${what}`, async () => {
    const hourly = what === "once, too late" ? "0 2 * * *" : "*/10 * * * *";
    const job = jobOf("j", { kind: "cron", expr: hourly, tz: "UTC" }, {
      ...more,
      state: { nextRunAtMs: Date.parse(missed) },
    } as Partial<Job>);
    const place = await startPlace("2026-01-05T08:01:30.000Z", [job]);
    await place.scheduler.start();

    await place.clock.pass(60_000);

    assert.deepEqual(
      place.log.map(({ status, error }) => [status, error]),
      expected,
    );
    assert.equal(
      place.book.get("j")?.state.nextRunAtMs,
      Date.parse(hourly === "0 2 * * *" ? "2026-01-06T02:00:00Z" : "2026-01-05T08:10:00Z"),
    );
  });
}

for (const [when, due] of [
  ["hours ago", "2026-01-05T05:00:00Z"],
  ["just now", "2026-01-05T08:00:20Z"],
] as const)
  test(`a job that was due ${when} and whose schedule became nonsense keeps no other from its time`, async () => {
    const state = { nextRunAtMs: Date.parse(due) };
    const bad = jobOf("bad", { kind: "cron", expr: "never mind" }, { state });
    const place = await startPlace(START, [bad, jobOf("good", MINUTELY)]);
    await place.scheduler.start();

    await place.clock.pass(2 * MINUTE);

    assert.deepEqual(place.runs, ["good 08:01:00", "good 08:02:00"]);
    const told = place.book.get("bad")?.state;
    assert.match(told?.lastError ?? "", /CronPattern/);
    assert.equal(told?.nextRunAtMs, undefined);
  });

test("a job that runs once is run however late it is", async () => {
  const job = jobOf("once", at("2025-12-01T00:00:00.000Z"), { state: { nextRunAtMs: Date.parse("2025-12-01") } });
  const place = await startPlace(START, [job]);

  await place.scheduler.start();
  await place.clock.pass(1_000);

  assert.deepEqual(place.runs, ["once 08:00:30"]);
  assert.equal(place.book.get("once")?.enabled, false);
});

test("a job that runs once and may be skipped is off then, and written down once", async () => {
  const state = { nextRunAtMs: Date.parse("2026-01-05T07:00:00Z") };
  const place = await startPlace(START, [jobOf("once", at("2026-01-05T07:00:00.000Z"), { missed: "skip", state })]);
  await place.scheduler.start();

  await place.clock.pass(5 * MINUTE);

  assert.deepEqual(place.runs, []);
  assert.equal(place.log.length, 1);
  assert.equal(place.book.get("once")?.enabled, false);
});

test("what waits for its turn does not run when it is switched off meanwhile, nor comes back when it is removed", async () => {
  const state = { nextRunAtMs: Date.parse("2026-01-05T07:30:00Z") };
  const daily = { kind: "cron", expr: "30 7 * * *", tz: "UTC" } as const;
  const place = await startPlace(
    START,
    ["a", "b", "c"].map((id) => jobOf(id, daily, { state })),
  );
  await place.scheduler.start();
  const b = place.book.get("b");
  assert.ok(b);
  place.book.put({ ...b, enabled: false });
  place.book.drop("c");
  place.scheduler.stop("c", "removed");

  await place.clock.pass(MINUTE);

  assert.deepEqual(place.runs, ["a 08:00:30"]);
  assert.equal(place.book.get("c"), undefined);
});

test("a clock that is set back a day runs no time twice, and one that is set forward runs each job once", async () => {
  const place = await startPlace(START, [jobOf("h", { kind: "cron", expr: "0 * * * *", tz: "UTC" })]);
  await place.scheduler.start();
  await place.clock.pass(HOUR);
  assert.deepEqual(place.runs, ["h 09:00:00"]);

  place.clock.set(-DAY);
  await place.clock.pass(3 * HOUR);
  assert.equal(place.runs.length, 1);
  place.clock.set(DAY + 10 * HOUR + 20 * MINUTE);
  await place.clock.pass(2 * MINUTE);

  assert.equal(place.runs.length, 2);
  assert.equal(place.log.at(-1)?.trigger, "catchup");
});

test("a run that takes longer than its interval is recorded as overlapped once, and runs on", async () => {
  const place = await startPlace(START, [jobOf("slow", every(10_000))]);
  place.execute = () =>
    new Promise<Outcome>((resolve) => void place.clock.setTimeout(() => resolve({ status: "ok" }), 35_000));
  await place.scheduler.start();

  await place.clock.pass(50_000);

  assert.deepEqual(place.runs, ["slow 08:00:40", "slow 08:01:20"]);
  assert.deepEqual(
    place.log.map(({ status, error }) => [status, error]),
    [
      ["skipped", "already-running"],
      ["ok", undefined],
    ],
  );
});

for (const slots of [1, 3]) {
  test(`at most ${slots} run at once, in the order in which they came due`, async () => {
    const jobs = [1, 2, 3, 4, 5].map((n) =>
      jobOf(`j${n}`, at(`2026-01-05T08:01:0${n}.000Z`), { deleteAfterRun: true }),
    );
    const place = await startPlace(START, jobs.toReversed());
    place.slots = slots;
    let now = 0;
    let most = 0;
    place.execute = async () => {
      most = Math.max(most, ++now);
      await new Promise<void>((resolve) => void place.clock.setTimeout(resolve, 20_000));
      now--;
      return { status: "ok" };
    };
    await place.scheduler.start();

    await place.clock.pass(3 * MINUTE);

    assert.equal(most, slots);
    assert.deepEqual(
      place.runs.map((run) => run.slice(0, 2)),
      ["j1", "j2", "j3", "j4", "j5"],
    );
    assert.equal(place.book.size, 0);
  });
}

test("a run that takes too long is stopped for real", async () => {
  const payload = { kind: "agentTurn", message: "x", timeoutSeconds: 5 } as const;
  const place = await startPlace(START, [jobOf("slow", every(MINUTE), { sessionTarget: "isolated", payload })]);
  let reason: unknown;
  place.execute = (_job, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        reason = signal.reason;
        reject(signal.reason);
      });
    });
  await place.scheduler.start();

  await place.clock.pass(MINUTE + 6_000);

  assert.equal((reason as Error).message, "cron: job execution timed out");
  assert.deepEqual([place.log[0]?.status, place.log[0]?.error], ["error", "cron: job execution timed out"]);
  assert.equal(place.log[0]?.durationMs, 5_000);
});

test("errors in a row are followed by longer and longer pauses, until one goes well", async () => {
  const place = await startPlace(START, [jobOf("bad", every(10_000))]);
  place.execute = async () => ({ status: "error", error: "no" });
  await place.scheduler.start();
  const pauses: number[] = [];
  for (let n = 0; n < 6; n++) {
    const { length } = place.runs;
    while (place.runs.length === length) await place.clock.pass(1_000);
    pauses.push(Math.round(((place.book.get("bad")?.state.nextRunAtMs ?? 0) - place.clock.now()) / 1_000));
  }

  assert.deepEqual(pauses, [30, 60, 300, 900, 3_600, 3_600]);
  assert.equal(place.book.get("bad")?.state.consecutiveErrors, 6);
  place.execute = async () => ({ status: "ok" });
  await place.clock.pass(HOUR);
  assert.equal(place.book.get("bad")?.state.consecutiveErrors, undefined);
  assert.ok((place.book.get("bad")?.state.nextRunAtMs ?? 0) - place.clock.now() <= 10_000);
});

test("a job that runs once is off after an error, and stays", async () => {
  const place = await startPlace(START, [jobOf("once", at("2026-01-05T08:01:00.000Z"), { deleteAfterRun: true })]);
  place.execute = async () => {
    throw new Error("broken");
  };
  await place.scheduler.start();

  await place.clock.pass(HOUR);

  assert.deepEqual(place.runs.length, 1);
  const job = place.book.get("once");
  assert.deepEqual([job?.enabled, job?.state.lastError, job?.state.nextRunAtMs], [false, "Error: broken", undefined]);
});

test("what cannot be written down does not begin, and begins when the disk has room again", async () => {
  const place = await startPlace(START, [jobOf("j", at("2026-01-05T08:01:00.000Z"))]);
  place.isFull = true;
  await place.scheduler.start();

  await place.clock.pass(MINUTE);
  assert.deepEqual(place.runs, []);
  place.isFull = false;
  await place.clock.pass(10_000);

  assert.equal(place.runs.length, 1);
  assert.equal(place.written().get("j")?.state.lastStatus, "ok");
});

test("a run is on disk before it begins, with its next time", async () => {
  const place = await startPlace(START, [jobOf("m", MINUTELY)]);
  let seen: Job | undefined;
  place.execute = async () => {
    seen = place.written().get("m");
    return { status: "ok" };
  };
  await place.scheduler.start();

  await place.clock.pass(31_000);

  assert.equal(seen?.state.runningAtMs, Date.parse("2026-01-05T08:01:00Z"));
  assert.equal(seen?.state.nextRunAtMs, Date.parse("2026-01-05T08:02:00Z"));
  assert.deepEqual(
    place.told.map(({ action }) => action),
    ["started", "finished"],
  );
});

test("what a crash cut off is told; a job that runs once is tried once more, another waits for its next time", async () => {
  const runningAtMs = Date.parse("2026-01-05T07:59:00Z");
  const next = Date.parse("2026-01-05T09:00:00Z");
  const place = await startPlace(START, [
    jobOf("once", at("2026-01-05T07:59:00.000Z"), { state: { runningAtMs, attempts: 1 } }),
    jobOf("twice", at("2026-01-05T07:59:00.000Z"), { state: { runningAtMs, attempts: 2 } }),
    jobOf("hourly", { kind: "cron", expr: "0 * * * *", tz: "UTC" }, { state: { runningAtMs, nextRunAtMs: next } }),
  ]);
  await place.scheduler.start();

  await place.clock.pass(10_000);

  assert.deepEqual(place.runs, ["once 08:00:30"]);
  const told = place.log.filter(({ error }) => error === "interrupted by gateway restart").map(({ jobId }) => jobId);
  assert.deepEqual(told, ["once", "twice", "hourly"]);
  assert.equal(place.book.get("hourly")?.state.nextRunAtMs, next);
  assert.equal(place.book.get("twice")?.enabled, false);
});

test("a run that goes on after a restart is followed to its end, once", async () => {
  const runningAtMs = Date.parse("2026-01-05T07:59:00Z");
  const state = { runningAtMs, workId: "w", nextRunAtMs: Date.parse("2026-01-05T09:00:00Z") };
  const place = await startPlace(START, [jobOf("h", { kind: "cron", expr: "0 * * * *", tz: "UTC" }, { state })]);
  place.resume = async () => ({ status: "ok", summary: "done" });
  await place.scheduler.start();

  await place.clock.pass(10_000);

  assert.deepEqual(
    place.log.map(({ status, summary, runAtMs }) => [status, summary, runAtMs]),
    [["ok", "done", runningAtMs]],
  );
  assert.deepEqual(place.runs, []);
  assert.equal(place.book.get("h")?.state.runningAtMs, undefined);
});

test("a thousand jobs that are due in one minute all run", async () => {
  const jobs = Array.from({ length: 1_000 }, (_, n) =>
    jobOf(`j${n}`, at("2026-01-05T08:01:00.000Z"), { deleteAfterRun: true }),
  );
  const place = await startPlace(START, jobs);
  place.slots = 50;
  await place.scheduler.start();

  for (let n = 0; n < 100 && place.runs.length < 1_000; n++) await place.clock.pass(1_000);

  assert.equal(new Set(place.runs.map((run) => run.split(" ")[0])).size, 1_000);
  assert.equal(place.log.length, 1_000);
});

test("a thousand jobs that were missed start five seconds apart, after one another", async () => {
  const state = { nextRunAtMs: Date.parse("2026-01-05T07:30:00Z") };
  const jobs = Array.from({ length: 1_000 }, (_, n) =>
    jobOf(`j${n}`, { kind: "cron", expr: "30 7 * * *", tz: "UTC" }, { state }),
  );
  const place = await startPlace(START, jobs);
  await place.scheduler.start();

  await place.clock.pass(51_000);

  assert.equal(place.runs.length, 11);
  assert.deepEqual(place.runs.slice(0, 3), ["j0 08:00:30", "j1 08:00:35", "j2 08:00:40"]);
});

test("before the start only what somebody has run now runs, and the start does not take it for a remnant", async () => {
  const place = await startPlace(START, [jobOf("m", MINUTELY), jobOf("other", every(1_000))]);
  place.execute = () =>
    new Promise<Outcome>((resolve) => void place.clock.setTimeout(() => resolve({ status: "ok" }), 5_000));
  const job = place.book.get("m");
  assert.ok(job);
  void place.scheduler.runNow(job);
  await place.clock.pass(2_000);
  assert.deepEqual(place.runs, ["m 08:00:30"]);

  await place.scheduler.start();
  await place.scheduler.start();
  await place.clock.pass(4_000);

  assert.equal(place.log.filter(({ jobId }) => jobId === "m").length, 1);
});

test("nothing begins after the end, and what runs is left for the next start", async () => {
  const place = await startPlace(START, [jobOf("m", MINUTELY)]);
  place.execute = () => new Promise(() => undefined);
  await place.scheduler.start();
  await place.clock.pass(31_000);

  await place.scheduler.close();
  await place.clock.pass(HOUR);

  assert.deepEqual(place.runs, ["m 08:01:00"]);
  assert.equal(place.written().get("m")?.state.runningAtMs, Date.parse("2026-01-05T08:01:00Z"));
  assert.deepEqual(place.log, []);
});
