import assert from "node:assert/strict";
import { test } from "node:test";
import { loadCalendar } from "./calendar.ts";
import { durationMs, isoMs, scheduleOf, scheduleText } from "./schedule.ts";

const calendar = await loadCalendar();
const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().replace(".000Z", "Z");

/** The first `count` times of an expression after a time. */
function times(expr: string, tz: string, after: string, count: number): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let at = Date.parse(after);
  for (let n = 0; n < count; n++) {
    at = calendar.next({ kind: "cron", expr, tz }, at) ?? Number.NaN;
    found.push(iso(at));
  }
  return found;
}

for (const [what, expr, tz, after, expected] of [
  [
    "a wall time that is not there runs right after the gap",
    "30 2 * * *",
    "America/New_York",
    "2026-03-07T12:00:00Z",
    ["2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"],
  ],
  [
    "the same in Berlin",
    "30 2 * * *",
    "Europe/Berlin",
    "2026-03-28T12:00:00Z",
    ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"],
  ],
  [
    "a wall time that is there twice runs once, at the first",
    "30 1 * * *",
    "America/New_York",
    "2026-10-31T12:00:00Z",
    ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"],
  ],
  [
    "every hour is real time when one is there twice",
    "0 * * * *",
    "America/New_York",
    "2026-11-01T03:30:00Z",
    ["2026-11-01T04:00:00Z", "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z"],
  ],
  [
    "every hour is real time when one is not there",
    "0 * * * *",
    "America/New_York",
    "2026-03-08T05:30:00Z",
    ["2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z", "2026-03-08T08:00:00Z"],
  ],
  [
    "half hours of Lord Howe",
    "0 2 * * *",
    "Australia/Lord_Howe",
    "2026-04-04T00:00:00Z",
    ["2026-04-04T15:30:00Z", "2026-04-05T15:30:00Z"],
  ],
  [
    "six fields begin with seconds",
    "15 30 9 * * 1",
    "UTC",
    "2026-01-05T00:00:00Z",
    ["2026-01-05T09:30:15Z", "2026-01-12T09:30:15Z"],
  ],
  ["29 February waits for its year", "0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", ["2028-02-29T00:00:00Z"]],
  ["names", "@weekly", "UTC", "2026-01-05T00:00:00Z", ["2026-01-11T00:00:00Z"]],
] as const) {
  test(`cron: ${what}`, () => {
    assert.deepEqual(times(expr, tz, after, expected.length), expected);
  });
}

test("an interval comes strictly after now, whole intervals from its anchor", () => {
  let seed = 7;
  const random = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most;
  for (let n = 0; n < 2_000; n++) {
    const [everyMs, anchorMs, now] = [1_000 + random(90_000_000), random(2_000_000_000), random(2_000_000_000)];
    const next = calendar.next({ kind: "every", everyMs, anchorMs }, now) as number;
    assert.ok(next > now, `${everyMs} ${anchorMs} ${now}`);
    assert.equal((next - anchorMs) % everyMs, 0);
    if (anchorMs <= now) assert.ok(next - now <= everyMs);
  }
});

test("the last times are those up to now, oldest first", () => {
  const now = Date.parse("2026-01-05T08:00:00Z");
  const quarter = { kind: "cron", expr: "*/15 * * * *", tz: "UTC" } as const;

  assert.deepEqual(calendar.last(quarter, Date.parse("2026-01-05T07:00:00Z"), now, 3).map(iso), [
    "2026-01-05T07:30:00Z",
    "2026-01-05T07:45:00Z",
    "2026-01-05T08:00:00Z",
  ]);
  assert.deepEqual(calendar.last({ kind: "every", everyMs: 60_000, anchorMs: now - 90_000 }, 0, now, 5).map(iso), [
    "2026-01-05T07:58:30Z",
    "2026-01-05T07:59:30Z",
  ]);
});

for (const [text, kind, back] of [
  ["every 20m", "every", "every 20m"],
  ["20m", "every", "every 20m"],
  ["@every 90s", "every", "every 90s"],
  ["every 1.5h", "every", "every 90m"],
  ["0 9 * * *", "cron", "0 9 * * *"],
  ["@daily", "cron", "@daily"],
  ["TZ=Europe/Berlin 0 9 * * 1", "cron", "TZ=Europe/Berlin 0 9 * * 1"],
  ["CRON_TZ=UTC 0 9 * * 1", "cron", "TZ=UTC 0 9 * * 1"],
  ["2026-12-24T18:00:00Z", "at", "2026-12-24T18:00:00.000Z"],
  ["2026-12-24", "at", "2026-12-24T00:00:00.000Z"],
] as const) {
  test(`"${text}" is ${kind}, and reads back`, () => {
    const schedule = scheduleOf(text);

    assert.deepEqual([schedule.kind, scheduleText(schedule)], [kind, back]);
    assert.deepEqual(scheduleOf(back), schedule);
  });
}

test("times and durations that are none", () => {
  assert.deepEqual(
    ["2026-02-30", "2026-13-01", "2026-04-31T10:00:00Z", "2026-01-01T25:00:00Z", "soon", "", "20261224"].map(isoMs),
    [undefined, undefined, undefined, undefined, undefined, undefined, undefined],
  );
  assert.equal(isoMs("2026-01-01T10:00:00+02:00"), Date.parse("2026-01-01T08:00:00Z"));
  assert.equal(isoMs("2026-01-01 10:00"), Date.parse("2026-01-01T10:00:00Z"));
  assert.deepEqual(["20", "m", "-5m", "1y"].map(durationMs), [undefined, undefined, undefined, undefined]);
});
