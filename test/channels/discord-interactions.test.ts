import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { directId, FAKE_BOT } from "../fakes/discord-server.ts";
import { snowflake, userObject } from "../fakes/discord-objects.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { ANN, BOB, GUILD, ROOM, startDiscord } from "./discord-gateway.ts";
import type { Setup } from "./discord-gateway.ts";

const answers = ({ fake }: Setup) => fake.calls.filter(({ path }) => path.startsWith("/webhooks/"));

function interaction(from: typeof ANN, data: object, more: object = {}): object {
  return {
    id: snowflake(),
    application_id: FAKE_BOT.applicationId,
    type: 2,
    token: `interaction-token-${snowflake()}`,
    version: 1,
    channel_id: directId(from.id),
    channel: { id: directId(from.id), type: 1 },
    user: userObject(from),
    data: { id: snowflake(), type: 1, ...data },
    locale: "en-US",
    entitlements: [],
    authorizing_integration_owners: {},
    app_permissions: "0",
    attachment_size_limit: 1,
    ...more,
  };
}

test("the menu lists the commands, follows the switch, and a chosen command is answered for the asker only", async () => {
  await using at = await startDiscord();
  await at.connected();
  const menus = () => at.fake.calls.filter(({ method, path }) => method === "PUT" && path.endsWith("/commands"));
  const menu = await eventually("the menu", () => menus()[0]);
  const names = (menu.body["list"] as { name: string }[]).map(({ name }) => name);
  assert.ok(names.includes("whoami") && names.includes("help"), names.join());

  at.fake.push({ t: "INTERACTION_CREATE", d: interaction(ANN, { name: "whoami" }) });
  const answer = await eventually("the answer", () => answers(at)[0]);

  assert.deepEqual(at.fake.calls.find(({ path }) => path.startsWith("/interactions/"))?.body, {
    type: 5,
    data: { flags: 64 },
  });
  assert.equal(answer.method, "PATCH");
  assert.match(String(answer.body["content"]), /^Your id on discord: 100000000000000001 \(Ann\)/);
  assert.equal(at.fake.posted.length, 0);

  at.configure({ commands: { native: false } });
  await eventually("an empty menu", () => (menus().at(-1)?.body["list"] as object[] | undefined)?.length === 0);
  assert.equal(at.fake.gateway.count(2), 1, "without a new connection");
});

test("somebody who may not use a command is told so, and nobody else", async () => {
  const guilds = { [GUILD]: { users: [ANN.id], channels: { [ROOM]: {} } } };
  await using at = await startDiscord({ discord: { guilds } });
  await at.connected();
  const place = { guild_id: GUILD, channel_id: ROOM, channel: { id: ROOM, type: 0 }, user: undefined };

  at.fake.push({
    t: "INTERACTION_CREATE",
    d: interaction(
      BOB,
      { name: "whoami" },
      { ...place, member: { user: userObject(BOB), roles: [], permissions: "0" } },
    ),
  });
  const answer = await eventually("the answer", () => answers(at)[0]);

  assert.equal(answer.body["content"], "You are not authorised to use this here.");
  assert.equal(at.fake.posted.length, 0);
});

test("a button that was pressed comes in as what it stands for, and a stranger's press is nothing", async () => {
  await using at = await startDiscord();
  await at.connected();
  const press = (from: typeof ANN) =>
    interaction(from, { component_type: 2, custom_id: "oc:/whoami" }, { type: 3, message: { id: snowflake() } });

  at.fake.push({ t: "INTERACTION_CREATE", d: interaction(ANN, { custom_id: "somebody else's" }, { type: 3 }) });
  at.fake.push({ t: "INTERACTION_CREATE", d: { id: "1", type: 3 } });
  at.fake.push({ t: "INTERACTION_CREATE", d: press(ANN) });
  const [answer] = await at.posts(1);

  assert.match(answer ?? "", /^Your id on discord/);
  assert.equal(at.fake.calls.filter(({ path }) => path.startsWith("/interactions/")).length, 1);
});

test("polls, and reactions on request; what is too much is refused by name", async () => {
  await using at = await startDiscord();
  await at.connected();
  const poll = (options: string[], idempotencyKey: string) =>
    at.client.request("poll", { channel: "discord", to: `channel:${ROOM}`, question: "Tea?", options, idempotencyKey });

  await poll(["yes", "no"], "p1");

  assert.deepEqual(at.fake.posted[0]?.["poll"], {
    question: { text: "Tea?" },
    answers: [{ poll_media: { text: "yes" } }, { poll_media: { text: "no" } }],
    duration: 24,
    allow_multiselect: false,
  });
  await assert.rejects(poll(Array.from({ length: 11 }, String), "p2"), {
    code: "INVALID_REQUEST",
    message: /at most 10 poll options/,
  });
  await assert.rejects(poll(["a", "x".repeat(60)], "p3"), {
    message: /an answer in a poll of Discord has at most 55 characters/,
  });
});

test("a message of ours gets another text, an emoji, and goes; what is no id of a message is refused", async () => {
  await using at = await startDiscord();
  await at.connected();
  const to = `channel:${ROOM}`;
  let count = 0;
  const act = (what: string, params: object = {}) =>
    at.client.request(`message.${what}`, { channel: "discord", to, idempotencyKey: `a${++count}`, ...params });
  await at.client.request("send", { channel: "discord", to, message: "news", idempotencyKey: "s1" });
  const id = String(at.fake.posted[0]?.["id"]);

  await act("edit", { message: "*better* news" });
  await act("react", { emoji: "👍" });
  await act("react", { emoji: "" });
  await act("delete");
  await act("delete", { messageId: id });

  const path = `/channels/${ROOM}/messages/${id}`;
  const calls = at.fake.calls.filter((call) => call.path.startsWith(path)).map((call) => `${call.method} ${call.path}`);
  const reaction = `${path}/reactions/👍/@me`;
  assert.deepEqual(calls, [
    `PATCH ${path}`,
    `PUT ${reaction}`,
    `DELETE ${reaction}`,
    `DELETE ${path}`,
    `DELETE ${path}`,
  ]);
  assert.equal(at.fake.posted[0]?.["content"], "*better* news");
  const wrong = { code: "INVALID_REQUEST", message: /"\.\.\/\.\." is not the id of a message of Discord/ };
  for (const what of ["delete", "react", "edit"]) {
    await assert.rejects(
      act(what, {
        messageId: "../..",
        ...(what === "react" && { emoji: "👍" }),
        ...(what === "edit" && { message: "x" }),
      }),
      wrong,
    );
  }
  at.configure({ actions: { reactions: false, messages: false } });
  await eventually("reactions are off", async () => {
    const refused = await act("react", { messageId: id, emoji: "👍" }).then(() => "", String);
    return /actions\.reactions is off/.test(refused);
  });
  await assert.rejects(act("delete", { messageId: id }), /actions\.messages is off/);
});

test("an emoji on a message of the bot is told with the next turn; on others' it is not, nor from strangers", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text("well");
    reply.end();
  };
  await using at = await startDiscord({ rest: modelConfig(model) });
  await at.connected();
  at.fake.says({ from: ANN, text: "hello" });
  await at.posts(1);
  const reacts = (user_id: string, emoji: string, message_author_id = FAKE_BOT.id, more: object = {}) =>
    at.fake.push({
      t: "MESSAGE_REACTION_ADD",
      d: {
        user_id,
        message_author_id,
        channel_id: directId(ANN.id),
        message_id: at.fake.posted[0]?.["id"],
        emoji: { id: null, name: emoji },
        burst: false,
        type: 0,
        ...more,
      },
    });

  reacts(ANN.id, "🎉");
  reacts(ANN.id, "🎉");
  reacts(ANN.id, "💤", ANN.id);
  reacts(BOB.id, "👻", FAKE_BOT.id, { channel_id: directId(BOB.id) });
  reacts(FAKE_BOT.id, "👀");
  at.fake.says({ from: ANN, text: "hello again" });
  await at.posts(2);

  const { content } = model.requests.at(-1)?.body.messages.at(-1) ?? {};
  const told = JSON.stringify(content);
  assert.match(told, new RegExp(`Discord reaction added: 🎉 by ${ANN.id} on msg ${String(at.fake.posted[0]?.["id"])}`));
  assert.equal(told.match(/reaction added/g)?.length, 1);
  assert.equal(at.fake.posted.length, 2, "nobody gets a pairing code for an emoji");
});
