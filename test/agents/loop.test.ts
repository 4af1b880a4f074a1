import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi, Reply } from "../fakes/openai-server.ts";
import { ask, phases, record } from "./asking.ts";
import type { AgentEvent } from "./asking.ts";

const DICE = {
  load: { paths: [join(fileURLToPath(import.meta.url), "..", "dice")] },
  entries: { dice: { enabled: true } },
};

function withDice(model: FakeOpenAi, defaults: object = {}): object {
  const config = modelConfig(model);
  return { ...config, agents: { defaults: { ...config.agents.defaults, ...defaults } }, plugins: DICE };
}

function roll(reply: Reply): void {
  reply.toolCall("call-1", "dice", '{"sides":6}');
  reply.end("tool_calls");
}

test("the usage of a run is the sum of its calls, the session keeps what the last one filled", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(roll, roll);
  await using gateway = await startTestGateway({ config: withDice(model) });
  const client = await gateway.client();

  const { result } = await ask(client, "roll twice");

  assert.partialDeepStrictEqual(result.meta, {
    agentMeta: { usage: { input: 18, output: 18, cacheRead: 12, total: 48 } },
  });
  assert.partialDeepStrictEqual(result.stats, { tokensIn: 18, tokensOut: 18 });
  const { sessions } = await client.request<{ sessions: object[] }>("sessions.list", {});
  assert.partialDeepStrictEqual(sessions[0], { inputTokens: 18, outputTokens: 18, totalTokens: 10, model: "fake-1" });
});

test("a run that calls tools for ever ends at its limit", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = roll;
  await using gateway = await startTestGateway({ config: withDice(model, { maxTurns: 3 }) });
  const client = await gateway.client();

  const { status, error } = await ask(client, "go on");

  assert.equal(status, "error");
  assert.equal(error?.details?.["reason"], "turn_limit");
  assert.equal(model.requests.length, 3);
});

test("a call with unreadable arguments is answered with what is wrong", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => {
    reply.toolCall("call-1", "dice", '{"sides":');
    reply.end("tool_calls");
  });
  await using gateway = await startTestGateway({ config: withDice(model) });
  const client = await gateway.client();

  const { status } = await ask(client, "roll");

  assert.equal(status, "ok");
  assert.match(JSON.stringify(model.requests[1]?.body.messages.at(-1)), /not a JSON object/);
});

test("a reasoning model's thoughts are told apart, and kept", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    for (const part of ["Let me", " think."])
      reply.raw(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { reasoning_content: part } }] })}\n\n`);
    reply.text("Four.");
    reply.end();
  };
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const events = record<AgentEvent>(client, "agent");
  const hidden = await ask(client, "two and two?");
  await client.request("sessions.patch", { key: "main", reasoningLevel: "on" });

  const shown = await ask(client, "two and two?");

  assert.deepEqual(
    hidden.result.payloads.map(({ text }) => text),
    ["Four."],
  );
  assert.deepEqual(
    shown.result.payloads.map(({ text }) => text),
    ["Reasoning:\nLet me think.", "Four."],
  );
  const thoughts = events.filter(({ stream }) => stream === "reasoning");
  assert.deepEqual(
    thoughts.map(({ runId, data }) => [runId, data]),
    [
      [shown.runId, { text: "Let me", delta: "Let me" }],
      [shown.runId, { text: "Let me think.", delta: " think." }],
    ],
  );
});

test("silence is silent: no payload, no delta, a final without a message", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => {
    for (const part of ["NO", "_RE", "PLY"]) reply.text(part);
    reply.end();
  });
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const agent = record<AgentEvent>(client, "agent");
  const chat = record<{ state: string; message?: object }>(client, "chat");

  const { status, result } = await ask(client, "anything?");

  assert.equal(status, "ok");
  assert.deepEqual(result.payloads, []);
  await eventually("the end of the chat", () => chat.length > 0);
  assert.deepEqual(
    chat.map(({ state, message }) => [state, message]),
    [["final", undefined]],
  );
  assert.deepEqual(
    agent.map(({ stream }) => stream),
    ["lifecycle", "lifecycle"],
  );
});

test("lines of media and tags become fields of the answer", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => {
    reply.text("[[reply_to_current]]Here it is\nMEDIA:https://example.test/a.png");
    reply.end();
  });
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();

  const { result } = await ask(client, "a picture");

  assert.partialDeepStrictEqual(result.payloads, [{ text: "Here it is", mediaUrl: "https://example.test/a.png" }]);
});

test("a stopped turn closes the model's connection at once, keeps what was said and is no failure", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("half"));
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const events = record<AgentEvent>(client, "agent");
  const run = ask(client, "go", { idempotencyKey: "stop-me" });
  await eventually("the run streams", () => events.some(({ stream }) => stream === "assistant"));

  await client.request("chat.abort", { sessionKey: "main", runId: "stop-me" });

  await model.requests[0]?.closed;
  const { status, result } = await run;
  assert.equal(status, "ok");
  assert.partialDeepStrictEqual(result, { payloads: [{ text: "half" }], meta: { aborted: true, stopReason: "rpc" } });
  assert.deepEqual(phases(events), ["start", "end"]);
  const { messages } = await client.request<{ messages: { stopReason?: string }[] }>("chat.history", {
    sessionKey: "main",
  });
  assert.equal(messages.at(-1)?.stopReason, "aborted");
  const { sessions } = await client.request<{ sessions: object[] }>("sessions.list", {});
  assert.partialDeepStrictEqual(sessions[0], { abortedLastRun: true });
});

test("a stop between two attempts ends the pause", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => reply.fail(500, "forced");
  const config = modelConfig(model);
  const slow = {
    agents: { defaults: { ...config.agents.defaults, retry: { minDelayMs: 60_000, maxDelayMs: 60_000 } } },
  };
  await using gateway = await startTestGateway({ config: { ...config, ...slow } });
  const client = await gateway.client();
  const events = record<AgentEvent>(client, "agent");
  const run = ask(client, "go", { idempotencyKey: "stop-the-pause" });
  await eventually("the pause", () => phases(events).includes("retry"));

  await client.request("chat.abort", { sessionKey: "main", runId: "stop-the-pause" });

  assert.partialDeepStrictEqual(await run, { status: "ok", result: { meta: { aborted: true } } });
});

test("a time-out keeps what was said until then", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("so far"));
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();

  const { error, result } = await ask(client, "go", { timeout: 1 });

  assert.equal(error?.code, "AGENT_TIMEOUT");
  assert.equal(result.payloads[0]?.text, "so far");
});

test("a call that was cut off by a crash gets a result, so that the next turn works", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  await ask(client, "first");
  const { appendFileSync } = await import("node:fs");
  const file = join(gateway.stateDir, "agents", "main", "sessions", "main.jsonl");
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const { id } = JSON.parse(lines.at(-1) ?? "{}") as { id: string };
  const cut = {
    role: "assistant",
    content: [{ type: "toolCall", id: "lost-1", name: "dice", arguments: { sides: 6 } }],
    api: "openai-completions",
    provider: "fake",
    model: "fake-1",
    usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2 },
    stopReason: "toolUse",
    timestamp: Date.now(),
  };
  appendFileSync(
    file,
    `${JSON.stringify({ type: "message", role: "assistant", id: "c0ffee00", parentId: id, message: cut })}\n`,
  );

  assert.equal((await ask(client, "second")).status, "ok");

  const sent = JSON.stringify(model.requests.at(-1)?.body.messages);
  assert.match(sent, /"tool_call_id":"lost-1","content":"the tool gave no result: the turn was cut off"/);
});
