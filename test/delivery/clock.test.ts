import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

const HOUR_MS = 3_600_000;

/** The gateway of a test runs in this process: its wall clock is ours. Timers and the monotonic clock go on. */
async function atTime<T>(now: number, work: () => Promise<T>): Promise<T> {
  mock.timers.enable({ apis: ["Date"], now });
  try {
    return await work();
  } finally {
    mock.timers.reset();
  }
}

async function withHome(work: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "openclaw-clock-"));
  try {
    await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function send(lab: Lab, key: string): Promise<{ status?: string; messageId?: string; queueId?: string }> {
  const params = { channel: "lab", to: "ann", message: "hello", idempotencyKey: key };
  return lab.client.request("send", params, { timeoutMs: 30_000 });
}

const BUSY = { outcome: "not_sent", retryable: true, reason: "line busy", retryAfterMs: 20 * HOUR_MS };

test("what could not be sent for a day is given up, listed as expired, and can be sent once more", async () => {
  await withHome(async (home) => {
    const start = Date.now();
    {
      await using lab = await startLab({}, {}, home);
      await lab.script(BUSY);
      send(lab, "k1").catch(() => undefined);
      await lab.sends(1);
      // What the network asked for is on disk before the gateway goes.
      const { id } = await lab.ended("k1", "pending");
      assert.ok(id);
    }
    await atTime(start + 25 * HOUR_MS, async () => {
      await using lab = await startLab({}, {}, home);

      const trace = await lab.trace("k1").then(({ id }) => lab.ended(id, "expired"));

      assert.match(trace.explanation, /It was given up: not sent within 24 hours; last: line busy/);
      assert.deepEqual(await lab.sent(), []);
      const { counts } = await lab.client.request<{ counts: Record<string, number> }>("queue.list", {});
      assert.equal(counts["expired"], 1);
      await lab.client.request("queue.retry", { id: trace.id });
      await lab.ended(trace.id, "sent");
      assert.equal((await lab.sends(1)).length, 1);
    });
  });
});

test("a key means the same for a day, however the clock stands, and can be used anew after it", async () => {
  await withHome(async (home) => {
    const start = Date.now();
    const first = await atTime(start, async () => {
      await using lab = await startLab({}, {}, home);
      return await send(lab, "k1");
    });
    for (const [hours, isSame] of [
      [23, true],
      [-1, true],
      [25, false],
    ] as const) {
      await atTime(start + hours * HOUR_MS, async () => {
        await using lab = await startLab({}, {}, home);
        const again = await send(lab, "k1");
        assert.equal((await lab.sent()).length, isSame ? 0 : 1, `${hours} hours later`);
        if (isSame) assert.equal(again.messageId, first.messageId);
      });
    }
  });
});

test("messages keep their order and have one end while the clock jumps forward and back", async () => {
  await using lab = await startLab({ allowFrom: ["ann"] });
  const start = Date.now();
  const jumps = [0, HOUR_MS, -HOUR_MS, 10 * 365 * 24 * HOUR_MS, -10 * 365 * 24 * HOUR_MS, 0];

  mock.timers.enable({ apis: ["Date"], now: start });
  try {
    for (const [number, jump] of jumps.entries()) {
      mock.timers.setTime(start + jump);
      await lab.says({ id: `j${number}`, text: `say number ${number}` });
    }
    const sent = await lab.sends(jumps.length);

    assert.equal(sent.length, jumps.length);
    for (const [number] of jumps.entries()) {
      assert.match(sent[number]?.payload.text ?? "", new RegExp(`number ${number}`));
      assert.equal((await lab.trace(`j${number}`)).state, "done");
    }
  } finally {
    mock.timers.reset();
  }
});
