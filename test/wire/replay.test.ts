import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { captureNames } from "./replay/capture.ts";
import { INTENDED } from "./replay/intended.ts";
import { skip } from "./replay/surroundings.ts";

/** Captures that are not replayed yet, and why. One that is in neither place fails. */
const NOT_REPLAYED: Readonly<Record<string, string>> = {
  "channels-configured": "comes with later plugins: telegram, whatsapp, discord, slack",
};

test("every capture is replayed by a test file of its family, or named with the reason why not", { skip }, (t) => {
  const families = readdirSync(import.meta.dirname).filter((name) => /^replay-.*\.test\.ts$/.test(name));
  const sources = families.map((name) => readFileSync(join(import.meta.dirname, name), "utf8")).join("\n");

  const forgotten = captureNames().filter((name) => !sources.includes(`"${name}"`) && !NOT_REPLAYED[name]);

  for (const [file, why] of Object.entries(NOT_REPLAYED)) t.diagnostic(`not replayed: ${file}, ${why}`);
  assert.deepEqual(forgotten, []);
});

test("what is allowed is allowed for a capture that there is", { skip }, () => {
  const names = new Set(captureNames());

  assert.deepEqual(
    Object.keys(INTENDED).filter((file) => !names.has(file)),
    [],
  );
});
