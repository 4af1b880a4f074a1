import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneAwayFromNight } from "./zone-away.ts";

const hourIn = (timeZone: string, at: Date) =>
  Number(new Intl.DateTimeFormat("en", { timeZone, hour: "numeric", hourCycle: "h23" }).format(at));

for (const zone of ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Pago_Pago"])
  for (const [hour, minute, isNear] of [
    [23, 57, true],
    [3, 58, true],
    [23, 50, false],
    [0, 0, false],
    [4, 1, false],
    [12, 0, false],
  ] as const)
    test(`a test that begins at ${hour}:${minute} in ${zone} ${isNear ? "has another clock" : "keeps its clock"}`, (context) => {
      const before = process.env["TZ"];
      context.after(() => {
        if (before === undefined) delete process.env["TZ"];
        else process.env["TZ"] = before;
      });
      process.env["TZ"] = zone;
      const now = new Date(2026, 10, 27, hour, minute);

      const other = zoneAwayFromNight(now);

      assert.equal(other !== undefined, isNear);
      if (other !== undefined) assert.ok([1, 2, 5, 6].includes(hourIn(other, now)), `${other}: ${hourIn(other, now)}`);
    });
