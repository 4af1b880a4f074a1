import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { ANN, BOB, GUILD, ROOM, startDiscord } from "./discord-gateway.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

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
