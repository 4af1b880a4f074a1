import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reportText, runChannelKit } from "openclaw/plugin-sdk/testing";
import type { ChannelKit, KitGrade } from "openclaw/plugin-sdk/testing";

const DOCS = join(import.meta.dirname, "../../../docs/channels");
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
    if (only || path) return;
    const page = readFileSync(join(DOCS, `${kit.channel}.md`), "utf8");
    const told = /^Grade in the \[channel kit\]\(\S+\): (\w+)\.$/m.exec(page)?.[1];
    assert.equal(told, report.grade, `docs/channels/${kit.channel}.md names another grade`);
    const table = readFileSync(join(DOCS, "README.md"), "utf8").split("\n");
    const row = table.find((line) => line.includes(`](${kit.channel}.md)`));
    assert.equal(row?.split("|")[2]?.trim(), report.grade, "docs/channels/README.md names another grade");
  });
}
