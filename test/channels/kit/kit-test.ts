import assert from "node:assert/strict";
import { test } from "node:test";
import { reportText, runChannelKit } from "openclaw/plugin-sdk/testing";
import type { ChannelKit, KitGrade } from "openclaw/plugin-sdk/testing";

const GRADES = ["none", "bronze", "silver", "gold", "platinum"];

/** Run the kit for a stock channel, print its report and demand a grade. */
export function kitTest(kit: ChannelKit, grade: KitGrade, path?: string): void {
  test(`${kit.channel} has at least the grade ${grade} in the channel kit`, async (context) => {
    const only = process.env["KIT_ONLY"]?.split(",");
    const report = await runChannelKit(kit, {
      patience: 3,
      watchMs: 1_500,
      ...(only && { only }),
      ...(path && { path }),
    });

    for (const line of reportText(report).split("\n")) context.diagnostic(line);
    assert.ok(GRADES.indexOf(report.grade) >= GRADES.indexOf(grade), reportText(report));
  });
}
