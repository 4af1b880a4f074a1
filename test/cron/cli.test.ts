import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { run, startGateway, testHome } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";

interface Job {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly scheduleText: string;
  readonly agentId?: string;
  readonly deliverTo?: string;
  readonly payload: Record<string, unknown>;
}

suite("openclaw cron", () => {
  let at: TestHome;
  let gateway: Running;
  before(async () => {
    at = await testHome();
    gateway = await startGateway(at);
  });
  after(async () => {
    await gateway[Symbol.asyncDispose]();
    at[Symbol.dispose]();
  });
  const cron = (...args: string[]) => run(at, ["cron", ...args]);
  const json = async <T>(...args: string[]) => JSON.parse((await cron(...args, "--json")).stdout) as T;

  test("a job from its plan to its end", async () => {
    const plan = ["--name", "tea", "--every", "20m", "--message", "hello", "--agent", "main", "--no-deliver"];
    const job = await json<Job>("add", ...plan);
    const moved = await cron("edit", job.id, "--cron", "0 8 * * *", "--tz", "Europe/Berlin");
    assert.equal(moved.code, 0, moved.stderr);
    const edited = await json<Job>("edit", "tea", "--cron", "0 9 * * *", "--clear-agent", "--model", "m");
    assert.deepEqual(
      [edited.scheduleText, edited.agentId, edited.payload, edited.deliverTo],
      ["TZ=Europe/Berlin 0 9 * * *", undefined, { kind: "agentTurn", message: "hello", model: "m" }, "none"],
    );
    assert.equal((await json<Job>("disable", job.id)).enabled, false);
    assert.match((await cron("list")).stdout, /there is no job that is on; see --all/);
    const short = job.id.slice(0, 8);
    const [, line = ""] = (await cron("list", "--all")).stdout.split("\n");
    assert.ok(line.startsWith(`${short}  tea `), line);
    assert.match(line, / TZ=Europe\/Berlin 0 9 \* \* \* +off /);
    assert.match((await cron("enable", short)).stdout, /^tea \(.*\): next \d{4}-/);
    assert.match((await cron("list")).stdout, / in \d+[hms]/);

    assert.equal((await cron("run", job.id, "--due")).stdout, "tea has not run: not-due\n");
    const [ran, runs] = [await cron("run", job.id), await cron("runs", "tea")];
    assert.deepEqual([ran.code, ran.stdout], [0, `tea has run; see openclaw cron runs ${job.id}\n`]);
    assert.match(runs.stdout, /(ok|error) +manual/);
    assert.equal((await cron("rm", job.id)).stdout, "removed tea\n");
    const gone = await cron("rm", job.id);
    assert.deepEqual([gone.code, gone.stderr.split("\n")[0]], [1, `there is no job ${job.id}`]);
  });

  test("what cannot be meant is wrong usage, and what the gateway refuses is told in its words", async () => {
    const wrong = await Promise.all([
      cron("add", "--name", "x", "--message", "hi"),
      cron("add", "--every", "20m"),
      cron("add", "--every", "20m", "--at", "20m", "--message", "hi"),
      cron("add", "--at", "tomorrow-ish", "--message", "hi"),
      cron("add", "--every", "20m", "--tz", "UTC", "--message", "hi"),
      cron("runs"),
      cron("add", "--every", "5ms", "--message", "hi"),
    ]);
    const refused = await cron("add", "--cron", "99 * * * *", "--message", "hi");

    assert.deepEqual(
      wrong.map(({ code, stderr }) => [code, stderr.split("\n")[0]]),
      [
        [2, "when? pass --at, --every or --cron"],
        [2, "what? pass --message, --system-event, --send or --webhook"],
        [2, "--at and --every contradict each other; pass one of them"],
        [2, "--at tomorrow-ish is no time; write 2026-12-24T18:00:00Z, 20m or +3d"],
        [2, "--tz goes with --cron"],
        [2, "which job? pass its id; see openclaw cron list"],
        [2, "--every 5ms is too often; 1s is the shortest"],
      ],
    );
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /schedule\.expr: CronPattern: Invalid value for minute: 99/);
  });
});
