import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { LAB_PLUGIN } from "../delivery/lab-gateway.ts";
import type { Sent } from "../delivery/lab-gateway.ts";
import { startToolBench } from "./bench.ts";
import type { ToolBench } from "./bench.ts";

const LAB = { channels: { lab: { dmPolicy: "open", allowFrom: ["*"] } }, plugins: LAB_PLUGIN };

async function sent({ client }: ToolBench): Promise<Sent[]> {
  return (await client.request<{ sent: Sent[] }>("lab.sent", {})).sent;
}

/** Somebody writes on the network, and the model answers with these steps. */
async function hear(bench: ToolBench, text: string, ...calls: object[]): Promise<void> {
  for (const [index, args] of calls.entries()) {
    bench.model.scripts.push((reply) => {
      reply.toolCall(`call-${text}-${index}`, "message", JSON.stringify(args));
      reply.end("tool_calls");
    });
  }
  await bench.client.request("lab.receive", {
    channel: "lab",
    messageId: text,
    text,
    sender: { id: "u1" },
    chatType: "direct",
    chatId: "u1",
  });
}

test("an agent sends where it is told to, and the network's answer is its result", async () => {
  await using bench = await startToolBench(LAB);
  mkdirSync(join(bench.workspace, "out"));
  writeFileSync(join(bench.workspace, "out/cat.png"), "png");

  const dry = await bench.use("message", { action: "send", channel: "lab", target: "u7", message: "hi", dryRun: true });
  const done = await bench.use("message", { action: "send", channel: "lab", target: "u7", message: "**hi**" });
  const media = await bench.use("message", { action: "send", channel: "lab", target: "u7", media: "out/cat.png" });
  await bench.client.request("lab.script", {
    steps: [{ outcome: "not_sent", retryable: false, reason: "no such chat" }],
  });
  const failed = await bench.use("message", { action: "send", channel: "lab", target: "gone", message: "x" });

  assert.match(dry.text, /"dryRun": true/);
  assert.partialDeepStrictEqual(done.details, { ok: true, results: [{ status: "sent", to: "u7" }] });
  assert.ok(!media.isError && failed.isError);
  assert.match(failed.text, /no such chat/);
  const all = await sent(bench);
  assert.deepEqual(
    all.slice(0, 2).map(({ to, payload }) => [to, payload.text, payload.mediaUrl?.endsWith("/ws/out/cat.png")]),
    [
      ["u7", "**hi**", undefined],
      ["u7", "", true],
    ],
  );
});

test("files from elsewhere, unknown networks and half messages are refused", async () => {
  await using bench = await startToolBench(LAB);
  const send = (args: object) => bench.use("message", { action: "send", channel: "lab", target: "u7", ...args });

  assert.match((await send({ media: bench.gateway.configPath })).text, /files of the gateway are not for tools/);
  assert.match((await send({ media: "/etc/passwd" })).text, /outside of the workspace/);
  assert.match((await send({})).text, /send needs message or media/);
  assert.match((await send({ channel: "nowhere", message: "x" })).text, /unsupported channel: nowhere/);
  assert.match((await bench.use("message", { action: "send", message: "x" })).text, /say whom to send to with target/);
  assert.match((await send({ action: "poll" })).text, /poll needs pollQuestion/);
  assert.deepEqual(await sent(bench), []);
});

test("a turn that answers somebody writes to nobody else, until it is allowed", async () => {
  await using bench = await startToolBench(LAB);

  await hear(bench, "m1", { action: "send", target: "u2", message: "psst" });
  await eventually("the answer", async () => (await sent(bench)).length === 1);
  assert.match(
    JSON.stringify(bench.model.requests.at(-1)?.body.messages),
    /tools\.message\.crossContext\.allowWithinProvider/,
  );

  const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
  const raw = "{tools:{message:{crossContext:{allowWithinProvider:true}}}}";
  await bench.client.request("config.patch", { raw, baseHash: hash });
  await hear(bench, "m2", { action: "send", target: "u2", message: "psst" });
  await eventually("both", async () => (await sent(bench)).length === 3);

  assert.deepEqual(
    (await sent(bench)).map(({ to }) => to),
    ["u1", "u2", "u1"],
  );
});

test("what was sent with the tool is not sent once more as the answer; another answer is", async () => {
  await using bench = await startToolBench(LAB);
  bench.model.otherwise = (reply) => {
    reply.text("It is  Done.");
    reply.end();
  };

  await hear(bench, "m1", { action: "send", message: "it is done." });
  await eventually("the message", async () => (await sent(bench)).length === 1);
  await hear(bench, "m2");
  await eventually("the next answer", async () => (await sent(bench)).length === 2);

  assert.deepEqual(
    (await sent(bench)).map(({ payload }) => payload.text),
    ["it is done.", "It is  Done."],
  );
});

test("reactions go to the message that is answered", async () => {
  await using bench = await startToolBench({ ...LAB, messages: { ackReactionScope: "off" } });

  await hear(bench, "m1", { action: "react", emoji: "👍" });
  await eventually("the answer", async () => (await sent(bench)).length === 1);

  const { shown } = await bench.client.request<{ shown: { what: string; messageId: string; emoji: string }[] }>(
    "lab.shown",
    {},
  );
  assert.partialDeepStrictEqual(
    shown.filter(({ what }) => what === "reaction"),
    [{ messageId: "m1", emoji: "👍" }],
  );
});

test("an agent changes and takes back what it sent last, where the network can do that", async () => {
  const channels = { lab: { ...LAB.channels.lab, traits: { capabilities: { edit: true, delete: true } } } };
  await using bench = await startToolBench({ ...LAB, channels });
  const place = { channel: "lab", target: "u7" };

  await bench.use("message", { action: "send", ...place, message: "helo" });
  const changed = await bench.use("message", { action: "edit", ...place, message: "hello" });
  const gone = await bench.use("message", { action: "delete", ...place });
  const refused = await bench.use("message", { action: "react", ...place, messageId: "1", emoji: "x" });

  const { shown } = await bench.client.request<{ shown: { what: string; messageId: string }[] }>("lab.shown", {});
  assert.deepEqual([changed.isError, gone.isError, refused.isError], [false, false, true]);
  assert.match(refused.text, /Lab does not support reactions/);
  assert.partialDeepStrictEqual(
    shown.filter(({ what }) => what === "edit" || what === "delete"),
    [
      { what: "edit", messageId: "lab-1", payload: { text: "hello" } },
      { what: "delete", messageId: "lab-1" },
    ],
  );
});
