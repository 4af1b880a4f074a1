import assert from "node:assert/strict";
import { test } from "node:test";
import { running } from "./faults.ts";
import { Scope } from "./scope.ts";

const LIMITS = { drainMs: 50, disposeMs: 50 };

test("closing retracts, drains, aborts and disposes, newest first", async () => {
  const scope = new Scope("acme");
  const steps: string[] = [];
  scope.entry("way", () => () => void steps.push("retract"));
  scope.own("old", () => void steps.push("old"));
  scope.own("new", async () => void steps.push("new"));
  scope.signal.addEventListener("abort", () => steps.push("abort"));
  scope.publish();
  scope.enter();

  const closing = scope.close(LIMITS);
  steps.push("running");
  scope.leave();
  const problems = await closing;

  assert.deepEqual(steps, ["retract", "running", "abort", "new", "old"]);
  assert.deepEqual(problems, []);
  assert.equal(scope.closed, true);
});

test("closing twice is the same closing", async () => {
  const scope = new Scope("acme");
  let disposed = 0;
  scope.own("x", () => void disposed++);

  assert.equal(scope.close(LIMITS), scope.close(LIMITS));
  await scope.close(LIMITS);

  assert.equal(disposed, 1);
});

test("while it drains a scope takes in what running calls hold, and no new way in; afterwards neither", async () => {
  const scope = new Scope("acme");
  const disposed: string[] = [];
  scope.publish();
  scope.enter();

  const closing = scope.close(LIMITS);
  scope.own("late timer", () => void disposed.push("late timer"));
  assert.throws(() => scope.entry("tap", () => () => undefined), /plugin "acme" is closed; cannot add tap/);
  scope.leave();
  await closing;

  assert.deepEqual(disposed, ["late timer"]);
  assert.throws(() => scope.own("timer", () => undefined), /plugin "acme" is closed; cannot add timer/);
  assert.throws(() => scope.publish(), /is closed/);
});

test("what misbehaves is named, and the rest is disposed of all the same", async () => {
  const scope = new Scope("acme");
  const disposed: string[] = [];
  scope.own("good", () => void disposed.push("good"));
  scope.own("thrower", () => {
    throw new Error("stuck");
  });
  scope.own("hanger", () => new Promise(() => {}));
  scope.enter();

  const problems = await scope.close(LIMITS);

  assert.deepEqual(problems, [
    "1 calls still running after 50 ms",
    "hanger did not close within 50 ms",
    "thrower failed to close: stuck",
  ]);
  assert.deepEqual(disposed, ["good"]);
});

test("listeners of its signal and disposers run in its name", async () => {
  const scope = new Scope("acme");
  const owners: (string | undefined)[] = [];
  scope.signal.addEventListener("abort", () => owners.push(running.getStore()?.owner));
  scope.own("x", () => void owners.push(running.getStore()?.owner));

  await scope.close(LIMITS);

  assert.deepEqual(owners, ["acme", "acme"]);
});

test("a resource that ended by itself is not disposed of", async () => {
  const scope = new Scope("acme");
  let disposed = false;
  const disown = scope.own("x", () => void (disposed = true));

  disown();
  await scope.close(LIMITS);

  assert.equal(disposed, false);
});
