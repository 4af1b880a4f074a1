import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { directId, FAKE_APP } from "../fakes/slack-server.ts";
import { ANN, BOB, startSlack } from "./slack-gateway.ts";

test("an account connects, says who it is, and answers somebody whom the list names", async () => {
  await using at = await startSlack();

  const account = await at.connected();
  const said = at.fake.says({ from: ANN, text: "hello" });
  const [answer] = await at.posts(1);

  assert.deepEqual(account["bot"], { id: FAKE_APP.userId, name: "clawd" });
  assert.deepEqual(account["team"], { id: FAKE_APP.teamId, name: "Team" });
  assert.deepEqual(
    ["mode", "botTokenSource", "appTokenSource"].map((field) => account[field]),
    ["socket", "config", "config"],
  );
  assert.match(answer ?? "", /^Hello! Your gateway works/);
  assert.equal(at.fake.posted[0]?.channel, directId(ANN.id));
  assert.equal(at.fake.posted[0]?.["thread_ts"], undefined);
  assert.equal(said.channel, directId(ANN.id));
  await eventually("both events are acknowledged", () =>
    at.fake.socket.sent.every((one) => at.fake.socket.isAcked(one)),
  );
});

test("strangers get one pairing code each, three at most, and are heard once theirs is approved", async () => {
  await using at = await startSlack({ slack: { allowFrom: [] } });
  await at.connected();

  at.fake.says({ from: BOB, text: "let me in" });
  const [reply] = await at.posts(1);
  at.fake.says({ from: BOB, text: "hello?" });
  for (const n of [3, 4, 5]) at.fake.says({ from: { id: `U0USER000${n}`, name: `u${n}` }, text: "hi" });
  await at.posts(3);
  await eventually("all are refused", async () => {
    const { dropped } = (await at.account()) as { dropped?: Record<string, number> };
    return dropped?.["pairing-pending"] === 5;
  });

  assert.match(reply ?? "", new RegExp(`^Your Slack user id: ${BOB.id}$`, "m"));
  const code = /^Pairing code: (\w{8})$/m.exec(reply ?? "")?.[1];
  await at.client.request("pairing.approve", { channel: "slack", code });
  at.fake.says({ from: BOB, text: "hello" });
  const all = await at.posts(4);
  assert.match(all[3] ?? "", /^Hello!/);
  assert.equal(all.filter((text) => /Pairing code/.test(text)).length, 3);
});
