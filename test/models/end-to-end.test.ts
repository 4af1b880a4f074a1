import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { hello } from "../fakes/model-server.ts";
import { WIRES } from "./wires.ts";
import type { Wire } from "./wires.ts";

interface Final {
  readonly status: string;
  readonly error?: { readonly message: string; readonly details?: Record<string, unknown> };
  readonly result: {
    readonly payloads: readonly { readonly text: string }[];
    readonly meta: { readonly agentMeta?: { readonly provider: string; readonly usage: object } };
  };
}

const DICE = join(fileURLToPath(import.meta.url), "..", "..", "agents", "dice");
const plugins = { load: { paths: [DICE] }, entries: { dice: { enabled: true } } };

let keys = 0;

function ask(client: GatewayClient, message: string, params: object = {}): Promise<Final> {
  const given = { message, sessionKey: "main", idempotencyKey: `e2e-${++keys}`, ...params };
  return client.request<Final>("agent", given, { onAccepted: () => undefined, timeoutMs: 20_000 });
}

/** `models.providers` the way established configurations have it. */
function provider({ api, path }: Wire, origin: string): object {
  const models = [{ id: "fake-1", name: "Fake One", reasoning: true, contextWindow: 200_000, maxTokens: 2_048 }];
  return { baseUrl: `${origin}${path}`, apiKey: "fake-key-123456", api, models };
}

for (const wire of WIRES) {
  test(`${wire.api}: a turn with thoughts and a tool is answered, signed parts come back, usage is summed`, async () => {
    await using server = await wire.start();
    await using gateway = await startTestGateway({
      config: {
        plugins,
        models: { providers: { fake: provider(wire, server.origin) } },
        agents: { defaults: { model: { primary: "fake/fake-1" } } },
      },
    });
    const client = await gateway.client();
    server.scripts.push((reply) => {
      reply.reasoning("A die, then.");
      reply.toolCall("call-1", "dice", '{"sides":6}');
      reply.end("tool_calls");
    });

    const { status, result } = await ask(client, "roll a die", { thinking: "low" });
    await ask(client, "again");

    assert.equal(status, "ok");
    assert.equal(result.payloads.at(-1)?.text, "Hello from the fake model.");
    assert.partialDeepStrictEqual(result.meta.agentMeta, {
      provider: "fake",
      usage: { input: 12, output: 12, cacheRead: 8 },
    });
    const sent = server.requests.map(({ body }) => body);
    assert.deepEqual(sent.slice(0, 2).map(wire.effort), [wire.low, wire.low]);
    for (const body of sent.slice(1)) {
      const said = JSON.stringify(wire.said(body));
      assert.match(said, /rolled 4/);
      if (wire.signed) assert.match(said, wire.signed);
    }
  });

  test(`${wire.api}: chat.abort closes the provider's connection`, async () => {
    await using server = await wire.start();
    server.scripts.push((reply) => reply.text("word"));
    await using gateway = await startTestGateway({
      config: {
        models: { providers: { fake: provider(wire, server.origin) } },
        agents: { defaults: { model: "fake/fake-1" } },
      },
    });
    const client = await gateway.client();
    await client.request("chat.send", { sessionKey: "main", message: "go", idempotencyKey: `abort-${wire.api}` });
    await eventually("the model is asked", () => server.requests.length === 1);

    await client.request("chat.abort", { sessionKey: "main", runId: `abort-${wire.api}` });

    await server.requests[0]?.closed;
  });
}

test("a model whose key is revoked is replaced by the next one, across wire formats, and rests", async () => {
  const [chat, responses, messages] = WIRES as [Wire, Wire, Wire];
  await using first = await chat.start();
  await using second = await responses.start();
  await using third = await messages.start();
  first.otherwise = (reply) => reply.fail(401, "revoked");
  second.otherwise = (reply) => reply.fail(402, "insufficient_quota");
  third.otherwise = hello;
  await using gateway = await startTestGateway({
    config: {
      models: {
        providers: {
          a: provider(chat, first.origin),
          b: provider(responses, second.origin),
          c: provider(messages, third.origin),
        },
      },
      agents: { defaults: { model: { primary: "a/fake-1", fallbacks: ["b/fake-1", "c/fake-1"] } } },
    },
  });
  const client = await gateway.client();

  const { status, result } = await ask(client, "hello");

  assert.equal(status, "ok");
  assert.equal(result.meta.agentMeta?.provider, "c");
  assert.deepEqual(
    [first, second, third].map(({ requests }) => requests.length),
    [1, 1, 1],
  );
});

test("what a person said to one provider goes on with another, without the first one's signatures", async () => {
  const [, responses, messages] = WIRES as [Wire, Wire, Wire];
  await using one = await messages.start();
  await using other = await responses.start();
  one.scripts.push((reply) => {
    reply.reasoning("deep");
    reply.text("From the first.");
    reply.end();
  });
  await using gateway = await startTestGateway({
    config: {
      models: { providers: { one: provider(messages, one.origin), other: provider(responses, other.origin) } },
      agents: { defaults: { model: "one/fake-1" } },
    },
  });
  const client = await gateway.client();
  await ask(client, "hello");

  await client.request("sessions.patch", { key: "main", model: "other/fake-1" });
  const { status } = await ask(client, "and you?");

  assert.equal(status, "ok");
  const sent = JSON.stringify(other.requests[0]?.body);
  assert.match(sent, /From the first\./);
  assert.doesNotMatch(sent, /signed-by-the-fake|"deep"/);
});

test("keys never stand in a log, a transcript or an answer", async () => {
  const [chat] = WIRES as [Wire];
  await using server = await chat.start();
  server.otherwise = (reply, { headers }) => reply.fail(401, `no such key: ${headers.authorization}`);
  await using gateway = await startTestGateway({
    config: {
      models: { providers: { a: provider(chat, server.origin) } },
      agents: { defaults: { model: "a/fake-1" } },
    },
  });
  const client = await gateway.client();

  const final = await ask(client, "hello");
  const history = await client.request("chat.history", { sessionKey: "main" });

  const logs = join(gateway.stateDir, "logs");
  const log = readdirSync(logs)
    .map((name) => readFileSync(join(logs, name), "utf8"))
    .join("");
  assert.equal(final.status, "error");
  for (const text of [JSON.stringify(final), JSON.stringify(history), log])
    assert.doesNotMatch(text, /fake-key-123456/);
});
