import assert from "node:assert/strict";
import { test } from "node:test";
import { visibleSoFar, visibleText } from "./silent.ts";

/** What an agent says, what people see of it. */
const WHOLE: readonly (readonly [said: string, seen: string])[] = [
  ["hello", "hello"],
  [" hello ", " hello "],
  ["NO_REPLY", ""],
  ["  NO_REPLY\n", ""],
  ["NO_REPLY: nothing to add", ""],
  ["nothing to add. NO_REPLY", ""],
  ["NO_REPLYING is a word", "NO_REPLYING is a word"],
  ["say NO_REPLY to them", "say NO_REPLY to them"],
  ["HEARTBEAT_OK", ""],
  ["HEARTBEAT_OK all is well", "all is well"],
  ["all is well HEARTBEAT_OK", "all is well"],
  ["HEARTBEAT_OK HEARTBEAT_OK", ""],
];

for (const [said, seen] of WHOLE) {
  test(`of ${JSON.stringify(said)} people see ${JSON.stringify(seen)}`, () => {
    assert.equal(visibleText(said), seen);
  });
}

test("nothing is shown of what may become a silent answer", () => {
  for (const part of ["N", "NO", "NO_RE", " NO_REPLY", "HEART", ""]) assert.equal(visibleSoFar(part), "");
  for (const part of ["No", "NOW", "Heart", "NO_REPLIES"]) assert.equal(visibleSoFar(part), part);
});
