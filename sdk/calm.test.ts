import assert from "node:assert/strict";
import { test } from "node:test";
import { whenCalm } from "./calm.ts";

test("work begins as soon as the process is calm", async () => {
  let late = false;
  // It keeps the process alive, too: the timers of the work do not.
  const limit = setTimeout(() => (late = true), 60_000);

  await new Promise<void>((resolve) => whenCalm({ setTimeout }, resolve, { soonestMs: 250, latestMs: 60_000 }));

  assert.equal(late, false);
  clearTimeout(limit);
});

test("a process that stays busy keeps the work waiting, but not for ever", async () => {
  const startedAt = performance.now();
  let busy = true;
  const spin = () => {
    const until = performance.now() + 5;
    while (performance.now() < until);
    if (busy) setImmediate(spin);
  };
  setImmediate(spin);

  await new Promise<void>((resolve) => whenCalm({ setTimeout }, resolve, { soonestMs: 250, latestMs: 600 }));

  busy = false;
  assert.ok(performance.now() - startedAt >= 600);
});
