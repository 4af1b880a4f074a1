import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { Guard } from "./guard.ts";

test("S-07 wrong tokens of one network are counted together, however its addresses are written", () => {
  const guard = new Guard("the-token-of-webhooks");
  const guess = (address: string, authorization = "Bearer wrong") =>
    // Nothing else of a request is looked at.
    guard.refusal({ headers: { authorization } } as IncomingMessage, address)?.[0];

  for (let at = 1; at <= 20; at++) assert.equal(guess(`2001:db8:1:2::${at}`), 401);

  assert.equal(guess("2001:db8:1:2:ffff::1"), 429);
  assert.equal(guess("2001:db8:1:3::1"), 401);
  assert.equal(guess("2001:db8:1:2::99", "Bearer the-token-of-webhooks"), undefined);
});
