import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { captureNames } from "./replay/capture.ts";
import { INTENDED } from "./replay/intended.ts";
import { skip } from "./replay/surroundings.ts";

test("every capture is replayed by a test file of its family", { skip }, () => {
  const families = readdirSync(import.meta.dirname).filter((name) => /^replay-.*\.test\.ts$/.test(name));
  const sources = families.map((name) => readFileSync(join(import.meta.dirname, name), "utf8")).join("\n");

  const forgotten = captureNames().filter((name) => !sources.includes(`"${name}"`));

  assert.deepEqual(forgotten, []);
});

test("what is allowed is allowed for a capture that there is", { skip }, () => {
  const names = new Set(captureNames());

  assert.deepEqual(
    Object.keys(INTENDED).filter((file) => !names.has(file)),
    [],
  );
});
