import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { ask, phases, record } from "./asking.ts";
import type { AgentEvent } from "./asking.ts";

/** Two models: one that is asked first, one to fall back on. */
function withFallback(model: FakeOpenAi, defaults: object = {}): object {
  const config = modelConfig(model);
  return {
    ...config,
    agents: {
      defaults: {
        ...config.agents.defaults,
        model: { primary: "fake/fake-1", fallbacks: ["fake/other"] },
        ...defaults,
      },
    },
  };
}

test("a model that fails once is asked again: one start, a retry, one end", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.fail(500, "forced"));
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const events = record<AgentEvent>(client, "agent");

  const { status, result } = await ask(client, "hello");

  assert.equal(status, "ok");
  assert.equal(result.payloads[0]?.text, "Hello from the fake model.");
  assert.equal(model.requests.length, 2);
  await eventually("the end", () => phases(events).includes("end"));
  assert.deepEqual(phases(events), ["start", "retry", "end"]);
  const retry = events.find(({ data }) => data["phase"] === "retry");
  assert.partialDeepStrictEqual(retry?.data, { attempt: 2, reason: "server", provider: "fake", model: "fake-1" });
});

test("a model that is rate-limited gives way to the fallback at once, and the run stays there", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(
    (reply) => reply.fail(429, "rate limit", { "retry-after": "30" }),
    (reply) => {
      reply.toolCall("call-1", "nothing", "{}");
      reply.end("tool_calls");
    },
  );
  await using gateway = await startTestGateway({ config: withFallback(model) });
  const client = await gateway.client();
  const events = record<AgentEvent>(client, "agent");

  const { status, result } = await ask(client, "hello");

  assert.equal(status, "ok");
  assert.deepEqual(
    model.requests.map(({ body }) => body.model),
    ["fake-1", "other", "other"],
  );
  assert.partialDeepStrictEqual(result.meta, { agentMeta: { model: "other" } });
  await eventually("the end", () => phases(events).includes("end"));
  assert.deepEqual(phases(events), ["start", "fallback", "end"]);
  assert.partialDeepStrictEqual(events.find(({ data }) => data["phase"] === "fallback")?.data, {
    from: "fake/fake-1",
    to: "fake/other",
    reason: "rate_limit",
  });
});

test("when no model answers, one error lists every attempt", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => reply.fail(503, "overloaded");
  await using gateway = await startTestGateway({
    config: withFallback(model, { retry: { attempts: 2, minDelayMs: 1 } }),
  });
  const client = await gateway.client();
  const events = record<AgentEvent>(client, "agent");
  const chat = record<{ state: string; errorMessage?: string }>(client, "chat");

  const { status, error, result } = await ask(client, "hello");

  assert.equal(status, "error");
  assert.deepEqual(result.payloads, []);
  assert.match(error?.message ?? "", /no model answered \(fake\/fake-1, fake\/other\)/);
  const { attempts } = (error?.details ?? {}) as { attempts?: { model: string; reason: string; status: number }[] };
  assert.deepEqual(
    attempts?.map(({ model: id, reason, status: code }) => [id, reason, code]),
    [
      ["fake-1", "overloaded", 503],
      ["fake-1", "overloaded", 503],
      ["other", "overloaded", 503],
      ["other", "overloaded", 503],
    ],
  );
  await eventually("the chat says so", () => chat.some(({ state }) => state === "error"));
  assert.deepEqual(phases(events), ["start", "retry", "fallback", "retry", "error"]);
  assert.equal(events.at(-1)?.data["reason"], "overloaded");
  assert.equal(chat.filter(({ state }) => state !== "delta").length, 1);
});

test("a wrong request goes to the fallback without another attempt, a wrong key too", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: withFallback(model) });
  const client = await gateway.client();
  for (const [code, text] of [
    [400, "messages.1.content: unexpected"],
    [401, "bad key"],
  ] as const) {
    const before = model.requests.length;
    model.scripts.push((reply) => reply.fail(code, text));

    assert.equal((await ask(client, "hello")).status, "ok");

    const asked = model.requests.slice(before).map(({ body }) => body.model);
    // A key that is refused is not tried for another model of the same provider while it cools down.
    assert.equal(asked[0], "fake-1");
    assert.ok(asked.length <= 2, `asked ${asked.join(", ")}`);
  }
});

test("nobody else is asked once a part of the answer was shown", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => {
    reply.text("The answer is ");
    setImmediate(() => reply.cut());
  });
  await using gateway = await startTestGateway({ config: withFallback(model) });
  const client = await gateway.client();

  const { status, error } = await ask(client, "hello");

  assert.equal(status, "error");
  assert.equal(model.requests.length, 1);
  const { attempts } = (error?.details ?? {}) as { attempts?: object[] };
  assert.equal(attempts?.length, 1);
  const { messages } = await client.request<{ messages: { stopReason?: string; content: { text: string }[] }[] }>(
    "chat.history",
    { sessionKey: "main" },
  );
  assert.equal(messages.at(-1)?.stopReason, "error");
  assert.equal(messages.at(-1)?.content[0]?.text, "The answer is ");
});

test("a model that says nothing for too long is given up for the next one", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(() => undefined);
  const quick = { streamIdleSeconds: 0.2, retry: { attempts: 1 } };
  await using gateway = await startTestGateway({ config: withFallback(model, quick) });
  const client = await gateway.client();

  const { status, result } = await ask(client, "hello");

  assert.equal(status, "ok");
  assert.partialDeepStrictEqual(result.meta, { agentMeta: { model: "other" } });
  await model.requests[0]?.closed;
});

test("a model that falls silent in the middle ends the run with the reason", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("half an answer"));
  await using gateway = await startTestGateway({ config: withFallback(model, { streamIdleSeconds: 0.2 }) });
  const client = await gateway.client();

  const { status, error } = await ask(client, "hello");

  assert.equal(status, "error");
  assert.match(error?.message ?? "", /fake\/fake-1 said nothing more for 0\.2 s/);
  assert.equal(error?.details?.["reason"], "timeout");
  await model.requests[0]?.closed;
});
