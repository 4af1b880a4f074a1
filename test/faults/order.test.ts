import assert from "node:assert/strict";
import { test } from "node:test";
import { orderLedger, orderOf } from "./order.ts";

test("200 interleaved conversations keep their order and are answered once each (I1-I3, R-03, R-05)", async (context) => {
  const found = await orderOf(20_261_126, 200, 3);

  context.diagnostic(orderLedger(200, found));
  assert.deepEqual(found.faults, []);
  assert.equal(found.accepted, 600);
});
