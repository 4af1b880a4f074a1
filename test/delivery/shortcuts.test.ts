import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { startLab } from "./lab-gateway.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"] };
const GROUP = { chatType: "group", chatId: "g1", mentioned: true };

async function answering(): Promise<FakeOpenAi> {
  const model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text("said the model");
    reply.end();
  };
  return model;
}

/** What the model was told last. */
const told = (model: FakeOpenAi) => JSON.stringify(model.requests.at(-1)?.body.messages.at(-1));

test("commands inside of a message are answered for themselves, and the agent gets the rest", async () => {
  await using model = await answering();
  await using lab = await startLab(OPEN, modelConfig(model));

  await lab.says({ id: "a", text: "/status good morning /WhoAmI, dear:\n/whoami: friend" });
  const sent = await lab.sends(3);

  const texts = sent.map(({ to, payload }) => `${to}: ${payload.text}`);
  assert.equal(texts.filter((text) => text.startsWith("ann: Your id on lab: ann")).length, 1, texts.join("\n"));
  assert.equal(
    texts.filter((text) => /^ann: OpenClaw .*session: agent:main:main.* reasoning: off,/s.test(text)).length,
    1,
    texts.join("\n"),
  );
  assert.equal(texts.filter((text) => text === "ann: said the model").length, 1, texts.join("\n"));
  assert.match(told(model), /good morning \/WhoAmI, dear:\\n friend"/);
  assert.equal(model.requests.length, 1);

  await lab.says({ id: "a", text: "/status good morning /WhoAmI, dear:\n/whoami: friend" });
  await lab.says({ id: "b", text: "/whoami /commands" });
  const all = (await lab.sends(5)).slice(3).map(({ payload }) => payload.text);
  assert.match(all.join("\n"), /Your id on lab: ann/);
  assert.match(all.join("\n"), /^\/whoami - /m);
  await lab.says({ id: "c", text: "the last one" });
  await lab.ended("c", "done");
  assert.deepEqual([model.requests.length, (await lab.sent()).length], [2, 6]);
});

test("what only looks like a command, or is written by somebody who may use none, is what was said", async () => {
  await using model = await answering();
  const groups = { g1: {} };
  await using lab = await startLab(
    { dmPolicy: "allowlist", allowFrom: ["ann"], groupPolicy: "open", groups },
    modelConfig(model),
  );

  for (const [id, from, text] of [
    ["a", "ann", "is it /status? or docs/help or /whoamiX"],
    ["b", "eve", "say /whoami please"],
  ] as const) {
    await lab.says({ id, from, text, ...GROUP });
    await lab.ended(id, "done");
    assert.ok(told(model).includes(text), told(model));
  }

  assert.equal((await lab.sent()).length, 2);
});

test("with commands.text off they are text too", async () => {
  await using model = await answering();
  await using lab = await startLab(OPEN, { ...modelConfig(model), commands: { text: false } });

  await lab.says({ id: "a", text: "say /whoami please" });
  await lab.ended("a", "done");

  assert.match(told(model), /say \/whoami please/);
  assert.equal((await lab.sent()).length, 1);
});
