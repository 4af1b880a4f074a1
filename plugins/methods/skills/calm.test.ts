import assert from "node:assert/strict";
import { test } from "node:test";
import type { PluginGateway } from "openclaw/plugin-sdk";
import { whenCalm } from "./calm.ts";

// The process of a test has something to do while it waits: a timer that is not unreferenced.
const gateway = {
  setTimeout: (run: () => void, ms: number) => {
    setTimeout(run, ms);
    return { unref: () => undefined };
  },
} as unknown as PluginGateway;

test("work begins as soon as the process is calm", async () => {
  let late = false;
  const limit = setTimeout(() => (late = true), 60_000);

  await new Promise<void>((resolve) => whenCalm(gateway, { soonestMs: 250, latestMs: 60_000 }, resolve));

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

  await new Promise<void>((resolve) => whenCalm(gateway, { soonestMs: 250, latestMs: 600 }, resolve));

  busy = false;
  assert.ok(performance.now() - startedAt >= 600);
});
