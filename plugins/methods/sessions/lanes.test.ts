import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { Lanes } from "./lanes.ts";

test("work of one key runs one at a time, in order", async () => {
  const lanes = new Lanes();
  const steps: string[] = [];
  const work = (name: string) => async () => {
    steps.push(`${name} begins`);
    await Promise.resolve();
    steps.push(`${name} ends`);
    return name;
  };

  const results = await Promise.all(["a", "b", "c"].map((name) => lanes.run("key", work(name))));

  assert.deepEqual(results, ["a", "b", "c"]);
  assert.deepEqual(steps, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("work that fails, or throws at once, does not stop what waits behind it", async () => {
  const lanes = new Lanes();

  const outcomes = await Promise.allSettled([
    lanes.run("key", async () => Promise.reject(new Error("first"))),
    lanes.run("key", () => {
      throw new Error("second");
    }),
    lanes.run("key", async () => "third"),
  ]);

  assert.deepEqual(
    outcomes.map((one) => (one.status === "fulfilled" ? one.value : one.reason.message)),
    ["first", "second", "third"],
  );
});

test("other keys do not wait for a key that is stuck", async () => {
  const lanes = new Lanes();
  const { promise, resolve } = Promise.withResolvers<void>();

  const stuck = lanes.run("stuck", () => promise);
  const behind = lanes.run("stuck", async () => "behind");
  assert.equal(await lanes.run("free", async () => "done"), "done");
  assert.equal(lanes.isBusy("stuck"), true);

  resolve();
  await stuck;
  assert.equal(await behind, "behind");
});

test("a lane without work is forgotten", async () => {
  const lanes = new Lanes();

  await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) =>
      lanes.run(`key ${index % 10}`, async () => {
        if (index % 3 === 0) throw new Error("fails");
      }),
    ),
  );

  await eventually("all lanes forgotten", () => lanes.size === 0);
  assert.equal(lanes.isBusy("key 1"), false);
});
