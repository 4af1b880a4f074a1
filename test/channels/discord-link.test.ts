import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { ANN, startDiscord } from "./discord-gateway.ts";

test("a wrong token ends the account with one issue, one call and no retry", async () => {
  await using at = await startDiscord({ discord: { token: "wrong" } });

  const issue = await eventually("the issue", async () => (await at.issues())[0]);

  assert.equal(issue.kind, "auth");
  assert.equal(issue.message, "Discord refuses the bot token");
  assert.match(issue.fix ?? "", /set channels\.discord\.token/);
  assert.equal((await at.account())["state"], "failed");
  assert.equal(at.fake.calls.length, 1);
});

test("the close codes of the gateway end the account with what to do", async () => {
  for (const [code, message] of [
    [4004, /refuses the bot token/],
    [4014, /does not grant this bot the Message Content Intent/],
  ] as const) {
    await using at = await startDiscord({ discord: { enabled: false } });
    at.fake.gateway.mode = code;
    at.configure({ enabled: true });

    const issue = await eventually("the issue", async () => (await at.issues())[0], 20_000);

    assert.equal(issue.kind, "auth", String(code));
    assert.match(issue.message, message);
    assert.equal(at.fake.gateway.count(2), 1);
  }
});

test("a dropped connection is resumed, and what came meanwhile is answered once", async () => {
  await using at = await startDiscord();
  await at.connected();

  at.fake.gateway.drop();
  at.fake.says({ from: ANN, text: "hello" });
  await at.posts(1);

  assert.equal(at.fake.gateway.count(6), 1);
  assert.equal(at.fake.gateway.count(2), 1);
  assert.equal(at.fake.posted.length, 1);
});

test("a rate limit is waited for, and the message is posted once", async () => {
  await using at = await startDiscord();
  await at.connected();
  at.fake.mode("rate-limit", /POST .*\/messages/);

  const began = Date.now();
  at.fake.says({ from: ANN, text: "hello" });
  await at.posts(1);

  assert.ok(Date.now() - began >= 1_000);
  assert.equal(at.fake.calls.filter(({ method, path }) => method === "POST" && path.endsWith("/messages")).length, 2);
});

test("an answer that is lost on the way back is asked for with the same nonce, and shown once", async () => {
  await using at = await startDiscord();
  await at.connected();
  at.fake.mode("lost", /POST .*\/messages/);

  at.fake.says({ from: ANN, text: "hello" });
  await at.posts(1);
  at.fake.mode("ok");

  const nonces = () =>
    at.fake.calls
      .filter(({ method, path }) => method === "POST" && path.endsWith("/messages"))
      .map(({ body }) => body["nonce"]);
  await eventually("a second attempt", () => nonces().length >= 2, 20_000);
  await eventually("the end", async () => (await at.account())["lastOutboundAt"] !== null);
  assert.equal(new Set(nonces()).size, 1);
  assert.equal(at.fake.posted.length, 1);
});

test("a token that is taken back later ends the account; what waited goes out with the new one", async () => {
  await using at = await startDiscord();
  await at.connected();
  at.fake.answerOnce(/POST .*\/messages/, 401, { message: "401: Unauthorized", code: 0 });

  at.fake.says({ from: ANN, text: "hello" });
  const issue = await eventually("the issue", async () => (await at.issues())[0], 20_000);
  assert.equal(issue.message, "Discord refuses the bot token");
  at.configure({ token: `Bot ${at.fake.bot.token}` });

  await at.posts(1);
  assert.equal(at.fake.posted.length, 1);
});
