import assert from "node:assert/strict";
import { test } from "node:test";
import { Repeats } from "./repeats.ts";

test("a key has one answer, and none for another request", async () => {
  const repeats = new Repeats<number>();
  let asked = 0;
  const work = async () => ++asked;

  const both = await Promise.all([repeats.once("k", { a: 1 }, work), repeats.once("k", { a: 1 }, work)]);

  assert.deepEqual(both, [1, 1]);
  assert.equal(repeats.once("k", { a: 2 }, work), undefined);
  assert.equal(await repeats.once("other", { a: 1 }, work), 2);
});

test("what failed is asked again, what is old is forgotten", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const repeats = new Repeats<number>();
  let asked = 0;
  const fails = async () => {
    asked++;
    throw new Error("no");
  };
  await assert.rejects(repeats.once("k", 1, fails) as Promise<number>);
  await assert.rejects(repeats.once("k", 1, fails) as Promise<number>);
  assert.equal(asked, 2);

  await repeats.once("kept", 1, async () => 1);
  t.mock.timers.tick(299_000);
  assert.equal(await repeats.once("kept", 1, async () => 2), 1);
  t.mock.timers.tick(2_000);
  assert.equal(await repeats.once("kept", 1, async () => 2), 2);
});

test("there is room for a thousand", async () => {
  const repeats = new Repeats<number>();
  for (let at = 0; at < 1_500; at++) await repeats.once(`k${at}`, at, async () => at);

  assert.equal(await repeats.once("k1499", 1499, async () => -1), 1499);
  assert.equal(await repeats.once("k0", 0, async () => -1), -1);
});
