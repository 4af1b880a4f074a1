import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { directId } from "../fakes/discord-server.ts";
import { ANN, BOB, GUILD, ROOM, startDiscord } from "./discord-gateway.ts";

const bot = { id: "900000000000000001", username: "clawd" };

test("an account connects, says who it is, and answers somebody whom the list names", async () => {
  await using at = await startDiscord();

  const account = await at.connected();
  at.fake.says({ from: ANN, text: "hello" });
  const [answer] = await at.posts(1);

  assert.deepEqual(account["bot"], bot);
  assert.equal(account["tokenSource"], "config");
  assert.match(answer ?? "", /^Hello! Your gateway works/);
  assert.equal(at.fake.posted[0]?.["channel_id"], directId(ANN.id));
  const post = at.fake.calls.find(({ method, path }) => method === "POST" && path.endsWith("/messages"));
  assert.deepEqual(post?.body["allowed_mentions"], { parse: ["users"], replied_user: false });
  assert.equal(post?.body["enforce_nonce"], true);
  assert.match(String(post?.body["nonce"]), /^.{24}$/);
  await eventually("a sign that it types", () => at.fake.calls.some(({ path }) => path.endsWith("/typing")));
  assert.deepEqual(
    at.fake.gateway.received.filter(({ op }) => op === 2).map(({ d }) => (d as { intents: number }).intents),
    [46_593],
  );
});

test("in a server: places that are not listed are silent, a mention is answered, and what was said before is told", async () => {
  const guilds = { [GUILD]: { users: [ANN.id], channels: { [ROOM]: {} } } };
  await using at = await startDiscord({ discord: { guilds } });
  await at.connected();
  const says = (text: string, more: object = {}) =>
    at.fake.says({ from: ANN, text, channelId: ROOM, guildId: GUILD, ...more });

  says("hello", { channelId: "300000000000000002", mentions: [bot] });
  says("the plan is tea");
  says(`<@${bot.id}> hello`, { from: BOB, mentions: [bot] });
  says(`<@${bot.id}> hello, what is the plan?`, { mentions: [bot] });
  await at.posts(1);
  says("/whoami", { from: BOB });
  says("/whoami");
  await at.posts(2);
  says("and a thread", { channelId: "300000000000000009", mentions: [bot] });
  await at.posts(3);
  says("a reply counts", {
    type: 19,
    referenced_message: { ...at.fake.posted[0], author: { ...bot, bot: true } },
    message_reference: { message_id: at.fake.posted[0]?.["id"] },
  });
  await at.posts(4);

  assert.deepEqual(
    at.fake.posted.map((one) => one["channel_id"]),
    [ROOM, ROOM, "300000000000000009", ROOM],
  );
  const key = `agent:main:discord:channel:${ROOM}`;
  const [first] = await at.turns(key);
  assert.match(
    first ?? "",
    /Ann: the plan is tea[\s\S]*\[Discord Team #plans id:\d+ .*\] Ann \(100000000000000001\): /,
  );
  assert.match(first ?? "", /About this place, written by others: topic of the channel: what we plan/);
  assert.equal((await at.turns(`${key}:thread:300000000000000009`)).length, 1);
  const { dropped } = (await at.account()) as { dropped: Record<string, number> };
  assert.equal(dropped["group-not-listed"], 1);
  assert.equal(dropped["group-sender"], 2);
  assert.equal(dropped["no-mention"], 1);
  assert.match(String(at.fake.posted[1]?.["content"]), /^Your id on discord: 100000000000000001/);
});

test("what is delivered twice is answered once; bots, notices and the bot's own messages are not heard", async () => {
  await using at = await startDiscord({ discord: { allowFrom: ["*"], dmPolicy: "open" } });
  await at.connected();

  const message = at.fake.says({ from: ANN, text: "hello" });
  at.fake.push({ t: "MESSAGE_CREATE", d: message });
  at.fake.says({ from: { id: "100000000000000008", username: "beep", bot: true }, text: "hello" });
  at.fake.says({ from: ANN, text: "", type: 7 });
  at.fake.says({ from: ANN, text: "hello, group", channel_type: 3 });
  at.fake.push({ t: "MESSAGE_CREATE", d: { nonsense: true } });
  at.fake.push({ t: "SOMETHING_NEW", d: { nonsense: true } });
  at.fake.says({ from: BOB, text: "hello" });
  await at.posts(2);

  assert.deepEqual(
    at.fake.posted.map((one) => one["channel_id"]),
    [directId(ANN.id), directId(BOB.id)],
  );
  assert.deepEqual((await at.account())["dropped"], { bot: 1 });
});

test("bots are heard where that is on; quick texts become one turn where the channel waits for more", async () => {
  const beep = { id: "100000000000000008", username: "beep", bot: true };
  await using at = await startDiscord({ discord: { allowBots: true, allowFrom: [ANN.id, beep.id], debounceMs: 200 } });
  await at.connected();

  at.fake.says({ from: beep, text: "hello" });
  await at.posts(1);
  for (const text of ["hello", "one", "two"]) at.fake.says({ from: ANN, text });
  await at.posts(2);

  assert.deepEqual((await at.turns("agent:main:main")).at(-1)?.split("\n"), ["hello", "one", "two"]);
  assert.equal(at.fake.posted.length, 2);
});

test("send posts once per key, to a person or a channel, and names what it cannot reach", async () => {
  await using at = await startDiscord();
  await at.connected();
  const send = (to: string, idempotencyKey: string) =>
    at.client.request<{ messageId: string; chatId: string }>("send", {
      channel: "discord",
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
  assert.equal(at.fake.posted.length, 2);
  await assert.rejects(send(ROOM, "k3"), { code: "INVALID_REQUEST", message: /write channel:3\d+ or user:3\d+/ });
  await assert.rejects(send("#nowhere", "k4"), {
    code: "INVALID_REQUEST",
    message: /the bot sees no channel of that name/,
  });
  at.fake.answerOnce(/POST .*\/messages/, 403, { message: "Missing Permissions", code: 50_013 });
  await assert.rejects(send("#plans", "k5"), {
    code: "UNAVAILABLE",
    message: /Missing Permissions \(50013\): give the bot Send Messages/,
  });
});
