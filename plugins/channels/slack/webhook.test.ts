import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpExchange } from "openclaw/plugin-sdk";
import { signatureOf, Webhooks } from "./webhook.ts";

test("the signature is the one of Slack's own example, and of the bytes as they came", () => {
  // From the documentation of request signing.
  const body =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  const secret = "8f742231b10e8888abcd99yyyzzz85a5";
  const sign = (bytes: Buffer) => signatureOf(bytes, "1531420618", secret);

  assert.equal(sign(Buffer.from(body)), "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
  // Two bytes that no text has: as text they would be the same.
  assert.notEqual(sign(Buffer.from([0xff])), sign(Buffer.from([0xfe])));
});

test("what cannot be kept is to come again later, and no path is that of two accounts", async () => {
  const webhooks = new Webhooks({ warn: () => undefined } as never);
  const taken: unknown[] = [];
  const take = (body: unknown) => (taken.push(body) > 1 ? Promise.resolve() : Promise.reject(new Error("no room")));
  const secret = "a secret of Slack";
  const remove = webhooks.add("/slack/events", { accountId: "home", signingSecret: secret, take });
  const raw = Buffer.from('{"type":"event_callback"}');
  const ask = async () => {
    const sentAt = String(Math.floor(Date.now() / 1_000));
    const headers = { "x-slack-request-timestamp": sentAt, "x-slack-signature": signatureOf(raw, sentAt, secret) };
    const { promise, resolve } = Promise.withResolvers<unknown[]>();
    // What a handler uses of an exchange.
    const exchange = {
      request: { headers },
      url: new URL("http://gateway/slack/events"),
      body: async () => raw,
      reply: (...answer: unknown[]) => resolve(answer),
    };
    await webhooks.handle(exchange as unknown as HttpExchange);
    return promise;
  };

  assert.deepEqual(await ask(), [503, "", { "retry-after": "5" }]);
  assert.deepEqual(await ask(), [200]);
  assert.equal(webhooks.holder("/slack/events"), "home");
  remove();
  assert.deepEqual(await ask(), [404]);
  assert.deepEqual(taken, [{ type: "event_callback" }, { type: "event_callback" }]);
});
