import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { tailLog } from "./log-tail.ts";
import type { Tail, TailParams } from "./log-tail.ts";

interface Logs extends Disposable {
  readonly path: string;
  write(...lines: string[]): void;
  /** What the gateway does when the file is full. */
  rotate(): void;
}

function logs(): Logs {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-log-"));
  const path = join(folder, "openclaw-2031-01-01.log");
  let rotated = 0;
  return {
    path,
    write: (...lines) => appendFileSync(path, lines.map((line) => `${line}\n`).join("")),
    rotate() {
      const name = (n: number) => path.replace(".log", `.${n}.log`);
      for (let n = rotated++; n > 0; n--) renameSync(name(n), name(n + 1));
      renameSync(path, name(1));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test("the newest lines come first, and where to go on", async () => {
  using log = logs();
  log.write("one", "two", "three");

  const tail = await tailLog(log.path, { limit: 2 });

  assert.deepEqual(tail.lines, ["two", "three"]);
  assert.deepEqual([tail.cursor, tail.size, tail.truncated], [14, 14, true]);
});

test("a cut in the middle of a line leaves that line out", async () => {
  using log = logs();
  log.write("a long first line", "two");

  assert.deepEqual((await tailLog(log.path, { maxBytes: 10 })).lines, ["two"]);
});

test("a cursor goes on where it was, and is given up when it is of no use", async () => {
  using log = logs();
  log.write("one", "two");

  assert.deepEqual((await tailLog(log.path, { cursor: 4 })).lines, ["two"]);
  const beyond = await tailLog(log.path, { cursor: 99 });
  assert.deepEqual([beyond.lines, beyond.reset], [["one", "two"], true]);
  const behind = await tailLog(log.path, { cursor: 0, maxBytes: 6 });
  assert.deepEqual([behind.lines, behind.reset], [["two"], true]);
});

test("a line that is still being written waits until it is whole", async () => {
  using log = logs();
  log.write("one");
  appendFileSync(log.path, "tw");
  const first = await tailLog(log.path, {});

  appendFileSync(log.path, "o\n");

  assert.deepEqual([first.lines, first.cursor], [["one"], 4]);
  assert.deepEqual((await tailLog(log.path, first)).lines, ["two"]);
});

test("with the cursor's file told, rotation loses and repeats nothing", async () => {
  using log = logs();
  log.write("1");
  const place = await tailLog(log.path, {});
  log.write("2");
  log.rotate();
  log.write("3", "4");
  log.rotate();
  log.write("5");

  const read = await readOn(log, place, { limit: 2 });

  assert.deepEqual(read.lines, ["2", "3", "4", "5"]);
  assert.equal(read.place.file, log.path);
});

test("what does not fit one answer comes with the next", async () => {
  using log = logs();
  log.write("first");
  const place = await tailLog(log.path, {});
  const lines = Array.from({ length: 5_000 }, (_, n) => `${n} ${"x".repeat(100)}`);
  log.write(...lines);

  const read = await readOn(log, place, { limit: 5_000, maxBytes: 1 });

  assert.deepEqual(read.lines, lines);
  assert.ok(read.answers > 1);
});

test("a file that is gone is told, with what there is now", async () => {
  using log = logs();
  log.write("one");
  const place = await tailLog(log.path, {});
  rmSync(log.path);
  writeFileSync(log.path, "two\n");

  const tail = await tailLog(log.path, { ...place, id: "0-0" });

  assert.deepEqual([tail.lines, tail.reset], [["two"], true]);
});

test("no log is an error that names the file", async () => {
  using log = logs();

  await assert.rejects(tailLog(log.path, {}), { code: "UNAVAILABLE", message: `cannot read log ${log.path}` });
  await assert.rejects(tailLog(undefined, {}), { message: "this gateway writes no log file" });
});

/** Everything after `place`, as a follower reads it. */
async function readOn(
  log: Logs,
  from: Tail,
  params: TailParams,
): Promise<{ lines: string[]; place: Tail; answers: number }> {
  const lines: string[] = [];
  let place = from;
  for (let answers = 1; ; answers++) {
    const { id, cursor } = place;
    place = await tailLog(log.path, { ...params, id, cursor });
    if (place.lines.length === 0) return { lines, place, answers };
    lines.push(...place.lines);
  }
}
