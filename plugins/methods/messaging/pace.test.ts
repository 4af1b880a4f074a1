import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboxEntry } from "openclaw/plugin-sdk";
import { Pace } from "./pace.ts";

function to(target: string, accountId = "default"): OutboxEntry {
  const address = { channel: "lab", accountId, to: target };
  return { id: target, address, payload: { text: "x" }, state: "pending", attempt: 0, createdAt: 0, nextAttemptAt: 0 };
}

const HOUR_MS = 3_600_000;

test("a target is not sent to more often than its rate, and others do not wait for it", () => {
  const pace = new Pace();
  const rate = { target: { count: 2, perMs: HOUR_MS } };

  assert.deepEqual([pace.wait(to("a"), rate), pace.wait(to("a"), rate)], [0, 0]);
  const wait = pace.wait(to("a"), rate);

  assert.ok(wait > 0 && wait <= HOUR_MS / 2);
  assert.equal(pace.wait(to("b"), rate), 0);
});

test("an account's rate is shared by all its targets, and one that has to wait takes nothing", () => {
  const pace = new Pace();
  const rate = { account: { count: 1, perMs: HOUR_MS }, target: { count: 1, perMs: HOUR_MS } };

  assert.equal(pace.wait(to("a"), rate), 0);
  assert.ok(pace.wait(to("b"), rate) > 0);
  assert.equal(pace.wait(to("b", "other"), rate), 0);
  assert.equal(pace.wait(to("b"), { target: rate.target }), 0);
});

test("what a network asks of an account holds for all its targets", () => {
  const pace = new Pace();

  pace.block(to("a"), HOUR_MS);

  assert.ok(pace.wait(to("b"), undefined) > 0);
  assert.equal(pace.wait(to("b", "other"), undefined), 0);
});
