import assert from "node:assert/strict";
import { test } from "node:test";
import { boundedBody } from "./bounded-body.ts";

test("a body is read up to a limit, and no further", async () => {
  assert.equal((await boundedBody(new Response("12345"), 5)).toString(), "12345");
  assert.equal((await boundedBody(new Response(null, { status: 204 }), 0)).length, 0);
  let wasCancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(4)),
    cancel: () => void (wasCancelled = true),
  });

  await assert.rejects(boundedBody(new Response(endless), 10), { message: "the answer has more than 10 bytes" });
  assert.ok(wasCancelled);
});
