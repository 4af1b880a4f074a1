import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { FAKE_TOKEN } from "../fakes/telegram-server.ts";
import { startTelegram } from "./telegram-gateway.ts";
import type { Setup } from "./telegram-gateway.ts";

let keys = 0;

function send(bench: Setup, message: string, more: object = {}): Promise<Record<string, unknown>> {
  return bench.client.request("send", {
    channel: "telegram",
    to: "41",
    message,
    idempotencyKey: `k${++keys}`,
    ...more,
  });
}

test("what Telegram refuses is given up with its reason, what may have arrived is not repeated", async () => {
  await using bench = await startTelegram();
  const { fake } = bench;
  await bench.connected();

  fake.answerNext("sendMessage", { error_code: 400, description: "Bad Request: chat not found" });
  await assert.rejects(send(bench, "one"), { message: /400 Bad Request: chat not found: .*never started the bot/ });
  fake.answerNext("sendMessage", { error_code: 403, description: "Forbidden: bot was blocked by the user" });
  await assert.rejects(send(bench, "two"), { message: /403 .*blocked the bot/ });
  fake.answerNext("sendMessage", "lost");
  assert.equal((await send(bench, "three"))["status"], "unknown");
  fake.answerNext("sendMessage", { error_code: 500, description: "Internal Server Error" });
  assert.equal((await send(bench, "four"))["status"], "unknown");

  assert.equal(fake.of("sendMessage").length, 4);
});

test("a group that has moved is followed, and markup that cannot be read goes as text", async () => {
  await using bench = await startTelegram();
  const { fake } = bench;
  await bench.connected();

  fake.answerNext("sendMessage", {
    error_code: 400,
    description: "Bad Request: group chat was upgraded to a supergroup chat",
    parameters: { migrate_to_chat_id: -1009 },
  });
  const moved = await send(bench, "hello", { to: "-9" });
  assert.equal(moved["chatId"], "-1009");
});

test("C20: targets are checked, and what Telegram has not is refused", async () => {
  await using bench = await startTelegram();
  await bench.connected();

  await assert.rejects(send(bench, "x", { to: "nobody here" }), {
    code: "INVALID_REQUEST",
    message: /^Unknown target "nobody here" for Telegram.*-1001234/,
  });
  await send(bench, "x", { to: "telegram:group:-1001:topic:9" });
  await send(bench, "x", { to: "https://t.me/somechannel" });
  const poll = { channel: "telegram", to: "41", question: "?", options: ["a", "b"], idempotencyKey: "p" };
  await assert.rejects(bench.client.request("poll", poll), {
    code: "INVALID_REQUEST",
    message: "unsupported poll channel: telegram",
  });

  const [topic, named] = bench.fake.of("sendMessage");
  assert.deepEqual([topic?.params["chat_id"], topic?.params["message_thread_id"]], ["-1001", 9]);
  assert.equal(named?.params["chat_id"], "@somechannel");
  assert.equal(topic?.token, FAKE_TOKEN);
});

test("a message is changed, taken back and given an emoji, unless that is switched off", async () => {
  await using bench = await startTelegram();
  const { fake, client } = bench;
  await bench.connected();
  const { messageId } = await send(bench, "**one**");
  const at = { channel: "telegram", to: "41", messageId };
  const order = (method: string, params: object) =>
    client.request(method, { ...at, ...params, idempotencyKey: `k${++keys}` });

  await order("message.edit", { message: "**two** & <three>" });
  await order("message.react", { emoji: "👍" });
  await order("message.react", { emoji: "" });
  await order("message.delete", {});
  fake.answerNext("deleteMessage", { error_code: 400, description: "Bad Request: message to delete not found" });
  await order("message.delete", {});
  fake.answerNext("setMessageReaction", { error_code: 400, description: "Bad Request: REACTION_INVALID" });
  await assert.rejects(order("message.react", { emoji: "🦄" }), { message: /400 Bad Request: REACTION_INVALID$/ });

  const edited = fake.of("editMessageText")[0]?.params;
  assert.deepEqual([edited?.["text"], edited?.["parse_mode"]], ["<b>two</b> &amp; &lt;three&gt;", "HTML"]);
  assert.equal(edited?.["message_id"], Number(messageId));
  assert.deepEqual(
    fake.of("setMessageReaction").map(({ params }) => params["reaction"]),
    [[{ type: "emoji", emoji: "👍" }], [], [{ type: "emoji", emoji: "🦄" }]],
  );
  const calls = fake.calls.length;
  bench.gateway.writeConfig(
    bench.configOf({ actions: { reactions: false, editMessage: false, deleteMessage: false } }),
  );
  await eventually("it is off", async () => {
    const refused = await order("message.edit", { message: "three" }).then(
      () => "",
      (error: Error) => error.message,
    );
    return refused === "channels.telegram.actions.editMessage is off";
  });
  await assert.rejects(order("message.delete", {}), { code: "INVALID_REQUEST", message: /deleteMessage is off/ });
  await assert.rejects(order("message.react", { emoji: "👍" }), { message: /actions\.reactions is off/ });
  assert.equal(
    fake.calls.slice(calls).some(({ method }) => method === "deleteMessage"),
    false,
  );
});
