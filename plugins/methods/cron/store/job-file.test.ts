import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { viewOf } from "../job/view.ts";
import { JobBook } from "./job-book.ts";
import { JobFile } from "./job-file.ts";

const NOW = Date.parse("2026-01-05T08:00:00Z");
const PRODUCT = {
  id: "p1",
  name: "standup",
  enabled: true,
  createdAtMs: 1,
  updatedAtMs: 2,
  schedule: { kind: "cron", expr: "0 9 * * 1-5", tz: "Europe/Berlin", note: "kept" },
  sessionTarget: "isolated",
  wakeMode: "now",
  payload: { kind: "agentTurn", message: "plan the day", surprise: { deep: [1] } },
  delivery: { mode: "announce", channel: "telegram", to: "42" },
  owner: "ann",
  state: { nextRunAtMs: 5 },
};
const SEED = {
  id: "s1",
  schedule: "0 9 * * *",
  enabled: true,
  action: { type: "agent", params: { message: "good morning" } },
  deliverTo: "telegram:42",
  colour: "blue",
};

function place(context: TestContext, content?: unknown) {
  const directory = mkdtempSync(join(tmpdir(), "openclaw-jobs-"));
  context.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "cron", "jobs.json");
  mkdirSync(join(directory, "cron"));
  const write = (given: unknown) => writeFileSync(path, typeof given === "string" ? given : JSON.stringify(given));
  if (content !== undefined) write(content);
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const file = new JobFile(path, log);
  return {
    path,
    file,
    /** Another process opens it. */
    again: () => new JobFile(path, log).open(NOW),
    write,
    names: () => readdirSync(join(directory, "cron")).toSorted(),
    read: () => JSON.parse(readFileSync(path, "utf8")) as { jobs: Record<string, unknown>[]; [field: string]: unknown },
    async book() {
      const { list } = await file.open(NOW);
      return new JobBook({ file, now: () => NOW, log, edited: () => undefined }, list);
    },
  };
}

test("each job is saved in the spelling it came in, with everything nobody here knows", async (context) => {
  const at = place(context, { version: 1, jobs: [PRODUCT, SEED], remark: { by: "hand" } });
  const { list } = await at.file.open(NOW);

  await at.file.write(list);
  const once = at.read();
  await at.file.write((await at.again()).list);

  assert.deepEqual(at.read(), once, "stable");
  assert.deepEqual(once.jobs[0], PRODUCT);
  assert.deepEqual(once.jobs[1], { ...once.jobs[1], ...SEED });
  assert.deepEqual(Object.keys(once.jobs[1] as object).toSorted(), [
    "action",
    "colour",
    "createdAtMs",
    "deliverTo",
    "enabled",
    "id",
    "name",
    "schedule",
    "state",
    "updatedAtMs",
    "wakeMode",
  ]);
  assert.deepEqual(once["remark"], { by: "hand" });
});

test("clients of either schema can read all jobs", async (context) => {
  const at = place(context, [PRODUCT, SEED]);
  const { list } = await at.file.open(NOW);
  const [product, seed] = [...list.jobs.values()].map(viewOf);

  assert.deepEqual(
    [product?.["scheduleText"], product?.["deliverTo"], product?.["action"]],
    [
      "TZ=Europe/Berlin 0 9 * * 1-5",
      "telegram:42",
      { type: "agent", params: { message: "plan the day", surprise: { deep: [1] } } },
    ],
  );
  assert.deepEqual(
    [seed?.["name"], seed?.["schedule"], seed?.["payload"], seed?.["sessionTarget"], seed?.["delivery"]],
    [
      "job-s1",
      { kind: "cron", expr: "0 9 * * *" },
      { kind: "agentTurn", message: "good morning" },
      "isolated",
      { mode: "announce", channel: "telegram", to: "42" },
    ],
  );
});

test("comments are read, and a file of an interval keeps where it counts from", async (context) => {
  const job = '{ id: "e1", schedule: "every 20m", anchorMs: 7, action: { type: "message", params: { text: "x" } } }';
  const at = place(context, `{ version: 1, /* mine */ jobs: [${job},] }`);
  const { list } = await at.file.open(NOW);

  assert.deepEqual(list.jobs.get("e1")?.schedule, { kind: "every", everyMs: 1_200_000, anchorMs: 7 });
  await at.file.write(list);
  assert.equal(at.read().jobs[0]?.["anchorMs"], 7);
});

test("a record that is no job is left alone and told of", async (context) => {
  const broken = [{ id: "../etc", schedule: "* * * * *" }, { id: "b2", enabled: true }, 7, { ...PRODUCT }];
  const at = place(context, { version: 1, jobs: [PRODUCT, ...broken] });

  const { list, issue } = await at.file.open(NOW);
  await at.file.write(list);

  assert.equal(list.jobs.size, 1);
  assert.match(issue ?? "", /a job of .* is left alone, .* and 3 more; it stays in the file/);
  assert.deepEqual(at.read().jobs.slice(1), broken);
});

test("a moment that no calendar has is none", async (context) => {
  const state = { nextRunAtMs: 9e15, runningAtMs: -9e15, lastRunAtMs: "yesterday", lastDurationMs: 7 };
  const at = place(context, { version: 1, jobs: [{ ...PRODUCT, state }] });

  const { list } = await at.file.open(NOW);

  assert.deepEqual(list.jobs.get(PRODUCT.id)?.state, { lastDurationMs: 7 });
});

test("a file that cannot be read is kept aside, and its last good copy is used", async (context) => {
  const at = place(context, { version: 1, jobs: [PRODUCT] });
  const book = await at.book();
  await book.save();
  await book.save();
  at.write('{"version":1,"jobs":[{"id":');

  const { list, issue } = await at.again();

  assert.deepEqual([...list.jobs.keys()], ["p1"]);
  assert.match(issue ?? "", /jobs\.json could not be read .* is kept as .*corrupt-2026-01-05/);
  const aside = at.names().find((name) => name.includes(".corrupt-")) ?? "";
  assert.equal(readFileSync(join(at.path, "..", aside), "utf8"), '{"version":1,"jobs":[{"id":');
  assert.deepEqual(at.read().jobs[0], PRODUCT);
});

test("without a good copy, and for a newer version, the file stays as it is and says so", async (context) => {
  const torn = place(context, '{"version":1,"jobs":[');
  const newer = place(context, { version: 2, jobs: [] });
  await assert.rejects(torn.file.open(NOW), /cannot be read .* mend it or move it away/);
  await assert.rejects(newer.file.open(NOW), /is left alone: it is of version 2, made by a newer gateway/);

  assert.equal(readFileSync(torn.path, "utf8"), '{"version":1,"jobs":[');
  assert.deepEqual(torn.names(), ["jobs.json"]);
  assert.deepEqual(newer.names(), ["jobs.json"]);
});

test("the file is its owner's alone, and so is its copy", async (context) => {
  const at = place(context, { version: 1, jobs: [SEED] });
  const book = await at.book();
  await book.save();

  for (const name of ["jobs.json", "jobs.json.bak"])
    assert.equal(statSync(join(at.path, "..", name)).mode & 0o777, 0o600, name);
});

test("what people change in the file is taken over, and what runs keeps how it runs", async (context) => {
  const at = place(context, { version: 1, jobs: [PRODUCT] });
  const book = await at.book();
  const before = book.get("p1");
  assert.ok(before);
  book.put({ ...before, state: { nextRunAtMs: 99 } });
  await book.save();

  at.write({ version: 1, jobs: [{ ...PRODUCT, name: "renamed" }, SEED] });
  await book.refresh();

  assert.deepEqual([book.get("p1")?.name, book.get("p1")?.state.nextRunAtMs, book.size], ["renamed", 99, 2]);
  const own = book.get("p1");
  assert.ok(own);
  at.write({ version: 1, jobs: [SEED] });
  book.put({ ...own, name: "mine" });
  await book.save();
  assert.deepEqual(
    at.read().jobs.map(({ id }) => id),
    ["s1", "p1"],
  );
});

test("a file that people have broken meanwhile is not written over", async (context) => {
  const at = place(context, { version: 1, jobs: [PRODUCT] });
  const book = await at.book();
  at.write("{ not yet finished");

  await book.refresh();
  const job = book.get("p1");
  assert.ok(job);
  book.put({ ...job, name: "other" });
  await assert.rejects(book.save(), /mend it first/);

  assert.equal(readFileSync(at.path, "utf8"), "{ not yet finished");
  assert.equal(book.size, 1);
  assert.match(book.problem ?? "", /nothing is saved until it is mended/);
  at.write({ version: 1, jobs: [SEED] });
  await book.refresh();
  assert.deepEqual([book.problem, book.get("s1")?.name], [undefined, "job-s1"]);
});

test("changes that come together are written together", async (context) => {
  const at = place(context, { version: 1, jobs: [PRODUCT] });
  const book = await at.book();
  const job = book.get("p1");
  assert.ok(job);

  await Promise.all(
    Array.from({ length: 200 }, (_, n) => {
      book.put({ ...job, id: `j${n}` });
      return book.save();
    }),
  );

  assert.equal(at.read().jobs.length, 201);
});
