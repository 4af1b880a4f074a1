import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "../error.ts";
import { failureOf, modelError, reasonOfStatus, reasonOfText } from "./model-failure.ts";
import type { FailureReason } from "./model-failure.ts";

/** What providers really write. */
const SAID: readonly (readonly [FailureReason, number, string])[] = [
  [
    "context_overflow",
    400,
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000",
  ],
  ["context_overflow", 400, "prompt is too long: 208310 tokens > 200000 maximum"],
  ["context_overflow", 400, "Your input exceeds the context window of this model."],
  ["context_overflow", 400, "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."],
  ["context_overflow", 400, "the request exceeds the available context size, try increasing it"],
  ["billing", 429, "You exceeded your current quota, please check your plan and billing details. (insufficient_quota)"],
  [
    "rate_limit",
    429,
    "You exceeded your current quota, please check your plan and billing details. Please retry in 31.2s.",
  ],
  ["rate_limit", 429, "too many tokens per minute"],
  ["billing", 400, "Your credit balance is too low to access the API"],
  ["billing", 402, "whatever"],
  ["auth", 400, "API key not valid. Please pass a valid API key."],
  ["auth", 401, "Incorrect API key provided"],
  ["auth", 403, "denied"],
  ["no_model", 404, "model 'llama9' not found, try pulling it first"],
  ["format", 400, "tools.0.input_schema: unsupported"],
  ["format", 422, "unprocessable"],
  ["overloaded", 529, "Overloaded"],
  ["overloaded", 503, "The model is overloaded. Please try again later."],
  ["server", 500, "Internal error"],
  ["server", 502, "Bad gateway"],
  ["timeout", 408, "late"],
];

for (const [reason, status, text] of SAID) {
  test(`${status} "${text.slice(0, 50)}" is ${reason}`, () => {
    assert.equal(reasonOfStatus(status, text), reason);
  });
}

test("an error inside a stream has only its words", () => {
  assert.equal(reasonOfText("Overloaded (overloaded_error)"), "overloaded");
  assert.equal(reasonOfText("read ECONNRESET"), "network");
  assert.equal(reasonOfText("the stream was terminated before the end of the answer"), "network");
  assert.equal(reasonOfText("something odd"), "other");
});

test("what a model throws says itself what it is; other errors are read", () => {
  const own = modelError("model a/b: no", "a/b", { reason: "rate_limit", status: 429, retryAfterMs: 5 });

  assert.deepEqual(failureOf(own), { reason: "rate_limit", status: 429, retryAfterMs: 5 });
  assert.deepEqual(failureOf(new GatewayError("UNAVAILABLE", "x", { details: { reason: "toString" } })), {
    reason: "other",
  });
  assert.deepEqual(failureOf(new Error("socket hang up")), { reason: "network" });
  assert.deepEqual(failureOf(null), { reason: "other" });
});
