import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { directId, FAKE_APP } from "../fakes/slack-server.ts";
import { ANN, BOB, ROOM, startSlack } from "./slack-gateway.ts";

const ME = `<@${FAKE_APP.userId}>`;
const CHANNELS = { [ROOM]: { users: [ANN.id] } };
const KEY = `agent:main:slack:channel:${ROOM.toLowerCase()}`;

test("a thread stays one and is a conversation of its own; what is said in it to the bot needs no mention", async () => {
  await using at = await startSlack({ slack: { channels: CHANNELS, thread: { inheritParent: true } } });
  await at.connected();
  at.fake.missed({ from: ANN, text: "it is cold", channel: ROOM });
  const root = at.fake.missed({ from: BOB, text: "we need tea", channel: ROOM });
  const inThread = { from: ANN, channel: ROOM, threadTs: root.ts };

  at.fake.says({ ...inThread, text: "unheard" });
  at.fake.says({ ...inThread, text: `${ME} hello` });
  await at.posts(1);
  at.fake.says({ ...inThread, text: "hello again" });
  await at.posts(2);
  at.fake.says({
    from: ANN,
    text: "hello",
    channel: ROOM,
    threadTs: "1700000000.000001",
    parent_user_id: FAKE_APP.userId,
  });
  await at.posts(3);
  const direct = at.fake.says({ from: ANN, text: "hello" });
  at.fake.says({ from: ANN, text: "hello", threadTs: direct.ts });
  await at.posts(5);

  assert.deepEqual(
    at.fake.posted.slice(0, 3).map(({ thread_ts }) => thread_ts),
    [root.ts, root.ts, "1700000000.000001"],
  );
  assert.deepEqual(
    at.fake.posted.slice(3).map(({ channel, thread_ts }) => [channel, thread_ts]),
    [
      [directId(ANN.id), undefined],
      [directId(ANN.id), direct.ts],
    ],
  );
  const turns = await at.turns(`${KEY}:thread:${root.ts}`);
  assert.equal(turns.length, 2);
  assert.match(
    turns[0] ?? "",
    /Ann: unheard[\s\S]*said in the channel before the thread: Ann: it is cold[\s\S]*the thread began with: Bob: we need tea/,
  );
  assert.doesNotMatch(turns[1] ?? "", /we need tea/);
  assert.equal((await at.turns(`agent:main:main:thread:${direct.ts}`)).length, 1);
});

test("answers go into threads as the mode of the place says: none, the first of them, or all", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text(`one\n\n${"two ".repeat(30)}`);
    reply.end();
  };
  const replyToModeByChatType = { channel: "all", direct: "first" };
  await using at = await startSlack({
    slack: { channels: CHANNELS, replyToModeByChatType, textChunkLimit: 100 },
    rest: modelConfig(model),
  });
  await at.connected();

  const asked = at.fake.says({ from: ANN, text: `${ME} well?`, channel: ROOM });
  await at.posts(2);
  const direct = at.fake.says({ from: ANN, text: "well?" });
  await at.posts(4);
  // The issue tells that the file has been read.
  const thread = { historyScope: "channel" };
  at.configure({ channels: CHANNELS, replyToMode: "off", thread, userTokenReadOnly: false }, modelConfig(model));
  await eventually("the mode of now", async () => (await at.issues()).length > 0);
  at.fake.says({ from: ANN, text: `${ME} and now?`, channel: ROOM });
  await at.posts(5);
  at.fake.says({ from: ANN, text: `${ME} in a thread`, channel: ROOM, threadTs: asked.ts });
  await at.posts(6);

  assert.deepEqual(
    at.fake.posted.map(({ thread_ts }) => thread_ts),
    [asked.ts, asked.ts, direct.ts, undefined, undefined, asked.ts],
  );
  assert.equal((await at.turns(`${KEY}:thread:${asked.ts}`)).length, 1);
  assert.match((await at.turns(KEY)).at(-1) ?? "", /in a thread/);
});

test("the agent quotes where it asks to, and reactions and edits are told with the next turn", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text("[[reply_to_current]] *yes*, <!channel> & **a**");
    reply.end();
  };
  await using at = await startSlack({ slack: { channels: CHANNELS, replyToMode: "first" }, rest: modelConfig(model) });
  await at.connected();

  const asked = at.fake.says({ from: ANN, text: `${ME} well?`, channel: ROOM });
  const [text] = await at.posts(1);
  const item = { type: "message", channel: ROOM, ts: at.fake.posted[0]?.ts };
  const reaction = { type: "reaction_added", user: ANN.id, reaction: "tada", item, event_ts: "1.1" };
  at.fake.push({ ...reaction, item_user: FAKE_APP.userId });
  at.fake.push({ ...reaction, reaction: "eyes", item_user: BOB.id });
  at.fake.push({ ...reaction, user: BOB.id, item_user: FAKE_APP.userId });
  const change = {
    type: "message",
    subtype: "message_changed",
    channel: ROOM,
    channel_type: "channel",
    previous_message: asked,
  };
  at.fake.push({ ...change, message: { ...asked, text: `${ME} well, then?`, edited: { ts: "2.2" } } });
  at.fake.push({ ...change, message: { ...asked, attachments: [{ text: "a link" }] } });
  at.fake.push({ ...change, subtype: "message_deleted", message: undefined, deleted_ts: asked.ts });
  await eventually("all is acknowledged", () => at.fake.socket.sent.every((one) => at.fake.socket.isAcked(one)));
  at.fake.says({ from: ANN, text: `${ME} go on`, channel: ROOM });
  await at.posts(2);

  assert.equal(text, "_yes_, &lt;!channel&gt; &amp; *a*");
  assert.equal(at.fake.posted[0]?.["thread_ts"], asked.ts);
  const prompt = JSON.stringify(model.requests.at(-1)?.body);
  assert.match(prompt, /Slack reaction added: :tada: by Ann on msg/);
  assert.match(prompt, /of Ann in #plans was edited, it now says: <@U0CLAWD001> well, then\?/);
  assert.match(prompt, /of Ann in #plans was deleted/);
  assert.doesNotMatch(prompt, /:eyes:|by Bob|a link/);
});
