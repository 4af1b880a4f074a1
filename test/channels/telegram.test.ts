import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { ANN, BOB, groupText, message, privateText, TEAM } from "../fakes/telegram-updates.ts";
import type { FakeMessage } from "../fakes/telegram-updates.ts";
import { startTelegram } from "./telegram-gateway.ts";

/** Who may write: Ann, directly and in the team's group. */
const ANN_ONLY = { allowFrom: [41], groupAllowFrom: [41], groups: { "-1001": {} } };

function idOf(update: object): number {
  return (Object.values(update)[0] as FakeMessage).message_id;
}

test("C1: an account connects and says which bot it is", async () => {
  await using bench = await startTelegram();

  const account = await bench.connected();

  assert.deepEqual(account["bot"], { id: 1, username: "mybot" });
  assert.equal(account["mode"], "polling");
  assert.equal(account["tokenSource"], "config");
  const { accounts } = await bench.status(true);
  const probe = accounts[0]?.["probe"] as { ok: boolean; bot: { username: string; canReadAllGroupMessages: boolean } };
  assert.equal(probe.ok, true);
  assert.deepEqual([probe.bot.username, probe.bot.canReadAllGroupMessages], ["mybot", true]);
  // Whoever asks for more than a look gets it in the report too, and nobody else.
  const health = async (params: object) =>
    (await bench.client.request<{ channels: { telegram: { probe?: { ok: boolean } } } }>("health", params)).channels;
  assert.equal((await health({ probe: true })).telegram.probe?.ok, true);
});

test("C6: in a group silence, unless it is listed and the bot is mentioned; what was said is told then", async () => {
  await using bench = await startTelegram({ telegram: ANN_ONLY });
  const { fake } = bench;
  await bench.connected();
  const other = groupText(ANN, "@mybot hello", { id: -1002, type: "supergroup", title: "Other" });
  const stranger = groupText(BOB, "@mybot hello");
  const unmentioned = groupText(ANN, "lunch is at noon");

  for (const update of [other, stranger, unmentioned]) fake.push(update);
  assert.equal((await bench.ended(idOf(other), "refused")).reason, "group-not-listed");
  assert.equal((await bench.ended(idOf(stranger), "refused")).reason, "group-sender");
  assert.equal((await bench.ended(idOf(unmentioned), "refused")).reason, "no-mention");
  fake.push(groupText(ANN, "@mybot when is lunch?"));
  const [sent] = await bench.sends(1);

  assert.equal(sent?.params["chat_id"], "-1001");
  assert.match(bench.lastPrompt(), /lunch is at noon.*when is lunch\?/s);
  assert.match(bench.lastPrompt(), /Team id:-1001/);
  assert.ok(fake.of("sendChatAction").length > 0, "it was shown that an answer is written");
  const reaction = await fake.waitFor(({ method }) => method === "setMessageReaction");
  assert.deepEqual(reaction.params["reaction"], [{ type: "emoji", emoji: "👀" }]);
  // An answer to a message of the bot's own is a mention too.
  fake.push(
    groupText(ANN, "thanks", TEAM, {
      reply_to_message: message({ id: 1, first_name: "B", is_bot: true }, "pong", TEAM),
    }),
  );
  await bench.sends(2);
});

test("C7: commands in a group are for those who may; they need no mention, and another bot's are not ours", async () => {
  await using bench = await startTelegram({
    telegram: { groupPolicy: "open", groupAllowFrom: [41], groups: { "*": {} } },
  });
  const { fake } = bench;
  await bench.connected();
  const unauthorised = groupText(BOB, "/help");
  const foreign = groupText(ANN, "/help@otherbot");

  for (const update of [unauthorised, foreign]) fake.push(update);
  assert.equal((await bench.ended(idOf(unauthorised), "refused")).reason, "command-unauthorized");
  assert.equal((await bench.ended(idOf(foreign), "refused")).reason, "no-mention");
  fake.push(groupText(ANN, "/help@MyBot"));
  const [sent] = await bench.sends(1);

  assert.match(String(sent?.params["text"]), /\/whoami/);
  assert.equal(bench.model.requests.length, 0);
});

test("C9: texts in a row are one message; an album and a text that was cut are one each", async () => {
  const rest = { messages: { inbound: { debounceMs: 400 }, queue: { mode: "followup" } } };
  await using bench = await startTelegram({ telegram: { allowFrom: [41, 42] }, rest });
  const { fake, model } = bench;
  await bench.connected();

  for (const text of ["one", "two", "three"]) fake.push(privateText(ANN, text));
  await bench.sends(1);
  assert.equal(model.requests.length, 1);
  assert.match(bench.lastPrompt(), /one\\ntwo\\nthree/);

  // The second part comes while the first is held, so that both are asked for again until they are one.
  fake.push(privateText(BOB, "a".repeat(4_090)));
  await eventually("the first part is asked for again", () => fake.of("getUpdates").slice(-2).every(isShort));
  fake.push(privateText(BOB, "b".repeat(10)));
  await bench.sends(2);
  assert.match(bench.lastPrompt(), /a{4090}b{10}/);
  assert.equal(model.requests.length, 2);
  await eventually("all is confirmed", () => fake.unconfirmed() === 0);
});

function isShort({ params }: { readonly params: Readonly<Record<string, unknown>> }): boolean {
  return params["timeout"] === 0;
}

test("a topic is a conversation of its own, and the first one is never named when sending", async () => {
  const forum = { id: -1003, type: "supergroup", title: "Forum", is_forum: true } as const;
  await using bench = await startTelegram({
    telegram: { groupAllowFrom: [41], groups: { "-1003": { requireMention: false } } },
  });
  const { fake } = bench;
  await bench.connected();
  const inTopic = groupText(ANN, "here", forum, { message_thread_id: 9, is_topic_message: true });

  fake.push(inTopic);
  const [first] = await bench.sends(1);
  fake.push(groupText(ANN, "there", forum));
  const [, second] = await bench.sends(2);

  assert.equal(first?.params["message_thread_id"], 9);
  assert.equal("message_thread_id" in (second?.params ?? {}), false);
  const trace = await bench.client.request<{ sessionKey: string }>("trace.get", { id: String(idOf(inTopic)) });
  assert.equal(trace.sessionKey, "agent:main:telegram:group:-1003:topic:9");
  const typing = fake.of("sendChatAction").map(({ params }) => params["message_thread_id"]);
  assert.deepEqual([...new Set(typing)], [9, 1]);
});

test("what is no proper update is counted or skipped, and stands in the way of nothing", async () => {
  await using bench = await startTelegram({ telegram: { allowFrom: [41], groupAllowFrom: [41] } });
  const { fake } = bench;
  await bench.connected();
  const whole = message(ANN, "no sender");
  const { from: _from, ...withoutSender } = whole;
  const { chat: _chat, ...withoutChat } = message(ANN, "no chat");

  fake.push({ message: withoutSender });
  fake.push({ message: withoutChat });
  fake.push({ message: { ...message(ANN, "odd chat"), chat: { id: 41, type: "stranger" } } });
  fake.push({ message: { ...message(ANN, "x"), entities: "none", photo: 7 } });
  fake.push({ message: { ...message(ANN, undefined), pinned_message: {} } });
  fake.push({ message: 5 });
  fake.push({ brand_new_kind: {} });
  fake.push(privateText(ANN, "still there?"));
  await bench.sends(1);

  await eventually("all is confirmed", () => fake.unconfirmed() === 0);
  const { accounts } = await bench.status();
  assert.deepEqual(accounts[0]?.["dropped"], { incomplete: 3 });
  assert.equal(bench.model.requests.length, 1);
});

test("a button, a reaction, an edit and a join are told apart, and answered or not", async () => {
  await using bench = await startTelegram({ telegram: { ...ANN_ONLY, reactionNotifications: "all" } });
  const { fake } = bench;
  await bench.connected();
  const asked = message(ANN, "which?");

  fake.push({ callback_query: { id: "cb1", from: ANN, message: { ...asked, text: "which?" }, data: "yes" } });
  await bench.sends(1);
  assert.match(bench.lastPrompt(), /callback_data: yes/);
  await fake.waitFor(({ method, params }) => method === "answerCallbackQuery" && params["callback_query_id"] === "cb1");
  // A stranger's button is answered like any, and does nothing.
  fake.push({ callback_query: { id: "cb2", from: BOB, message: message(BOB, "which?", TEAM), data: "yes" } });
  await fake.waitFor(({ method, params }) => method === "answerCallbackQuery" && params["callback_query_id"] === "cb2");
  fake.push({ edited_message: { ...asked, text: "which one?", edit_date: asked["date"] } });
  await bench.sends(2);
  assert.match(bench.lastPrompt(), /which one\?/);
  const reaction = { chat: asked["chat"], date: 1, old_reaction: [], new_reaction: [{ type: "emoji", emoji: "👍" }] };
  fake.push({ message_reaction: { ...reaction, user: BOB, message_id: 5_001 } });
  fake.push({ message_reaction: { ...reaction, user: ANN, message_id: 5_000 } });
  await bench.ended(5_000, "done");
  fake.push(privateText(ANN, "so?"));
  await bench.sends(3);
  assert.match(JSON.stringify(bench.model.requests.at(-1)?.body), /Telegram reaction added: 👍 by Ann on msg 5000/);
  assert.doesNotMatch(JSON.stringify(bench.model.requests.at(-1)?.body), /by Bob/);
  const joined = { chat: TEAM, from: ANN, date: 1, new_chat_member: { status: "member" } };
  fake.push({ my_chat_member: { ...joined, old_chat_member: { status: "left" } } });
  await eventually("all is confirmed", () => fake.unconfirmed() === 0);

  assert.equal(bench.model.requests.length, 3);
});
