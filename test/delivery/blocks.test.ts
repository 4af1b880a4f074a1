import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"], blockStreaming: true };

function start(model: FakeOpenAi, defaults: object = {}, lab: object = OPEN, rest: object = {}): Promise<Lab> {
  const config = modelConfig(model);
  const blockStreamingChunk = { minChars: 20, maxChars: 60, breakPreference: "paragraph" };
  const agents = { defaults: { ...config.agents.defaults, blockStreamingChunk, ...defaults } };
  return startLab(lab, { ...config, agents, ...rest });
}

const texts = async (lab: Lab) => (await lab.sent()).map(({ payload }) => payload.text);

test("an answer goes out in blocks while it is written, each part once and in order", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await start(model, {}, OPEN, { messages: { responsePrefix: "[{model}]" } });
  const held = Promise.withResolvers<void>();
  model.scripts.push(async (reply) => {
    reply.text("The first paragraph of all.\n\nThe second ");
    await held.promise;
    reply.text("paragraph, also long enough.\n\nThe end.");
    reply.end();
  });

  await lab.says({ text: "go", id: "m" });
  const [first] = await lab.sends(1);
  assert.equal(first?.payload.text, "[fake-1] The first paragraph of all.");
  held.resolve();
  const { sessionKey } = await lab.ended("m", "done");

  assert.deepEqual(await texts(lab), [
    "[fake-1] The first paragraph of all.",
    "The second paragraph, also long enough.",
    "The end.",
  ]);
  const { messages } = await lab.client.request<{ messages: { content: { text: string }[] }[] }>("chat.history", {
    sessionKey,
  });
  assert.match(messages.at(-1)?.content[0]?.text ?? "", /^The first paragraph of all\.[^]*The end\.$/);
});

test("what is said before a tool runs is told then, small parts together", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await start(model, { blockStreamingCoalesce: { minChars: 500, idleMs: 50, maxChars: 500 } });
  model.scripts.push(
    (reply) => {
      reply.text("Let me see.");
      reply.toolCall("call-1", "session_status", "{}");
      reply.end("tool_calls");
    },
    async (reply) => {
      await eventually("the first part", async () => (await lab.sent()).length === 1);
      reply.text("It is so.");
      reply.end();
    },
  );

  await lab.says({ text: "go", id: "m" });
  await lab.ended("m", "done");

  assert.deepEqual(await texts(lab), ["Let me see.", "It is so."]);
});

test("silence stays silent, and a channel that does not want blocks gets none", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await start(model, { blockStreamingDefault: "on" }, { ...OPEN, blockStreaming: false });
  const long = "A paragraph that is long enough.\n\nAnother one that is long too.";
  model.scripts.push((reply) => {
    reply.text(long);
    reply.end();
  });
  await lab.says({ text: "go", id: "m" });
  await lab.ended("m", "done");
  assert.deepEqual(await texts(lab), [long]);

  await using loud = await start(model);
  model.scripts.push((reply) => {
    reply.text("NO_");
    reply.text("REPLY");
    reply.end();
  });
  await loud.says({ text: "go", id: "n" });
  await loud.ended("n", "done");
  assert.deepEqual(await texts(loud), []);
});

test("a turn that is stopped says the rest once; one that was cut off after a block is not run again", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await start(model);
  model.scripts.push(async (reply) => {
    reply.text("The first paragraph of all.\n\nAnd a beginning");
    await new Promise(() => undefined);
    reply.end();
  });

  await lab.says({ text: "go", id: "m" });
  await lab.sends(1);
  await lab.says({ text: "/stop" });
  await lab.ended("m", "done");

  const said = (await texts(lab)).filter((text) => !text.startsWith("Stopped"));
  assert.deepEqual(said, ["The first paragraph of all.", "And a beginning"]);
  const { timeline } = await lab.trace("m");
  assert.ok(timeline.length > 0);
});

test("pauses between blocks are those of a person, and a fenced block is sent whole", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await start(model, { humanDelay: { mode: "custom", minMs: 1, maxMs: 5 } });
  const code = "```js\nlet a = 1;\n\nlet b = 2;\n```";
  model.scripts.push((reply) => {
    reply.text(`${code}\n\nThat was the code of it, and nothing is missing.\n\nAnd this is the end.`);
    reply.end();
  });

  await lab.says({ text: "go", id: "m" });
  await lab.ended("m", "done");

  assert.deepEqual(await texts(lab), [
    code,
    "That was the code of it, and nothing is missing.",
    "And this is the end.",
  ]);
});
