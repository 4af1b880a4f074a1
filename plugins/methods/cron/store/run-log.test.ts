import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { RunLogs } from "./run-log.ts";
import type { CronRunLogEntry } from "./run-log.ts";

const LIMITS = { maxBytes: 20_000, keepLines: 50 };

function logs(context: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "openclaw-runs-"));
  context.after(() => rmSync(directory, { recursive: true }));
  return { directory, logs: new RunLogs(directory) };
}

const entry = (ts: number, more: Partial<CronRunLogEntry> = {}): CronRunLogEntry => ({
  ts,
  jobId: "j",
  action: "finished",
  status: "ok",
  ...more,
});

test("the newest entries come in the order of time, bad lines and other kinds are left out", async (context) => {
  const at = logs(context);
  for (let n = 1; n <= 5; n++) await at.logs.append(entry(n), LIMITS);
  appendFileSync(
    at.logs.pathOf("j"),
    'not json\n{"ts":6,"jobId":"other","action":"finished"}\n{"ts":7,"action":"began"}\n',
  );

  assert.deepEqual(
    (await at.logs.read("j", 3)).map(({ ts }) => ts),
    [3, 4, 5],
  );
  assert.deepEqual(await at.logs.read("nobody"), []);
  assert.equal(statSync(at.logs.pathOf("j")).mode & 0o777, 0o600);
});

test("a line that a crash has torn does not take the next one along", async (context) => {
  const at = logs(context);
  await at.logs.append(entry(1), LIMITS);
  appendFileSync(at.logs.pathOf("j"), '{"ts":2,"jobId":"j","act');

  await at.logs.append(entry(3), LIMITS);

  assert.deepEqual(
    (await at.logs.read("j")).map(({ ts }) => ts),
    [1, 3],
  );
});

test("a log that is too large keeps its newest lines, also while many append", async (context) => {
  const at = logs(context);

  await Promise.all(
    Array.from({ length: 400 }, (_, n) => at.logs.append(entry(n, { summary: "x".repeat(n % 300) }), LIMITS)),
  );

  const size = statSync(at.logs.pathOf("j")).size;
  const kept = await at.logs.read("j");
  assert.ok(size <= LIMITS.maxBytes, `${size}`);
  assert.equal(kept.at(-1)?.ts, 399);
  assert.deepEqual(
    kept.map(({ ts }) => ts),
    kept.map((_, index) => 400 - kept.length + index),
  );
  for (const line of readFileSync(at.logs.pathOf("j"), "utf8").trim().split("\n")) JSON.parse(line);
});

test("logs of jobs that are gone are kept for thirty days", async (context) => {
  const at = logs(context);
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  for (const [name, age] of [
    ["old", 31],
    ["young", 29],
    ["job", 99],
  ] as const) {
    writeFileSync(at.logs.pathOf(name), "{}\n");
    utimesSync(at.logs.pathOf(name), days(age), days(age));
  }

  await at.logs.sweep((id) => id === "job", Date.now());

  assert.throws(() => statSync(at.logs.pathOf("old")), /ENOENT/);
  assert.ok(statSync(at.logs.pathOf("young")) && statSync(at.logs.pathOf("job")));
});

test("an id that is no name of a file has no log", (context) => {
  const at = logs(context);

  for (const id of ["../x", "a/b", "", ".", "a..b", "x".repeat(129), "a\0b", "%2e%2e"])
    assert.throws(() => at.logs.pathOf(id), /is no id of a job/);
});
