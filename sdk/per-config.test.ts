import assert from "node:assert/strict";
import { test } from "node:test";
import { perConfig } from "./per-config.ts";

test("what the configuration decides is read once, and anew after a change", () => {
  let config: object = { name: "first" };
  let reads = 0;
  const settings = { get: <T>(path: string) => (path === "" ? config : undefined) as T | undefined };
  const name = perConfig(settings, () => {
    reads++;
    return (config as { name?: string }).name;
  });

  assert.deepEqual([name(), name(), reads], ["first", "first", 1]);
  config = {};
  assert.deepEqual([name(), name(), reads], [undefined, undefined, 2]);
});
