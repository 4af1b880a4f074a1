import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { ANN, startDiscord } from "./discord-gateway.ts";

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
