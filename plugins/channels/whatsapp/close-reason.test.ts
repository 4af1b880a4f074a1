import assert from "node:assert/strict";
import { test } from "node:test";
import { closeReason } from "./close-reason.ts";

test("each way in which the network ends a connection has a name and a consequence", () => {
  const actions = Object.fromEntries(
    [401, 403, 405, 408, 411, 428, 440, 499, 500, 503, 515].map((code) => [code, closeReason(code).action]),
  );

  assert.deepEqual(actions, {
    401: "logged-out",
    403: "refused",
    405: "refused",
    408: "retry",
    411: "refused",
    428: "retry",
    440: "conflict",
    499: "retry",
    500: "retry",
    503: "retry",
    515: "restart",
  });
  assert.match(closeReason(401).message, /401 logged out.*openclaw channels login/);
  assert.equal(
    closeReason(500, "Invalid account signature").message,
    "WhatsApp reported an error (500 bad session): Invalid account signature",
  );
});

test("what nobody has a name for is tried again, with the words it came with, but not all of them", () => {
  assert.deepEqual(closeReason(undefined, "socket hang up"), {
    code: 0,
    action: "retry",
    message: "the connection ended: socket hang up",
  });
  const odd = closeReason(777, "x".repeat(5_000));
  assert.equal(odd.action, "retry");
  assert.ok(odd.message.length < 300);
});
