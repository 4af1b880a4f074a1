import assert from "node:assert/strict";
import { test } from "node:test";
import { trafficText } from "./ledger.ts";
import { traffic } from "./traffic.ts";

/** A part of `npm run test:faults`, which drives ten times as many and kills ten times. */
test("under reloads every second and two kills, 1,000 messages are answered once each and in order (F-19, F-20)", async (context) => {
  const result = await traffic({
    seed: 1,
    messages: 1_000,
    kills: 2,
    perSecond: 100,
    conversations: 200,
    limitMs: 90_000,
  });

  context.diagnostic(trafficText(result));
  assert.deepEqual(result.faults, []);
});
