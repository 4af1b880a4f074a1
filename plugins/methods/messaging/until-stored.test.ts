import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { untilStored } from "./until-stored.ts";

test("a write is repeated until it succeeds, and its failure is told once", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const told: unknown[] = [];
    let tries = 0;
    const write = async () => {
      if (++tries < 4) throw new Error(`full ${tries}`);
      return "written";
    };
    const written = untilStored(write, { isOver: () => false, failed: (error) => told.push(String(error)) });
    for (const ms of [1_000, 2_000, 4_000]) {
      await setImmediate();
      mock.timers.tick(ms);
    }

    assert.equal(await written, "written");
    assert.deepEqual([tries, told], [4, ["Error: full 1"]]);
  } finally {
    mock.timers.reset();
  }
});

test("a write that nobody needs any more fails at once", async () => {
  const write = () => Promise.reject(new Error("full"));

  await assert.rejects(untilStored(write, { isOver: () => true, failed: () => assert.fail("told") }), /full/);
});
