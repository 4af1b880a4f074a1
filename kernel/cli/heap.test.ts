import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { keepHeapSmall } from "./heap.ts";

test("memory that a burst has filled goes back to the system when nothing happens any more", async () => {
  let texts = Array.from({ length: 400_000 }, (_, n) => ({ text: `text ${n} of a burst`, more: [n, n, n] }));
  assert.equal(texts.length, 400_000);
  const rss = process.memoryUsage.rss();

  texts = [];
  keepHeapSmall();

  await eventually("memory is given back", () => process.memoryUsage.rss() < rss - 32 * 1024 * 1024 || undefined);
  assert.equal("gc" in globalThis, false);
});
