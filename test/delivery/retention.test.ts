import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

const DAY_MS = 24 * 3_600_000;

function send(lab: Lab, key: string): Promise<unknown> {
  const params = { channel: "lab", to: key, message: "hello", idempotencyKey: key };
  return lab.client.request("send", params, { timeoutMs: 30_000 });
}

function isKnown(lab: Lab, id: string): Promise<boolean> {
  return lab.trace(id).then(
    () => true,
    () => false,
  );
}

test("what ended well is forgotten after a week, what ended badly after a month, what is open never (R-12)", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-old-"));
  const start = Date.now();
  const retention = { messages: { forgetEveryMs: 300 } };
  try {
    const ids: Record<string, string> = {};
    {
      await using lab = await startLab({ allowFrom: ["ann"] }, {}, home);
      await lab.script({ outcome: "not_sent", retryable: false, reason: "no such chat" }, { fail: "reset" });
      await send(lab, "dead").catch(() => undefined);
      await send(lab, "unknown");
      await send(lab, "sent");
      await lab.says({ id: "answered", text: "hello" });
      await lab.ended("answered", "done");
      for (const key of ["dead", "unknown", "sent", "answered"]) ids[key] = (await lab.trace(key)).id;
    }
    for (const [days, gone, kept] of [
      [6, [], ["dead", "unknown", "sent", "answered"]],
      [8, ["sent", "answered"], ["dead", "unknown"]],
      [31, ["sent", "answered", "dead", "unknown"], []],
    ] as const) {
      mock.timers.enable({ apis: ["Date"], now: start + days * DAY_MS });
      try {
        await using lab = await startLab({ allowFrom: ["ann"] }, retention, home);
        // A key that is a day old goes with every look: when it is gone, the look is over.
        await eventually("old keys are forgotten", async () => !(await isKnown(lab, "sent")), 10_000);
        for (const key of gone)
          await eventually(`${key} is forgotten`, async () => !(await isKnown(lab, ids[key] as string)), 10_000);
        for (const key of kept) assert.ok(await isKnown(lab, ids[key] as string), `${key} after ${days} days`);
      } finally {
        mock.timers.reset();
      }
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
