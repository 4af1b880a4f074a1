import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi, Reply } from "../fakes/openai-server.ts";
import { ask, record } from "./asking.ts";
import type { AgentEvent } from "./asking.ts";

const once = { agents: { defaults: { model: "fake/fake-1", retry: { attempts: 1 } } } };
const configFor = (model: FakeOpenAi) => ({ ...modelConfig(model), ...once });

/** Goes on until nobody listens any more. */
function forEver(closed: Promise<void>, write: () => void): void {
  const timer = setInterval(write, 1);
  void closed.then(() => clearInterval(timer));
}

interface Flood {
  readonly what: string;
  readonly told: RegExp;
  script(reply: Reply, closed: Promise<void>): void;
}

const FLOODS: readonly Flood[] = [
  {
    what: "a line that does not end",
    told: /larger than anybody can read/,
    script: (reply, closed) => forEver(closed, () => reply.raw("x".repeat(500_000))),
  },
  {
    what: "a text that does not end",
    told: /more than 1000000 bytes and was cut off/,
    script: (reply, closed) => forEver(closed, () => reply.text("word ".repeat(20_000))),
  },
  {
    what: "thoughts that do not end",
    told: /more than 1000000 bytes and was cut off/,
    script: (reply, closed) => forEver(closed, () => reply.reasoning("word ".repeat(20_000))),
  },
  {
    what: "calls that do not end",
    told: /more than 200 calls of tools and was cut off/,
    script: (reply) => {
      const call = (index: number) => ({ index, id: `c-${index}`, function: { name: "agents_list", arguments: "{}" } });
      for (let index = 0; index < 300; index++) delta(reply, { tool_calls: [call(index)] });
      reply.end("tool_calls");
    },
  },
];

function delta(reply: Reply, part: object): void {
  reply.raw(`data: ${JSON.stringify({ choices: [{ index: 0, delta: part, finish_reason: null }] })}\n\n`);
}

for (const { what, told, script } of FLOODS)
  test(`a model with ${what} is let go of, and the next turn is answered`, async () => {
    await using model = await startFakeOpenAi();
    model.scripts.push((reply, { closed }) => script(reply, closed));
    await using gateway = await startTestGateway({ config: configFor(model) });
    const client = await gateway.client();

    const flooded = await ask(client, "go on");
    await model.requests[0]?.closed;
    const next = await ask(client, "hello");

    assert.equal(flooded.status, "error");
    assert.match(flooded.error?.message ?? "", told);
    assert.equal(next.result.payloads[0]?.text, "Hello from the fake model.");
  });

test("a long answer comes whole to a client that is told of every part of it", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => {
    for (let part = 0; part < 6_000; part++) reply.text(`word ${part} `);
    reply.end();
  });
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const events = record<AgentEvent>(client, "agent");

  const { result } = await ask(client, "tell me everything");

  const told = events.filter(({ stream }) => stream === "assistant").map(({ data }) => data);
  const text = result.payloads[0]?.text.trim() ?? "";
  assert.ok(text.endsWith("word 5998 word 5999"));
  assert.equal(
    told
      .map(({ delta: part }) => part)
      .join("")
      .trim(),
    text,
  );
  assert.equal(String(told.at(-1)?.["text"]).trim(), text);
  // All of it each time: with every part that would be 200 MB.
  assert.ok(told.reduce((sum, { text: whole }) => sum + String(whole).length, 0) < 20_000_000);
});

test("arguments that are nested without end are answered with what is wrong, and numbers that cannot be are none", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(
    (reply) => {
      reply.toolCall("call-1", "read", `{"path":${"[".repeat(20_000)}${"]".repeat(20_000)}}`);
      reply.end("tool_calls", -100);
    },
    (reply) => {
      reply.text("done");
      reply.end("stop", 1e300);
    },
  );
  await using gateway = await startTestGateway({ config: modelConfig(model) });

  const { status, result } = await ask(await gateway.client(), "read it");

  assert.equal(status, "ok");
  assert.match(JSON.stringify(model.requests[1]?.body.messages.at(-1)), /nested more than 64 deep/);
  assert.partialDeepStrictEqual(result.meta, { agentMeta: { usage: { input: 100_000_000, output: 12 } } });
});

test("a tool that a model made up is asked of no other model by a name that it refuses", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => {
    reply.toolCall("call-1", "functions read\n", "{}");
    reply.end("tool_calls");
  });
  await using gateway = await startTestGateway({ config: modelConfig(model) });

  const { status } = await ask(await gateway.client(), "read it");

  assert.equal(status, "ok");
  const [call, answer] = model.requests[1]?.body.messages.slice(-2) ?? [];
  assert.match(JSON.stringify(call), /"name":"functions_read_"/);
  assert.match(JSON.stringify(answer), /is not available/);
});
