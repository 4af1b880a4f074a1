import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { directId, FAKE_APP } from "../fakes/slack-server.ts";
import { ANN, BOB, OTHER, ROOM, startSlack } from "./slack-gateway.ts";

const ME = `<@${FAKE_APP.userId}>`;

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

test("in a channel: places that are not listed are silent, a mention is answered, and what was said before is told", async () => {
  await using at = await startSlack({ slack: { channels: { [ROOM]: { users: [ANN.id] } } } });
  await at.connected();
  const says = (text: string, more: object = {}) => at.fake.says({ from: ANN, text, channel: ROOM, ...more });

  says(`${ME} hello`, { channel: OTHER });
  says("the plan is &lt;tea&gt; at <http://example.org|example.org>");
  says(`${ME} hello`, { from: BOB });
  says(`${ME} hello, what is the plan?`);
  await at.posts(1);
  says("/whoami", { from: BOB });
  says("/whoami");
  const posts = await at.posts(2);

  assert.deepEqual(
    at.fake.posted.map(({ channel, thread_ts }) => [channel, thread_ts]),
    [
      [ROOM, undefined],
      [ROOM, undefined],
    ],
  );
  assert.match(posts[1] ?? "", /^Your id on slack: U0ANN00001/i);
  const [first] = await at.turns(`agent:main:slack:channel:${ROOM.toLowerCase()}`);
  assert.match(
    first ?? "",
    /Ann: the plan is <tea> at example\.org[\s\S]*\[Slack Team #plans id:C0PLANS001 .*\] Ann \(U0ANN00001\): /,
  );
  assert.match(first ?? "", /About this place, written by others: topic of the channel: what we plan/);
  const { dropped } = (await at.account()) as { dropped: Record<string, number> };
  assert.deepEqual(dropped, { "group-not-listed": 1, "group-sender": 2, "no-mention": 1 });
});

test("what is told twice is answered once; bots, notices, group chats and the bot's own words are not heard", async () => {
  await using at = await startSlack({
    slack: { allowFrom: ["*"], dmPolicy: "open", channels: { "*": {} }, groupPolicy: "open" },
  });
  await at.connected();

  const said = at.fake.says({ from: ANN, text: `${ME} hello`, channel: ROOM });
  at.fake.push({ ...said, type: "app_mention" });
  at.fake.push({ ...said, channel_type: "channel" });
  at.fake.says({ from: { id: "U0BEEP0001", name: "beep", is_bot: true }, text: "hello", bot_id: "B0BEEP0001" });
  at.fake.push({
    type: "message",
    subtype: "bot_message",
    bot_id: "B0BEEP0001",
    text: "hello",
    channel: ROOM,
    ts: "1700000000.000001",
  });
  at.fake.says({ from: ANN, text: "joined", channel: ROOM, subtype: "channel_join" });
  at.fake.says({ from: ANN, text: `${ME} hello, group`, channel: "G0GROUP001" });
  for (const nonsense of [
    {},
    { type: "message" },
    { type: "message", channel: 5, ts: [] },
    { type: "reaction_added", item: null },
  ])
    at.fake.push(nonsense);
  at.fake.says({ from: BOB, text: "hello" });
  await at.posts(2);
  await eventually("all is acknowledged", () => at.fake.socket.sent.every((one) => at.fake.socket.isAcked(one)));

  assert.deepEqual(at.fake.posted.map(({ channel }) => channel).toSorted(), [ROOM, directId(BOB.id)].toSorted());
  assert.deepEqual((await at.account())["dropped"], { bot: 2 });
});

test("bots are heard where that is on, groups too, and a place can do without mentions", async () => {
  const beep = { id: "U0BEEP0001", name: "beep", is_bot: true };
  const slack = {
    allowFrom: ["*"],
    dmPolicy: "open",
    dm: { groupEnabled: true, groupChannels: ["G0GROUP001"] },
    channels: { [ROOM]: { allowBots: true, users: [beep.id] }, G0GROUP001: {} },
    groupAllowFrom: [ANN.id],
    requireMention: false,
  };
  await using at = await startSlack({ slack });
  await at.connected();

  at.fake.says({ from: beep, text: "hello", bot_id: "B0BEEP0001", channel: ROOM });
  at.fake.says({ from: beep, text: "hello", bot_id: "B0BEEP0001" });
  at.fake.says({ from: ANN, text: "hello", channel: "G0GROUP001" });
  await at.posts(2);

  assert.deepEqual(at.fake.posted.map(({ channel }) => channel).toSorted(), [ROOM, "G0GROUP001"].toSorted());
  assert.equal((await at.turns("agent:main:slack:group:g0group001")).length, 1);
  assert.deepEqual((await at.account())["dropped"], { bot: 1 });
});

test("quick texts become one turn where the channel waits for more; who is heard changes with the file alone", async () => {
  await using at = await startSlack({ slack: { debounceMs: 200 } });
  await at.connected();

  for (const text of ["hello", "one", "two"]) at.fake.says({ from: ANN, text });
  await at.posts(1);
  assert.deepEqual((await at.turns("agent:main:main")).at(-1)?.split("\n"), ["hello", "one", "two"]);

  at.configure({ allowFrom: [BOB.id] });
  await eventually("bob is heard", () => {
    at.fake.says({ from: BOB, text: "hello" });
    return at.fake.posted.some(({ channel }) => channel === directId(BOB.id));
  });
  assert.equal(at.fake.socket.opened, 1);

  at.configure({ channels: { [ROOM]: { requireMention: false } } });
  await eventually("the file is changed", () => {
    at.fake.push({ type: "channel_id_changed", old_channel_id: ROOM, new_channel_id: "C0MOVED001" });
    const { channels } = JSON.parse(readFileSync(at.gateway.configPath, "utf8")) as {
      channels: { slack: { channels: object } };
    };
    return JSON.stringify(channels.slack.channels) === '{"C0MOVED001":{"requireMention":false}}';
  });
});

test("send posts once per key, to a person or a channel, and names what it cannot reach", async () => {
  await using at = await startSlack();
  await at.connected();
  const send = (to: string, idempotencyKey: string) =>
    at.client.request<{ messageId: string; chatId: string }>("send", {
      channel: "slack",
      to,
      message: "news",
      idempotencyKey,
    });

  const first = await send(`user:${BOB.id}`, "k1");
  const again = await send(`user:${BOB.id}`, "k1");
  const room = await send("#plans", "k2");

  assert.deepEqual(again, first);
  assert.equal(first.chatId, directId(BOB.id));
  assert.equal(room.chatId, ROOM);
  assert.equal(room.messageId, at.fake.posted[1]?.ts);
  assert.equal(at.fake.posted.length, 2);
  await assert.rejects(send("plans", "k3"), {
    code: "INVALID_REQUEST",
    message: /Unknown target "plans" for Slack.*channel:<id>/,
  });
  await assert.rejects(send("#nowhere", "k4"), {
    code: "INVALID_REQUEST",
    message: /the bot sees no channel of that name/,
  });
  at.fake.answerOnce(/chat.postMessage/, { ok: false, error: "not_in_channel" });
  await assert.rejects(send(ROOM, "k5"), { code: "UNAVAILABLE", message: /not_in_channel: invite the bot there/ });
  const issues = await at.issues();
  assert.match(issues.find(({ kind }) => kind === "permissions")?.message ?? "", /^C0PLANS001: not_in_channel/);
  await assert.rejects(
    at.client.request("poll", { channel: "slack", to: ROOM, question: "?", options: ["a", "b"], idempotencyKey: "k6" }),
    {
      code: "INVALID_REQUEST",
      message: /poll channel: slack/,
    },
  );
});
