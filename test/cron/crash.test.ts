import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { GatewayClient } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { Platform } from "../faults/platform.ts";
import { Random } from "../faults/random.ts";
import { configOf } from "../faults/sweep.ts";
import { startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

interface Entry {
  readonly status: string;
  readonly error?: string;
  readonly note?: string;
}

async function connect({ port }: TestHome): Promise<GatewayClient> {
  const client = new GatewayClient({
    url: `ws://127.0.0.1:${port}`,
    token: TOKEN,
    client: { id: "test", version: "1", platform: "test", mode: "test" },
  });
  await client.connect();
  return client;
}

suite("kill -9 while a job runs", { concurrency: 2 }, () => {
  for (const [what, step, count, expected] of [
    ["before it does anything", "cron.run.begun", 1, ["error", "ok"]],
    ["while the agent works on it", "cron.jobs.written", 3, ["ok"]],
    ["after its answer was delivered", "cron.run.ended", 1, ["ok"]],
  ] as const) {
    test(`${what}: it comes to its end, and its answer is told once`, async () => {
      await using platform = await Platform.open(new Random(1));
      using home = await testHome(configOf(platform.port));
      const env = { OPENCLAW_TEST_KILL_AT: String(count), OPENCLAW_TEST_KILL_STEP: step };
      await using first = await startGateway(home, [], { env });
      const before = await connect(home);
      const { id } = await before.request<{ id: string }>("cron.add", {
        name: "brief",
        schedule: { kind: "at", at: new Date(Date.now() + 100).toISOString() },
        deleteAfterRun: false,
        payload: { kind: "agentTurn", message: "hello" },
        delivery: { mode: "announce", channel: "loop-none", to: "room" },
      });
      await first.ended;
      await before.close();

      await using _second = await startGateway(home);
      const client = await connect(home);
      const entries = await eventually(
        "the run has ended",
        async () => {
          const answer = await client.request<{ entries: Entry[] }>("cron.runs", { id });
          return answer.entries.some(({ status }) => status === "ok") && answer.entries;
        },
        20_000,
      );
      await client.close();

      assert.deepEqual(
        entries.map(({ status }) => status),
        expected,
      );
      assert.deepEqual(
        platform.shown.map(({ channel, chatId }) => [channel, chatId]),
        [["loop-none", "room"]],
      );
    });
  }
});
