import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { directId } from "../fakes/slack-server.ts";
import { ANN, BOB, ROOM, startSlack } from "./slack-gateway.ts";
import type { Setup } from "./slack-gateway.ts";

/** Answers to commands, which go where Slack says for each of them. */
const answers = ({ fake }: Setup) =>
  fake.calls.filter(({ method }) => method.startsWith("/commands/")).map(({ args }) => args);

test("a slash command is answered for the asker's eyes, by the gateway or by the agent; strangers are told no", async () => {
  await using at = await startSlack({
    slack: { slashCommand: { enabled: true }, channels: { [ROOM]: { users: [ANN.id] } } },
  });
  await at.connected();
  const command = "/openclaw";

  const first = at.fake.command({ from: ANN, command, text: "status", channel: ROOM });
  at.fake.socket.send(first);
  await eventually("the status", () => answers(at).length === 1);
  at.fake.command({ from: ANN, command, text: "hello &amp; welcome" });
  await eventually("the agent's answer", () => answers(at).length === 2);
  at.fake.command({ from: BOB, command, text: "/status", channel: ROOM });
  await eventually("the refusal", () => answers(at).length === 3);
  const other = at.fake.command({ from: ANN, command: "/deploy", text: "now" });
  await eventually("it is acknowledged", () => at.fake.socket.isAcked(other));

  const [status, hello, refused] = answers(at);
  assert.match(String(status?.["text"]), /Session: agent:main:slack:channel:c0plans001|Model/i);
  assert.match(String(hello?.["text"]), /^Hello!/);
  assert.match((await at.turns("agent:main:main"))[0] ?? "", /hello & welcome/);
  assert.equal(refused?.["text"], "You are not authorised to use this here.");
  assert.deepEqual(
    answers(at).map((one) => one["response_type"]),
    ["ephemeral", "ephemeral", "ephemeral"],
  );
  assert.deepEqual(at.fake.posted, []);
});

test("commands of the app are those of the gateway where that is on; what Slack takes no answer to is said in the chat", async () => {
  await using at = await startSlack({
    slack: { commands: { native: true }, slashCommand: { ephemeral: false }, allowFrom: [ANN.id] },
  });
  await at.connected();

  at.fake.command({ from: ANN, command: "/whoami" });
  await eventually("an answer", () => answers(at).length === 1);
  at.fake.answerOnce(/^\/commands\//, {}, 404);
  at.fake.command({ from: ANN, command: "/whoami" });
  const [text] = await at.posts(1);

  assert.equal(answers(at)[0]?.["response_type"], "in_channel");
  assert.match(text ?? "", /^Your id on slack/);
  assert.equal(at.fake.posted[0]?.channel, directId(ANN.id));
  at.configure({ commands: { native: true }, channels: { [ROOM]: { users: [ANN.id] } } });
  await at.connected();
  await eventually("a whisper", () => {
    at.fake.answerOnce(/^\/commands\//, {}, 404);
    at.fake.command({ from: ANN, command: "/whoami", channel: ROOM });
    return at.fake.whispered[0];
  });
  assert.deepEqual([at.fake.whispered[0]?.channel, at.fake.whispered[0]?.user], [ROOM, ANN.id]);
  assert.equal(at.fake.posted.length, 1);
});

test("whoever presses a button of ours says what it holds; buttons of others are not ours to answer", async () => {
  await using at = await startSlack({ slack: { channels: { [ROOM]: { users: [ANN.id] } } } });
  await at.connected();
  const press = { from: ANN, channel: ROOM, ts: "1700000000.000001", value: "hello, do it" };

  const ours = at.fake.presses(press);
  at.fake.socket.send(ours);
  at.fake.presses({ ...press, value: "not ours", actionId: "other" });
  at.fake.presses({ ...press, from: BOB });
  await at.posts(1);
  await eventually("all is acknowledged", () => at.fake.socket.sent.every((one) => at.fake.socket.isAcked(one)));

  const turns = await at.turns(`agent:main:slack:channel:${ROOM.toLowerCase()}`);
  assert.equal(turns.length, 1);
  assert.match(turns[0] ?? "", /hello, do it/);
  assert.deepEqual((await at.account())["dropped"], { "group-sender": 1 });
});
