import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { containEscapes } from "./escapes.ts";

test("what listeners throw or reject with reaches nobody but the one who asked, and the others still hear", async () => {
  const emitter = new EventEmitter();
  const heard: unknown[] = [];
  const failures: string[] = [];
  emitter.on("frame", async () => Promise.reject(new Error("late")));
  emitter.on("frame", () => {
    throw new Error("at once");
  });
  emitter.on("frame", (value) => void heard.push(value));

  containEscapes(emitter, (event, error) => void failures.push(`${event}: ${(error as Error).message}`));
  const next = once(emitter, "frame");
  emitter.emit("frame", 7);
  await next;
  await new Promise((resolve) => setImmediate(resolve));

  assert.deepEqual(heard, [7]);
  assert.deepEqual(failures.toSorted(), ["frame: at once", "frame: late"]);
});
