import assert from "node:assert/strict";
import { test } from "node:test";
import { heartbeatOf, intervalMs, visibilityOf } from "./settings.ts";

const settings = (values: Record<string, unknown>) => ({ get: <T>(path: string) => values[path] as T | undefined });

test("an interval is a number of minutes, or a text with a unit", () => {
  assert.deepEqual(
    ["30m", "1h", 15, "2", "0m", 0, "90s", "soon"].map(intervalMs),
    [1_800_000, 3_600_000, 900_000, 120_000, 0, 0, 90_000, 1_800_000],
  );
});

test("the default agent beats alone, until an agent has a block of its own", () => {
  const none = settings({});
  const named = settings({
    "agents.defaults.heartbeat": { every: "10m", target: "none" },
    "agents.list": [{ id: "main" }, { id: "ops", heartbeat: { every: "5m" } }],
  });

  assert.deepEqual([heartbeatOf("main", true, none).every, heartbeatOf("ops", false, none).everyMs], ["30m", 0]);
  assert.equal(heartbeatOf("main", true, named).everyMs, 0);
  const ops = heartbeatOf("ops", false, named);
  assert.deepEqual([ops.every, ops.target], ["5m", "none"]);
});

test("what is shown is decided by the account, then the channel, then for all", () => {
  const values = settings({
    "channels.defaults.heartbeat": { showOk: true },
    "channels.lab.heartbeat": { showAlerts: false },
    "channels.lab.accounts.two.heartbeat": { showOk: false },
  });

  assert.deepEqual(visibilityOf("lab", "one", values), { showOk: true, showAlerts: false, useIndicator: true });
  assert.deepEqual(visibilityOf("lab", "two", values), { showOk: false, showAlerts: false, useIndicator: true });
});
