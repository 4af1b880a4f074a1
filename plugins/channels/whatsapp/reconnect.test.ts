import assert from "node:assert/strict";
import { test } from "node:test";
import { reconnectPolicy } from "./reconnect.ts";

test("pauses grow within bounds that do not hammer the network", () => {
  const policy = reconnectPolicy(undefined);
  assert.deepEqual(policy, { initialMs: 2_000, maxMs: 30_000, factor: 1.8, jitter: 0.25, maxAttempts: 12 });
  assert.deepEqual(reconnectPolicy({ initialMs: 1, factor: 99, jitter: -1, maxMs: 0, maxAttempts: 0 }), {
    initialMs: 250,
    maxMs: 250,
    factor: 10,
    jitter: 0,
    maxAttempts: 0,
  });
  assert.deepEqual(reconnectPolicy({ initialMs: "soon", factor: Number.NaN }), policy);
});
