import assert from "node:assert/strict";
import { test } from "node:test";
import { isEmptyChecklist } from "./checklist.ts";

for (const [text, expected] of [
  ["", true],
  ["# Checks\n\n## Daily\n", true],
  ["- \n* [ ]\n1.\n+\n", true],
  ["<!-- nothing\nyet -->\n# Checks", true],
  ["# Regular checks\n\n<!-- One line for each thing to look at. -->\n", true],
  ["# Checks\n- look at the mail", false],
  ["look around", false],
  ["- [ ] water the plants", false],
] as const) {
  test(`${JSON.stringify(text.slice(0, 30))} ${expected ? "has nothing to check" : "has something to check"}`, () => {
    assert.equal(isEmptyChecklist(text), expected);
  });
}
