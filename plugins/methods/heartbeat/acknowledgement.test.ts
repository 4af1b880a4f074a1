import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswer } from "./acknowledgement.ts";

const LONG = "x".repeat(301);

for (const [raw, kind, text] of [
  ["HEARTBEAT_OK", "ok"],
  ["  HEARTBEAT_OK\n", "ok"],
  ["**HEARTBEAT_OK**", "ok"],
  ["`HEARTBEAT_OK`.", "ok"],
  ["<b>HEARTBEAT_OK</b>", "ok"],
  ["HEARTBEAT_OK all quiet", "ok"],
  ["All quiet. HEARTBEAT_OK", "ok"],
  ["", "empty"],
  [" \n ", "empty"],
  ["NO_REPLY", "empty"],
  [`HEARTBEAT_OK ${LONG}`, "alert", LONG],
  [`${LONG} HEARTBEAT_OK`, "alert", LONG],
  ["The oven is on", "alert", "The oven is on"],
  ["Say HEARTBEAT_OK when done, said the note", "alert", "Say HEARTBEAT_OK when done, said the note"],
  ["HEARTBEAT_OKAY is no token", "alert", "HEARTBEAT_OKAY is no token"],
] as const) {
  test(`${JSON.stringify(raw).slice(0, 40)} is ${kind}`, () => {
    const answer = readAnswer(raw, 300);

    assert.deepEqual(answer, text === undefined ? { kind } : { kind, text });
  });
}

test("how much may stand beside the token is a setting", () => {
  assert.equal(readAnswer("HEARTBEAT_OK all quiet", 3).kind, "alert");
  assert.equal(readAnswer("HEARTBEAT_OK", 0).kind, "ok");
});
