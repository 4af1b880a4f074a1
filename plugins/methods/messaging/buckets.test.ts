import assert from "node:assert/strict";
import { test } from "node:test";
import { Buckets } from "./buckets.ts";

const RATE = { count: 60, perMs: 60_000, burst: 2 };

test("so many at once, then one whenever there is a token again", () => {
  const buckets = new Buckets();
  const asked = [0, 0, 0, 500, 1_000, 1_000, 100_000, 100_000, 100_000].map((now) => {
    const waitMs = buckets.waitFor("ann", RATE, now);
    if (waitMs === 0) buckets.take("ann");
    return waitMs;
  });

  assert.deepEqual(asked, [0, 0, 1_000, 500, 0, 1_000, 0, 0, 1_000]);
});

test("a clock that goes back gives nothing and takes nothing", () => {
  const buckets = new Buckets();
  for (const now of [10_000, 10_000]) {
    assert.equal(buckets.waitFor("ann", RATE, now), 0);
    buckets.take("ann");
  }

  assert.equal(buckets.waitFor("ann", RATE, 0), 1_000);
  assert.equal(buckets.waitFor("ann", RATE, 1_000), 0);
});

test("many names cost no more memory than the newest of them, and do not free who floods", () => {
  const buckets = new Buckets();
  for (let number = 0; number < 30_000; number++) {
    buckets.waitFor(`stranger ${number}`, RATE, 0);
    if (buckets.waitFor("ann", RATE, 0) === 0) buckets.take("ann");
  }

  assert.equal(buckets.waitFor("ann", RATE, 0), 1_000);
});
