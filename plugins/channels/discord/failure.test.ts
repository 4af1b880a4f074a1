import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf, GarbledAnswer, outcomeOf, startError } from "./failure.ts";

const refused = (status: number, code: number, message: string) =>
  Object.assign(new Error(message), { status, code, rawError: {} });
const network = (code: string) => Object.assign(new Error(code), { code });

test("what Discord says becomes the outcome that may be believed", () => {
  const table: [unknown, object][] = [
    [network("ECONNREFUSED"), { outcome: "not_sent", retryable: true }],
    [network("ENOTFOUND"), { outcome: "not_sent", retryable: true }],
    [network("UND_ERR_CONNECT_TIMEOUT"), { outcome: "not_sent", retryable: true }],
    [network("ECONNRESET"), { outcome: "unknown" }],
    [network("UND_ERR_SOCKET"), { outcome: "unknown" }],
    [Object.assign(new Error("x"), { name: "AbortError" }), { outcome: "unknown" }],
    [new GarbledAnswer(), { outcome: "unknown" }],
    [Object.assign(new Error("x"), { status: 502 }), { outcome: "unknown" }],
    [refused(400, 50_035, "Invalid Form Body"), { outcome: "not_sent", retryable: false }],
    [refused(403, 50_013, "Missing Permissions"), { outcome: "not_sent", retryable: false }],
    [refused(404, 10_003, "Unknown Channel"), { outcome: "not_sent", retryable: false }],
    [refused(413, 0, "Request entity too large"), { outcome: "not_sent", retryable: false }],
    [refused(401, 0, "401: Unauthorized"), { outcome: "not_sent", retryable: true }],
    [
      new Error("Expected token to be set for this request, but none was present"),
      { outcome: "not_sent", retryable: true },
    ],
    [
      Object.assign(new Error("x"), { retryAfter: 1_050, timeToReset: 1_050, sublimitTimeout: 0, global: false }),
      { outcome: "not_sent", retryable: true, retryAfterMs: 1_050, throttled: "target" },
    ],
    [
      Object.assign(new Error("x"), { retryAfter: 0, timeToReset: 0, sublimitTimeout: 3_000, global: true }),
      { outcome: "not_sent", retryable: true, retryAfterMs: 3_000, throttled: "account" },
    ],
    ["nonsense", { outcome: "unknown" }],
    [undefined, { outcome: "unknown" }],
  ];
  for (const [error, expected] of table) {
    const { reason, ...outcome } = outcomeOf(failureOf(error)) as { reason: string };
    assert.deepEqual(outcome, expected, String(error));
    assert.notEqual(reason, "");
  }
});

test("a refusal says what to do about it, in one line", () => {
  const text = (code: number, message = "Nope") => failureOf(refused(403, code, message)).text;
  assert.equal(
    text(50_007, "Cannot send messages to this user"),
    "Cannot send messages to this user (50007): this person does not take direct messages from the bot; they must share a server and allow them",
  );
  assert.equal(text(99_999, "Something\n  else"), "Something else (99999)");
  assert.match(failureOf(refused(413, 0, "Request entity too large")).text, /larger than Discord takes/);
});

test("what ends an account is told apart from what time mends", () => {
  const start = (error: unknown) => startError(failureOf(error), "channels.discord.accounts.work");
  assert.equal(start(refused(401, 0, "401: Unauthorized")).kind, "auth");
  assert.match(start(refused(401, 0, "x")).fix ?? "", /set channels\.discord\.accounts\.work\.token/);
  assert.equal(start(network("ECONNREFUSED")).kind, "transient");
  const throttled = start(Object.assign(new Error("x"), { retryAfter: 5_000 }));
  assert.equal(throttled.kind, "throttled");
  assert.equal(throttled.retryAfterMs, 5_000);
});
