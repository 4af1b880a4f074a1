import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { eventually } from "openclaw/plugin-sdk/testing";
import { Scope } from "./scope.ts";
import { Timers } from "./timers.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;
const HOUR_MS = 3_600_000;

test("a timer that was cleared holds nothing", async () => {
  const timers = new Timers(new Scope("acme"));
  const message = ((heavy: object) => {
    clearTimeout(timers.add(() => setTimeout(() => void heavy, HOUR_MS)));
    return new WeakRef(heavy);
  })({});

  await eventually("nobody holds it", () => {
    gc();
    return message.deref() === undefined;
  });
});

test("what still waits is cleared with the scope, and nothing can be added after it", async () => {
  const scope = new Scope("acme");
  const timers = new Timers(scope);
  let fired = 0;
  const add = () => timers.add(() => setTimeout(() => fired++, 1));
  add();
  gc();
  add();

  assert.deepEqual(await scope.close({ drainMs: 10, disposeMs: 100 }), []);
  assert.throws(add, /plugin "acme" is closed; cannot add timers/);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(fired, 0);
});
