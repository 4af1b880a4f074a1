import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { FAKE_BOT, startFakeDiscord } from "../fakes/discord-server.ts";
import { ANN, startDiscord } from "./discord-gateway.ts";

const WORK_BOT = {
  ...FAKE_BOT,
  id: "900000000000000011",
  username: "worker",
  token: "work-token.0123456789abcdef",
  applicationId: "900000000000000012",
};

test("of two accounts one is broken and the other works; two with one token are told apart", async () => {
  await using fake = await startFakeDiscord({ bots: [FAKE_BOT, WORK_BOT] });
  const accounts = { broken: { token: "wrong" }, home: {}, work: { token: WORK_BOT.token } };
  await using at = await startDiscord({ with: fake, discord: { accounts } });
  await at.connected("home");
  await at.connected("work");
  const issues = await eventually("the issue", async () => {
    const found = await at.issues();
    return found.length > 0 && found;
  });

  fake.gateway.dispatch("MESSAGE_CREATE", fake.missed({ from: ANN, text: "hello" }), WORK_BOT.id);
  await eventually("the answer of the right bot", () => fake.posted.length === 1);

  assert.deepEqual(
    issues.map(({ accountId, kind }) => [accountId, kind]),
    [["broken", "auth"]],
  );
  assert.equal((fake.posted[0]?.["author"] as { id: string } | undefined)?.id, WORK_BOT.id);

  const opened = fake.gateway.opened;
  at.configure({ accounts: { ...accounts, broken: { token: WORK_BOT.token } } });
  const conflict = await eventually("the conflict", async () =>
    (await at.issues()).find(({ message }) => /same bot token/.test(message)),
  );
  assert.equal(conflict.message, 'the account "work" has the same bot token');
  assert.equal(fake.gateway.opened, opened);
});

test("an address in clear beyond this machine, and no token at all, are said before anything is asked", async () => {
  await using at = await startDiscord({ discord: { apiRoot: "http://discord.example/api" } });
  const account = await at.account();
  assert.equal(account["configured"], false);
  assert.match(String(account["lastError"]), /channels\.discord\.apiRoot must be .* for this machine only/);

  at.configure({ token: undefined });
  const missing = await eventually("no token", async () => {
    const one = await at.account();
    return /no bot token; set channels\.discord\.token or DISCORD_BOT_TOKEN/.test(String(one["lastError"])) && one;
  });
  assert.equal(missing["tokenSource"], "none");
});

test("names in lists, numbers for ids and unknown keys are told at once", async () => {
  await using at = await startDiscord();
  await at.connected();
  const wrong = { allowFrom: ["ann#1234"], guilds: { Team: {} }, tokn: "x" };
  const set = (discord: object) =>
    at.client.request("config.patch", { raw: JSON.stringify({ channels: { discord } }) });

  at.configure(wrong);
  const issue = await eventually("the issue", async () => (await at.issues())[0]);

  assert.match(
    issue.message,
    /channels\.discord\.allowFrom\.0: must be a user id of 17 to 20 digits in quotes.*Copy User ID/,
  );
  at.fake.says({ from: ANN, text: "hello" });
  await at.posts(1);
  await assert.rejects(set({ tokn: "x" }), { code: "INVALID_REQUEST" });
  await assert.rejects(set({ allowFrom: [123] }), { code: "INVALID_REQUEST" });
});
