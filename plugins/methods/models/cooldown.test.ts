import assert from "node:assert/strict";
import { test } from "node:test";
import type { FailureReason } from "openclaw/plugin-sdk";
import { afterFailure, afterSuccess, restsUntil } from "./cooldown.ts";
import type { UsageStats } from "./cooldown.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Minutes of rest after each of so many failures in a row, a minute apart. */
function rests(reason: FailureReason, times: number, knobs: object = {}): number[] {
  const found: number[] = [];
  let stats: UsageStats = {};
  for (let count = 1; count <= times; count++) {
    const now = count * MINUTE;
    stats = afterFailure(stats, { reason }, "acme", knobs as Record<string, unknown>, now);
    found.push(Math.max(restsUntil(stats, now) - now, 0) / MINUTE);
  }
  return found;
}

test("a refused key rests longer each time, up to an hour", () => {
  assert.deepEqual(rests("auth", 5), [1, 5, 25, 60, 60]);
});

test("a server that fails rests from the third time in a row", () => {
  assert.deepEqual(rests("overloaded", 4), [0, 0, 1, 5]);
});

test("an empty account rests for hours, doubling, and the hours can be set for each provider", () => {
  assert.deepEqual(rests("billing", 4), [300, 600, 1200, 1440]);
  assert.deepEqual(rests("billing", 2, { billingBackoffHours: 1 }), [60, 120]);
  assert.deepEqual(rests("billing", 2, { billingBackoffHoursByProvider: { acme: 2 }, billingMaxHours: 3 }), [120, 180]);
});

test("what is nobody's fault, or the conversation's, costs no rest", () => {
  for (const reason of ["context_overflow", "content_filter", "aborted", "no_model", "other"] as const)
    assert.deepEqual(rests(reason, 3), [0, 0, 0]);
});

test("failures are forgotten after a day, and by a success", () => {
  const first = afterFailure({}, { reason: "auth" }, "acme", {}, 0);

  const later = afterFailure(first, { reason: "auth" }, "acme", {}, 25 * HOUR);
  const good = afterFailure(afterSuccess(1), { reason: "auth" }, "acme", {}, 2);

  assert.deepEqual([first.errorCount, later.errorCount, good.errorCount], [1, 1, 1]);
});

test("a provider that says when to come again is believed", () => {
  const stats = afterFailure({}, { reason: "rate_limit", retryAfterMs: 3 * HOUR }, "acme", {}, 0);

  assert.equal(restsUntil(stats, 1), 3 * HOUR);
});
