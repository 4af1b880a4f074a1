import assert from "node:assert/strict";
import { test } from "node:test";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { ask, record } from "./asking.ts";

interface ChatEvent {
  readonly runId: string;
  readonly state: string;
  readonly message?: { readonly content: readonly { readonly text: string }[] };
}

/** A model that reasons, so that there are levels to choose. */
function reasoningConfig(model: FakeOpenAi): object {
  const { agents } = modelConfig(model);
  const one = { name: "Fake", contextWindow: 32_000, maxTokens: 2_048 };
  const models = [
    { ...one, id: "fake-1", reasoning: true },
    { ...one, id: "other" },
  ];
  const fake = { baseUrl: model.baseUrl, apiKey: "fake-key-123456", api: "openai-completions", models };
  return { agents, models: { providers: { fake } } };
}

let keys = 0;

/** The answer of a command in the main session. */
async function say(client: GatewayClient, message: string): Promise<string> {
  const events = record<ChatEvent>(client, "chat");
  const idempotencyKey = `say-${++keys}`;
  await client.request("chat.send", { sessionKey: "main", message, idempotencyKey });
  const final = await eventually(`the answer to ${message}`, () =>
    events.find(({ runId, state }) => runId === idempotencyKey && state === "final"),
  );
  return final.message?.content[0]?.text ?? "";
}

test("a level that is set alone is kept for the session; any accepted spelling will do", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: reasoningConfig(model) });
  const client = await gateway.client();

  assert.match(await say(client, "/think"), /Thinking level: low\. fake\/fake-1 takes off,/);
  assert.equal(await say(client, "/t: think-harder"), "Thinking level set to medium.");
  assert.match(await say(client, "/think galaxy"), /^(?!Thinking level set)/);
  assert.equal(await say(client, "/verbose on"), "Verbose level set to on.");
  assert.equal(await say(client, "/reasoning stream"), "Reasoning set to stream.");
  await ask(client, "hello");

  const { sessions } = await client.request<{ sessions: object[] }>("sessions.list", {});
  assert.partialDeepStrictEqual(sessions[0], {
    thinkingLevel: "medium",
    verboseLevel: "on",
    reasoningLevel: "stream",
  });
  assert.equal(model.requests.at(-1)?.body["reasoning_effort"], "medium");
});

test("an agent has a level of its own, before the general one", async () => {
  await using model = await startFakeOpenAi();
  const { agents, ...rest } = reasoningConfig(model) as { agents: { defaults: object } };
  const list = [{ id: "main", thinkingDefault: "high" }, { id: "other" }];
  const config = { ...rest, agents: { defaults: { ...agents.defaults, thinkingDefault: "minimal" }, list } };
  await using gateway = await startTestGateway({ config });
  const client = await gateway.client();

  assert.match(await say(client, "/think"), /Thinking level: high/);
  await ask(client, "hello");
  await ask(client, "hello", { sessionKey: "agent:other:main" });

  assert.deepEqual(
    model.requests.map(({ body }) => body["reasoning_effort"]),
    ["high", "minimal"],
  );
});

test("a level inside of a message counts for that message only, and the model does not see it", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: reasoningConfig(model) });
  const client = await gateway.client();

  await ask(client, "please /think high about cats");
  await ask(client, "/model fake/other and now dogs");
  await ask(client, "look at /etc/hosts and /think about it");

  const [cats, dogs, hosts] = model.requests;
  assert.equal(cats?.body["reasoning_effort"], "high");
  assert.match(JSON.stringify(cats?.body.messages.at(-1)), /please about cats/);
  assert.equal(dogs?.body.model, "other");
  assert.match(JSON.stringify(dogs?.body.messages.at(-1)), /\] and now dogs/);
  assert.equal(hosts?.body["reasoning_effort"], "low");
  assert.match(JSON.stringify(hosts?.body.messages.at(-1)), /look at \/etc\/hosts and \/think about it/);
});

test("an alias inside of a message names the model for it; what is no alias is what was said", async () => {
  await using model = await startFakeOpenAi();
  const config = reasoningConfig(model) as { agents: { defaults: object } };
  const models = { "fake/other": { alias: "Deep" }, "fake/fake-1": {} };
  const agents = { ...config.agents, defaults: { ...config.agents.defaults, models } };
  await using gateway = await startTestGateway({ config: { ...config, agents } });
  const client = await gateway.client();

  await ask(client, "/model deep and now birds");
  await ask(client, "is /model shallow a word?");

  const [birds, word] = model.requests;
  assert.equal(birds?.body.model, "other");
  assert.match(JSON.stringify(birds?.body.messages.at(-1)), /\] and now birds/);
  assert.equal(word?.body.model, "fake-1");
  assert.match(JSON.stringify(word?.body.messages.at(-1)), /is \/model shallow a word/);
});

test("/model changes the model of the session, and says in one sentence what it does not know", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: reasoningConfig(model) });
  const client = await gateway.client();

  assert.match(await say(client, "/model"), /^Model: fake\/fake-1\n/);
  assert.equal(await say(client, "/model fake/other"), "Model set to fake/other.");
  assert.match(await say(client, "/model nope/x"), /nope/);
  await ask(client, "hello");
  assert.equal(model.requests.at(-1)?.body.model, "other");
  assert.equal(await say(client, "/model default"), "Model is the default again: fake/fake-1.");

  const [, number] = /^(\d+)\. fake\/other$/m.exec(await say(client, "/models list")) ?? [];
  assert.equal(await say(client, `/model ${number}`), "Model set to fake/other.");
  assert.match(await say(client, "/model 9999"), /^there is no model 9999; \/model list has \d+$/);
});

test("a model is refused in one way, whoever chooses it and wherever", async () => {
  await using model = await startFakeOpenAi();
  const config = reasoningConfig(model) as { agents: { defaults: object } };
  const defaults = { ...config.agents.defaults, models: { "fake/fake-1": {} } };
  await using gateway = await startTestGateway({ config: { ...config, agents: { defaults } } });
  const client = await gateway.client();
  const allowed = /^(GatewayError: )?model not allowed: fake\/other; add it to agents\.defaults\.models/;

  assert.match(await say(client, "/model fake/other"), allowed);
  const { error } = await ask(client, "/model fake/other and now dogs");
  assert.match(error?.message ?? "", allowed);
  await assert.rejects(client.request("sessions.patch", { key: "main", model: "fake/other" }), allowed);
  assert.equal(model.requests.length, 0);
  await client.request("sessions.patch", { key: "main", model: "fake/fake-1" });
});

test("/status, /usage and /context tell what is known of the session", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: reasoningConfig(model) });
  const client = await gateway.client();
  assert.match(await say(client, "/context"), /no prompt yet/);
  await ask(client, "hello");

  assert.match(
    await say(client, "/status"),
    /Model: fake\/fake-1[^]*Context: 10 of 32000 tokens \(0 %\)[^]*Thinking: low/,
  );
  assert.match(await say(client, "/context list"), /System prompt: \d+ characters/);
  assert.equal(await say(client, "/usage tokens"), "Usage under answers set to tokens.");
  assert.match(await say(client, "/usage cost"), /16 tokens in this session; no price is known/);

  const { result } = await ask(client, "again");
  assert.equal(result.payloads[0]?.text, "Hello from the fake model.\n\nUsage: 10 in, 6 out");
});

test("answers of commands are shown in the history and are not told to the model", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: reasoningConfig(model) });
  const client = await gateway.client();
  await say(client, "/status");

  await ask(client, "hello");

  assert.doesNotMatch(JSON.stringify(model.requests[0]?.body.messages), /Context: 0 of/);
  const { messages } = await client.request<{ messages: { model?: string }[] }>("chat.history", { sessionKey: "main" });
  assert.equal(messages[0]?.model, "gateway-injected");
});
