import assert from "node:assert/strict";
import { test } from "node:test";
import { isActiveAt } from "./active-hours.ts";
import type { ActiveHours } from "./active-hours.ts";

const DAY: ActiveHours = { start: "08:00", end: "22:00", timezone: "Europe/Berlin" };
const NIGHT: ActiveHours = { start: "22:00", end: "06:00", timezone: "Europe/Berlin" };

for (const [what, at, hours, expected] of [
  ["before it begins", "2026-01-10T06:59:59Z", DAY, false],
  ["its first minute", "2026-01-10T07:00:00Z", DAY, true],
  ["its last minute", "2026-01-10T20:59:59Z", DAY, true],
  ["its end is not part of it", "2026-01-10T21:00:00Z", DAY, false],
  ["in summer time", "2026-07-10T06:00:00Z", DAY, true],
  ["over midnight, before", "2026-01-10T22:30:00Z", NIGHT, true],
  ["over midnight, after", "2026-01-11T04:59:00Z", NIGHT, true],
  ["over midnight, not by day", "2026-01-11T05:00:00Z", NIGHT, false],
  ["in the hour that is there twice", "2026-10-25T00:30:00Z", NIGHT, true],
  ["right after the hour that is not there", "2026-03-29T01:00:00Z", { ...DAY, start: "03:00" }, true],
  ["until midnight", "2026-01-10T22:59:00Z", { start: "20:00", end: "24:00", timezone: "Europe/Berlin" }, true],
  ["no hours at all", "2026-01-10T03:00:00Z", undefined, true],
  ["the whole day", "2026-01-10T03:00:00Z", { start: "00:00", end: "24:00" }, true],
  ["a zone that nobody knows is the user's", "2026-01-10T23:00:00Z", { ...DAY, timezone: "Mars/Base" }, true],
] as const) {
  test(`active hours: ${what}`, () => {
    assert.equal(isActiveAt(new Date(at), hours, "Asia/Tokyo"), expected);
  });
}
