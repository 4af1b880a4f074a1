import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { ANN, BOB, GUILD, ROOM, startDiscord } from "./discord-gateway.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("a long answer becomes messages that Discord takes, in order, with whole blocks of code", async () => {
  await using model = await startFakeOpenAi();
  const code = Array.from({ length: 120 }, (_, n) => `const line${n} = "${"x".repeat(20)}";`).join("\n");
  model.otherwise = (reply) => {
    reply.text(`# Plan\n\nSome **bold** text.\n\n\`\`\`ts\n${code}\n\`\`\`\n\nThe end.`);
    reply.end();
  };
  await using at = await startDiscord({ rest: modelConfig(model) });
  await at.connected();

  at.fake.says({ from: ANN, text: "tell me" });
  await eventually("the end", () => String(at.fake.posted.at(-1)?.["content"]).endsWith("The end."), 20_000);

  const texts = at.fake.posted.map(({ content }) => String(content));
  assert.ok(texts.length >= 7, String(texts.length));
  for (const text of texts) {
    assert.ok(text.length <= 2_000);
    assert.ok(text.split("\n").length <= 19, text);
    assert.equal((text.match(/```/g) ?? []).length % 2, 0, text);
  }
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => line.startsWith("const line"));
  assert.equal(lines.join("\n"), code);
});

test("maxLinesPerMessage says how many lines one message has", async () => {
  await using at = await startDiscord({ discord: { maxLinesPerMessage: 2 } });
  await at.connected();

  const params = { channel: "discord", to: `channel:${ROOM}`, message: "one\ntwo\nthree", idempotencyKey: "l1" };
  await at.client.request("send", params);

  assert.deepEqual(await at.posts(2), ["one\ntwo", "three"]);
});

test("an attachment is saved and shown to the model; one that is too large, or of a stranger, is not fetched", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text("seen");
    reply.end();
  };
  await using at = await startDiscord({
    discord: { mediaMaxMb: 0.001, dmPolicy: "allowlist" },
    rest: modelConfig(model),
  });
  await at.connected();
  const file = (filename: string, size: number) => ({
    id: "1",
    filename,
    size,
    content_type: "image/png",
    url: at.fake.file(filename, PNG, "image/png"),
  });
  const attachments = [file("cat.png", PNG.length), file("huge.png", 9_000_000)];

  at.fake.says({ from: BOB, text: "look", attachments });
  at.fake.says({
    from: ANN,
    text: "look",
    attachments: [...attachments, { ...attachments[0], url: "https://evil.example/cat.png" }],
  });
  await at.posts(1);

  const names = readdirSync(join(at.gateway.stateDir, "media", "inbound"));
  assert.equal(names.length, 1, String(names));
  assert.deepEqual(readFileSync(join(at.gateway.stateDir, "media", "inbound", String(names[0]))), PNG);
  const asked = JSON.stringify(model.requests[0]?.body);
  assert.match(asked, /data:image\/png;base64,iVBOR/);
  assert.match(asked, /the attachment huge.png was too large/);
  assert.match(asked, /the attachment cat.png could not be downloaded/);
});

test("a file goes out with its text on it", async () => {
  await using at = await startDiscord();
  await at.connected();
  const workspace = join(at.gateway.stateDir, "workspace");
  mkdirSync(workspace, { recursive: true });
  writeFileSync(join(workspace, "cat.png"), PNG);

  const params = {
    channel: "discord",
    to: `channel:${ROOM}`,
    message: "a cat",
    mediaUrl: "cat.png",
    idempotencyKey: "f1",
  };
  const sent = await at.client.request<{ messageId: string }>("send", params);

  const call = at.fake.calls.find(({ method, path }) => method === "POST" && path.endsWith("/messages"));
  assert.deepEqual(call?.files, [{ name: "cat.png", size: PNG.length, type: "image/png" }]);
  assert.equal(call.body["content"], "a cat");
  assert.equal(call.body["enforce_nonce"], true);
  assert.equal(sent.messageId, at.fake.posted[0]?.["id"]);
});

test("answers quote what they answer where that is on, and are Markdown that calls nobody", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text("[[reply_to_current]] *yes*, @everyone and <@&5>: **a** | b");
    reply.end();
  };
  const guilds = { [GUILD]: { requireMention: false, users: [ANN.id], channels: { [ROOM]: {} } } };
  await using at = await startDiscord({ discord: { guilds, replyToMode: "first" }, rest: modelConfig(model) });
  await at.connected();

  const asked = at.fake.says({ from: ANN, text: "well?", channelId: ROOM, guildId: GUILD });
  const [text] = await at.posts(1);

  assert.equal(text, "*yes*, @everyone and <@&5>: **a** | b");
  const { body } = await at.fake.waitFor(({ method, path }) => method === "POST" && path.endsWith("/messages"));
  assert.deepEqual(body["message_reference"], { message_id: asked["id"], fail_if_not_exists: false });
  assert.deepEqual(body["allowed_mentions"], { parse: ["users"], replied_user: false });
});

test("a thread is told what it began with, once; an edit is heard as one, and other changes are not", async () => {
  const guilds = { [GUILD]: { users: [ANN.id], channels: { [ROOM]: {} } } };
  await using at = await startDiscord({ discord: { guilds } });
  await at.connected();
  const thread = "300000000000000009";
  const bot = { id: at.fake.bot.id, username: "clawd" };
  const place = { channelId: thread, guildId: GUILD, mentions: [bot] };
  at.fake.missed({ from: BOB, text: "we need tea", id: thread, channelId: ROOM, guildId: GUILD });

  const message = at.fake.says({ from: ANN, text: "hello", ...place });
  await at.posts(1);
  at.fake.says({ from: ANN, text: "hello again", ...place });
  await at.posts(2);
  const edited_timestamp = new Date().toISOString();
  at.fake.push({ t: "MESSAGE_UPDATE", d: { ...message, content: "hello, edited", edited_timestamp } });
  at.fake.push({
    t: "MESSAGE_UPDATE",
    d: { ...message, content: "hello, edited", edited_timestamp, embeds: [{ title: "x" }] },
  });
  at.fake.push({ t: "MESSAGE_UPDATE", d: { ...message, edited_timestamp: null } });
  at.fake.push({ t: "MESSAGE_UPDATE", d: { ...message, edited_timestamp: "2020-01-01T00:00:00Z" } });
  at.fake.says({ from: ANN, text: "and hello", ...place });
  await at.posts(4);

  const turns = await at.turns(`agent:main:discord:channel:${ROOM}:thread:${thread}`);
  assert.equal(turns.length, 4);
  assert.match(turns[0] ?? "", /the thread began with: Bob: we need tea/);
  assert.doesNotMatch(turns[1] ?? "", /we need tea/);
  assert.match(turns[2] ?? "", /hello, edited/);
});
