import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf } from "openclaw/plugin-sdk";
import type { ContentBlock, ModelPart, TranscriptMessage } from "openclaw/plugin-sdk";
import { collect, connectTo, requestOf, textOf, WIRES } from "./wires.ts";
import type { Wire } from "./wires.ts";

const DICE = {
  name: "dice",
  description: "Rolls a die",
  parameters: { type: "object", properties: { sides: { type: "integer" } }, required: ["sides"] },
};

for (const wire of WIRES) {
  test(`${wire.api}: text comes as it is written, with the key, and usage without what was cached`, async () => {
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin);

    const parts = await collect(model.stream(requestOf()));

    assert.equal(textOf(parts), "Hello from the fake model.");
    assert.deepEqual(parts.filter(({ type }) => type === "text-delta").length, 5);
    const last = parts.at(-1);
    assert.ok(last?.type === "finish" && last.reason === "stop");
    const { reasoning, ...usage } = last.usage;
    assert.deepEqual(usage, { input: 6, output: 6, cacheRead: 4, cacheWrite: 0 });
    // Two of the fakes tell how much was thought.
    assert.ok(reasoning === undefined || reasoning === 2);
    const [request] = server.requests;
    assert.ok(request);
    assert.match(String(wire.key(request)), /fake-key-123456$/);
    assert.match(JSON.stringify(request.body), /Be brief\./);
  });

  test(`${wire.api}: a level is said in the provider's words, and no level is no word`, async () => {
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin);
    server.scripts.push((reply) => {
      reply.reasoning("Let me ");
      reply.reasoning("think.");
      reply.text("Done.");
      reply.end();
    });

    const parts = await collect(model.stream(requestOf({ reasoning: "low" })));
    await collect(model.stream(requestOf({ reasoning: "off" })));

    assert.equal(textOf(parts, "reasoning-delta"), "Let me think.");
    assert.equal(textOf(parts), "Done.");
    const [low, off] = server.requests.map(({ body }) => wire.effort(body));
    assert.deepEqual([low, off], [wire.low, undefined]);
  });

  test(`${wire.api}: a tool call in fragments comes whole, and goes back with its result and what was signed`, async () => {
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin);
    server.scripts.push((reply) => {
      reply.reasoning("A die, then.");
      reply.toolCall("call-1", "dice", '{"sides":6}');
      reply.end("tool_calls");
    });

    const first = await collect(model.stream(requestOf({ tools: [DICE], reasoning: "low" })));
    const call = first.find((part) => part.type === "tool-call");
    assert.ok(call);
    const second = await collect(
      model.stream(requestOf({ tools: [DICE], reasoning: "low", messages: conversation(wire, first, call) })),
    );

    assert.partialDeepStrictEqual(call, { name: "dice", arguments: { sides: 6 } });
    assert.partialDeepStrictEqual(first.at(-1), { type: "finish", reason: "tool-calls" });
    assert.equal(textOf(second), "Hello from the fake model.");
    const sent = JSON.stringify(wire.said(server.requests[1]?.body ?? { model: "", messages: [] }));
    assert.match(sent, /rolled 4/);
    assert.match(sent, /sides/);
    if (wire.signed) assert.match(sent, wire.signed);
  });

  test(`${wire.api}: what one model signed is not shown to another`, async () => {
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin, { model: { id: "other", name: "Other" } });
    const parts: ModelPart[] = [
      { type: "reasoning-delta", text: "secret thoughts" },
      { type: "reasoning-end", metadata: { anthropic: { signature: "x" }, openai: { itemId: "rs_1" }, google: {} } },
    ];
    const call: Extract<ModelPart, { type: "tool-call" }> = {
      type: "tool-call",
      id: "call-1",
      name: "dice",
      arguments: { sides: 6 },
    };

    await collect(model.stream(requestOf({ messages: conversation(wire, parts, call), tools: [DICE] })));

    assert.doesNotMatch(JSON.stringify(server.requests[0]?.body), /secret thoughts|rs_1/);
  });

  test(`${wire.api}: an abort closes the provider's connection`, async () => {
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin);
    server.scripts.push((reply) => reply.text("slow"));
    const abort = new AbortController();

    await assert.rejects(async () => {
      for await (const part of model.stream(requestOf({ signal: abort.signal })))
        if (part.type === "text-delta") abort.abort();
    }, /abort/i);

    await server.requests[0]?.closed;
  });

  for (const [status, message, headers, expected] of [
    [401, "invalid api key", {}, { reason: "auth", status: 401 }],
    [402, "please pay", {}, { reason: "billing", status: 402 }],
    [429, "slow down", { "retry-after": "7" }, { reason: "rate_limit", status: 429, retryAfterMs: 7_000 }],
    [400, "maximum context length is 100 tokens", {}, { reason: "context_overflow", status: 400 }],
    [400, "tools.0.name: invalid", {}, { reason: "format", status: 400 }],
    [500, "forced", {}, { reason: "server", status: 500 }],
    [529, "Overloaded", {}, { reason: "overloaded", status: 529 }],
  ] as const) {
    test(`${wire.api}: ${status} "${message}" is one request and the reason ${expected.reason}`, async () => {
      await using server = await wire.start();
      await using model = await connectTo(wire, server.origin);
      server.scripts.push((reply) => reply.fail(status, message, headers));

      const error = await collect(model.stream(requestOf())).then(
        () => assert.fail("it failed"),
        (thrown: unknown) => thrown,
      );

      assert.deepEqual(failureOf(error), expected);
      assert.match(String(error), new RegExp(`model fake/fake-1: .*${message}`));
      assert.equal(server.requests.length, 1);
      assert.doesNotMatch(String(error), /fake-key/);
    });
  }

  test(`${wire.api}: a stream that is cut, one of garbage and one without an end are failures`, async () => {
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin);
    server.scripts.push(
      (reply) => {
        reply.text("half");
        setImmediate(() => reply.cut());
      },
      (reply) => {
        reply.raw("data: {not json\n\n");
        setImmediate(() => reply.cut());
      },
      (reply) => {
        reply.raw(": nothing at all\n\n");
        setImmediate(() => reply.cut());
      },
    );

    for (let count = 0; count < 3; count++)
      await assert.rejects(collect(model.stream(requestOf())), /model fake\/fake-1: /);
  });

  test(`${wire.api}: what is no answer, and an address that is wrong, are one line with what to look at`, async () => {
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin);
    const said = async () => {
      const error = await collect(model.stream(requestOf())).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof Error);
      return error.message;
    };
    server.scripts.push(
      (reply) => {
        reply.raw("data: {not json\n\n");
        reply.end();
      },
      (reply) => reply.fail(404, "no such page"),
      (reply) => reply.fail(429, "too fast"),
    );

    const garbage = await said();
    assert.match(garbage, /cannot be read .*check that models\.providers\.fake\.baseUrl and .*\.api fit the server$/);
    assert.doesNotMatch(garbage, /\n/);
    assert.match(await said(), /404 no such page; check models\.providers\.fake\.baseUrl/);
    assert.match(await said(), /429 too fast; wait, or .*openclaw models fallbacks add/);
  });

  test(`${wire.api}: an answer that breaks off, and an address that is none, say so`, async () => {
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin);
    await using nowhere = await connectTo(wire, "", { baseUrl: "models.example" });
    server.scripts.push(async (reply) => {
      reply.text("half");
      await new Promise((resolve) => setImmediate(resolve));
      reply.cut();
    });

    await assert.rejects(collect(model.stream(requestOf())), /: the connection broke off in the middle of the answer/);
    await assert.rejects(
      collect(nowhere.stream(requestOf())),
      /models\.providers\.fake\.baseUrl is no address; .*openclaw config set models\.providers\.fake\.baseUrl <url>/,
    );
  });

  test(`${wire.api}: a server that is not there is a failure of the network that names the address to check`, async () => {
    const server = await wire.start();
    const { origin } = server;
    await server[Symbol.asyncDispose]();
    await using model = await connectTo(wire, origin);

    const error = await collect(model.stream(requestOf())).catch((thrown: unknown) => thrown);

    assert.equal(failureOf(error).reason, "network");
    assert.match(String(error), /ECONNREFUSED.*models\.providers\.fake\.baseUrl/s);
  });

  test(`${wire.api}: a redirect is not followed, so the key goes nowhere else`, async () => {
    await using thief = await wire.start();
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin);
    server.scripts.push((reply) => reply.fail(307, "over there", { location: `${thief.origin}${wire.path}/x` }));

    await assert.rejects(collect(model.stream(requestOf())), /redirects to/);

    assert.equal(thief.requests.length, 0);
  });

  test(`${wire.api}: the limit of the answer is always said, and an answer cut by it says so`, async () => {
    await using server = await wire.start();
    await using model = await connectTo(wire, server.origin);
    server.scripts.push((reply) => {
      reply.text("as far as");
      reply.end("length");
    });

    const parts = await collect(model.stream(requestOf({ maxTokens: 1_234 })));

    assert.partialDeepStrictEqual(parts.at(-1), { type: "finish", reason: "length" });
    assert.match(JSON.stringify(server.requests[0]?.body), /1234/);
  });
}

/** A user's question, the answer of `parts`, and the result of its call. */
function conversation(
  wire: Wire,
  parts: readonly ModelPart[],
  call: Extract<ModelPart, { type: "tool-call" }>,
): TranscriptMessage[] {
  const end = parts.find((part) => part.type === "reasoning-end");
  const content: ContentBlock[] = [
    {
      type: "thinking",
      thinking: textOf(parts, "reasoning-delta"),
      ...(end?.metadata && { providerMetadata: end.metadata }),
    },
    {
      type: "toolCall",
      id: call.id,
      name: call.name,
      arguments: call.arguments,
      ...(call.metadata && { providerMetadata: call.metadata }),
    },
  ];
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };
  return [
    { role: "user", content: [{ type: "text", text: "roll a die" }], timestamp: 0 },
    {
      role: "assistant",
      content,
      api: wire.api,
      provider: "fake",
      model: "fake-1",
      usage,
      stopReason: "toolUse",
      timestamp: 0,
    },
    {
      role: "toolResult",
      toolCallId: call.id,
      toolName: "dice",
      content: [{ type: "text", text: "rolled 4" }],
      isError: false,
      timestamp: 0,
    },
  ];
}
