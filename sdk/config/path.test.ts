import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "./nearest.ts";
import { parsePath, valueAt } from "./path.ts";

const PATHS: readonly [string, readonly (string | number)[] | undefined][] = [
  ["gateway.port", ["gateway", "port"]],
  ["agents.list[0].id", ["agents", "list", 0, "id"]],
  ["agents.list.0", ["agents", "list", "0"]],
  ['groups["-100.5"].on', ["groups", "-100.5", "on"]],
  ['["a.b"]', ["a.b"]],
  ["a[0][1]", ["a", 0, 1]],
  ["", undefined],
  [".a", undefined],
  ["a.", undefined],
  ["a..b", undefined],
  ["a[x]", undefined],
  ["a[0]b", undefined],
  ["a[", undefined],
];
for (const [text, keys] of PATHS) test(`path ${text || "(empty)"}`, () => assert.deepEqual(parsePath(text), keys));

test("a value is found by keys, and only what the value itself holds", () => {
  const value = { list: [{ "a.b": 1 }] };

  assert.equal(valueAt(value, ["list", 0, "a.b"]), 1);
  assert.equal(valueAt(value, ["list", "0", "a.b"]), 1);
  assert.equal(valueAt(value, ["list", 1]), undefined);
  assert.equal(valueAt(value, ["constructor", "name"]), undefined);
});

test("the nearest word is at most two edits away, and closer for short ones", () => {
  assert.equal(nearest("gatway", ["gateway", "config"]), "gateway");
  assert.equal(nearest("PORT", ["port"]), "port");
  assert.equal(nearest("gtwy", ["gateway"]), undefined);
  assert.equal(nearest("ab", ["xy"]), undefined);
});
