import assert from "node:assert/strict";
import { test } from "node:test";
import { hintedMs } from "./backoff.ts";
import { outcomeOf } from "./outcome.ts";

test("what is no outcome says nothing: nobody can know, and it is never repeated by itself", () => {
  for (const answer of [undefined, null, true, "sent", [], {}, { outcome: "SENT" }, { outcome: "done" }]) {
    assert.equal(outcomeOf(answer).outcome, "unknown", JSON.stringify(answer));
  }
});

test("an outcome that lies in its details is recorded without them", () => {
  assert.deepEqual(outcomeOf({ outcome: "sent", messageId: 42, extra: "x" }), { outcome: "sent", messageId: "42" });
  assert.deepEqual(outcomeOf({ outcome: "sent" }), { outcome: "sent", messageId: "" });
  assert.deepEqual(outcomeOf({ outcome: "not_sent" }), {
    outcome: "not_sent",
    retryable: false,
    reason: "the channel did not say why",
  });
  const wild = outcomeOf({
    outcome: "not_sent",
    retryable: "yes",
    reason: "x".repeat(10_000),
    retryAfterMs: Number.NaN,
  });
  assert.deepEqual(wild, { outcome: "not_sent", retryable: false, reason: "x".repeat(500) });
  for (const retryAfterMs of [Number.NaN, -1, 0, "7", null, undefined]) {
    assert.ok(!("retryAfterMs" in outcomeOf({ outcome: "not_sent", retryable: true, reason: "x", retryAfterMs })));
  }
  assert.partialDeepStrictEqual(outcomeOf({ outcome: "not_sent", retryAfterMs: Infinity }), {
    retryAfterMs: 24 * 3_600_000,
  });
});

test("a network that always asks for a moment is asked less and less often, up to once a second", () => {
  const waits = [1, 3, 7, 50].map((attempt) => Math.floor(hintedMs(0.01, attempt)));

  assert.ok(waits.every((wait, index) => index === 0 || wait > (waits[index - 1] as number) * 0.9));
  assert.ok((waits.at(-1) as number) >= 1_000 && (waits.at(-1) as number) <= 1_100, `${waits}`);
});
