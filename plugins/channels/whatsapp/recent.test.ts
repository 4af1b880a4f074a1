import assert from "node:assert/strict";
import { test } from "node:test";
import { Recent } from "./recent.ts";

test("what is remembered is bounded; what was used last stays", () => {
  const recent = new Recent<number>(2);
  recent.set("a", 1);
  recent.set("b", 2);
  recent.get("a");
  recent.set("c", 3);

  assert.deepEqual([recent.get("a"), recent.get("b"), recent.get("c"), recent.size], [1, undefined, 3, 2]);
  const brief = new Recent<number>(2, -1);
  brief.set("a", 1);
  assert.equal(brief.get("a"), undefined);
});
