import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startToolBench } from "../tools/bench.ts";
import type { ToolBench } from "../tools/bench.ts";

interface Entry {
  readonly status: string;
  readonly error?: string;
  readonly sessionKey?: string;
}

const HOURLY = { kind: "every", everyMs: 3_600_000 };

const add = ({ client }: ToolBench, job: object) =>
  client.request<{ id: string }>("cron.add", { name: "a", schedule: HOURLY, delivery: { mode: "none" }, ...job });
const runs = async ({ client }: ToolBench, id: string) =>
  (await client.request<{ entries: Entry[] }>("cron.runs", { id })).entries;

/** The model begins to answer and does not come to an end; resolves when whoever asked has gone. */
function hang(bench: ToolBench): { readonly begun: () => boolean; readonly closed: () => boolean } {
  let [begun, closed] = [false, false];
  bench.model.otherwise = async (reply, request) => {
    reply.text("well");
    begun = true;
    await request.closed;
    closed = true;
  };
  return { begun: () => begun, closed: () => closed };
}

test("a turn that takes too long, or whose job is removed, is stopped at the model", async () => {
  await using bench = await startToolBench();
  const first = hang(bench);
  const slow = await add(bench, { payload: { kind: "agentTurn", message: "x", timeoutSeconds: 1 } });

  await bench.client.request("cron.run", { id: slow.id });

  assert.deepEqual(
    (await runs(bench, slow.id)).map(({ status, error }) => [status, error]),
    [["error", "cron: job execution timed out"]],
  );
  await eventually("the model is let go", first.closed);
  const second = hang(bench);
  const removed = await add(bench, { payload: { kind: "agentTurn", message: "x" } });
  const running = bench.client.request("cron.run", { id: removed.id });
  await eventually("the model is asked", second.begun);
  assert.deepEqual(await bench.client.request("cron.run", { id: removed.id }), {
    ok: true,
    ran: false,
    reason: "already-running",
  });
  await bench.client.request("cron.remove", { id: removed.id });
  await running;
  await eventually("the model is let go", second.closed);
  assert.equal((await runs(bench, removed.id))[0]?.error, "cron: the job was removed");
});

test("a reload of the plugin keeps a turn that runs, and switching the plugin off stops it", async () => {
  await using bench = await startToolBench();
  const { client } = bench;
  let finish = () => undefined as void;
  bench.model.otherwise = async (reply) => {
    await new Promise<void>((resolve) => (finish = resolve));
    reply.text("done at last");
    reply.end();
  };
  const job = await add(bench, { payload: { kind: "agentTurn", message: "x" } });
  await client.request("cron.run", { id: job.id, wait: false });
  await eventually("the model is asked", () => bench.model.requests.length === 1);

  await client.request("plugins.reload", { id: "cron" });
  finish();

  const [entry] = await eventually(
    "the run has ended",
    async () => {
      const entries = await runs(bench, job.id);
      return entries.length > 0 && entries;
    },
    15_000,
  );
  assert.deepEqual([entry?.status, bench.model.requests.length], ["ok", 1]);

  const last = hang(bench);
  await client.request("cron.run", { id: job.id, wait: false });
  await eventually("the model is asked", last.begun);
  await client.request("plugins.disable", { id: "cron" });
  await eventually("the model is let go", last.closed, 15_000);
});

test("an agent plans with its tool, and a job can speak in a session that goes on", async () => {
  await using bench = await startToolBench();
  const planned = await bench.use("cron", {
    action: "add",
    job: {
      name: "tea",
      schedule: HOURLY,
      payload: { kind: "agentTurn", message: "think" },
      delivery: { mode: "none" },
    },
  });
  const { id } = JSON.parse(planned.text) as { id: string };
  await bench.use("cron", { action: "run", jobId: id, force: true });
  const told = await bench.use("cron", { action: "runs", jobId: id });
  assert.match(told.text, /"status": "ok"/);

  const diary = await add(bench, {
    sessionTarget: "session:diary",
    payload: { kind: "agentTurn", message: "dear diary" },
  });
  for (let n = 0; n < 2; n++) await bench.client.request("cron.run", { id: diary.id });
  const keys = (await runs(bench, diary.id)).map(({ sessionKey }) => sessionKey);
  assert.deepEqual(keys, ["agent:main:diary", "agent:main:diary"]);
  const { messages } = await bench.client.request<{ messages: object[] }>("chat.history", { sessionKey: "diary" });
  assert.equal(messages.length, 4);
});
