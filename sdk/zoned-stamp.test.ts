import assert from "node:assert/strict";
import { test } from "node:test";
import { zonedStamp } from "./zoned-stamp.ts";

test("a time is told in its zone, and one that nobody knows costs nothing but the zone", () => {
  const at = new Date(Date.UTC(2026, 10, 20, 8, 13));

  assert.equal(zonedStamp(at, "UTC"), "Fri 2026-11-20 08:13 UTC");
  assert.match(zonedStamp(at, "Asia/Tokyo"), /^Fri 2026-11-20 17:13 /);
  assert.equal(zonedStamp(at, "Mars/Olympus"), zonedStamp(at));
});
