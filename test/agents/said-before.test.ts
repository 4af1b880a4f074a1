import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { startLab } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi, Reply } from "../fakes/openai-server.ts";
import { ask } from "./asking.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"] };

const calls =
  (text: string, path: string) =>
  (reply: Reply): void => {
    if (text !== "") reply.text(text);
    reply.toolCall("call-1", "read", JSON.stringify({ path }));
    reply.end("tool_calls");
  };
const says =
  (text: string) =>
  (reply: Reply): void => {
    if (text !== "") reply.text(text);
    reply.end();
  };

async function sentOn(model: FakeOpenAi, message: string): Promise<string[]> {
  await using lab = await startLab(OPEN, modelConfig(model));
  await lab.says({ text: message, id: "m" });
  await lab.ended("m", "done");
  // What comes after the end of a message leaves after it.
  await lab.says({ text: "/whoami", id: "last" });
  const isMark = (text: string) => text.startsWith("Your id");
  const sent = await eventually("the mark is sent", async () => {
    const texts = (await lab.sent()).map(({ payload }) => payload.text);
    return texts.some(isMark) && texts;
  });
  return sent.filter((text) => !isMark(text));
}

test("what is said before a tool runs is told on a network as a message of its own", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(calls("Let me look.", "AGENTS.md"), says("All is well."));

  assert.deepEqual(await sentOn(model, "check"), ["Let me look.", "All is well."]);
});

test("a silent answer keeps what was said before it", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(calls("Let me look.", "AGENTS.md"), says("NO_REPLY"));

  assert.deepEqual(await sentOn(model, "check"), []);
});

test("a tool that failed is told when the model has nothing to say", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(calls("", "missing.txt"), says(""));

  const [text, ...others] = await sentOn(model, "check");

  assert.match(text ?? "", /^The tool read failed: .*missing\.txt/);
  assert.deepEqual(others, []);
});

test("with verbose on the tools that ran stand behind the answer, with full what they gave too", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(calls("", "missing.txt"), says("Done."));
  assert.deepEqual(await sentOn(model, "/verbose on check"), ["Done.", "Tools:\n- read: missing.txt (failed)"]);

  model.scripts.push(calls("", "missing.txt"), says("Done."));
  const [, full] = await sentOn(model, "/verbose full check");
  assert.match(full ?? "", /^Tools:\n- read: missing\.txt \(failed\)\n.+/);
});

test("a client gets the answer alone, or the last words before an empty one", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();

  model.scripts.push(calls("Let me look.", "AGENTS.md"), says("All is well."));
  const plain = await ask(client, "check");
  model.scripts.push(calls("The answer is four.", "AGENTS.md"), says(""));
  const empty = await ask(client, "check");
  model.scripts.push(calls("", "AGENTS.md"), says("Done."));
  const verbose = await ask(client, "/verbose on check");

  const texts = [plain, empty, verbose].map(({ result }) => result.payloads.map(({ text }) => text));
  assert.deepEqual(texts, [["All is well."], ["The answer is four."], ["Done.", "Tools:\n- read: AGENTS.md"]]);
});

test("a stranger in a group says nothing about how it is answered", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await startLab(
    { groupPolicy: "open", groups: { "*": { requireMention: false } } },
    modelConfig(model),
  );
  model.scripts.push(calls("", "missing.txt"), says("Done."));

  await lab.says({ text: "/verbose on check", id: "m", chatType: "group", chatId: "g1" });
  await lab.ended("m", "done");

  assert.deepEqual(
    (await lab.sends(1)).map(({ payload }) => payload.text),
    ["Done."],
  );
  assert.match(JSON.stringify(model.requests[0]?.body.messages.at(-1)), /\/verbose on check/);
});
