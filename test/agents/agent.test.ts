import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import type { EventFrame, GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { Reply } from "../fakes/openai-server.ts";

interface Final {
  readonly runId: string;
  readonly status: string;
  readonly summary: string;
  readonly error?: { code: string; message: string; details?: Record<string, unknown>; retryable?: boolean };
  readonly result: {
    payloads: { text: string; mediaUrl: null }[];
    meta: Record<string, unknown>;
    stats: Record<string, number>;
  };
}

let keys = 0;

function ask(client: GatewayClient, message: string, params: object = {}): Promise<Final> {
  const idempotencyKey = `run-${++keys}`;
  return client.request<Final>(
    "agent",
    { message, sessionKey: "main", idempotencyKey, ...params },
    { onAccepted: () => undefined, timeoutMs: 20_000 },
  );
}

function record(client: GatewayClient, name: string): EventFrame["payload"][] {
  const seen: EventFrame["payload"][] = [];
  client.on("event", ({ event, payload }) => void (event === name && seen.push(payload)));
  return seen;
}

test("a fresh gateway answers through the offline responder, which says what it is", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  const { status, result } = await ask(client, "hello");

  assert.equal(status, "ok");
  assert.match(result.payloads[0]?.text ?? "", /not a language model/);
  assert.deepEqual(Object.keys(result.stats), ["durationMs", "tokensIn", "tokensOut"]);
});

test("the offline responder answers questions about this very gateway", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  const { result } = await ask(client, "what is your status?");

  assert.match(result.payloads[0]?.text ?? "", new RegExp(`listens on 127.0.0.1:${gateway.port}`));
});

test("agent answers accepted first and the whole result on the same id, while events stream", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const agent = record(client, "agent") as { stream: string; seq: number; data: Record<string, unknown> }[];
  const chat = record(client, "chat") as { state: string; seq: number; message?: { content: { text: string }[] } }[];
  const accepted: unknown[] = [];

  const final = await client.request<Final>(
    "agent",
    { message: "say hello", sessionKey: "agent:main:main", idempotencyKey: "two-phase" },
    { onAccepted: (payload) => accepted.push(payload) },
  );

  assert.partialDeepStrictEqual(accepted, [{ runId: "two-phase", status: "accepted" }]);
  assert.equal(final.summary, "completed");
  assert.deepEqual(final.result.payloads, [
    { text: "Hello from the fake model.", mediaUrl: null, channelSendMetrics: null },
  ]);
  assert.partialDeepStrictEqual(final.result.meta, {
    aborted: false,
    agentMeta: { provider: "fake", model: "fake-1", usage: { input: 6, output: 6, cacheRead: 4, total: 16 } },
  });
  await eventually("the end of the chat", () => chat.some(({ state }) => state === "final"));
  assert.deepEqual(
    agent.map(({ seq }) => seq),
    agent.map((_, index) => index + 1),
  );
  assert.deepEqual(
    agent.filter(({ stream }) => stream === "lifecycle").map(({ data }) => data["phase"]),
    ["start", "end"],
  );
  assert.equal(agent.findLast(({ stream }) => stream === "assistant")?.data["text"], "Hello from the fake model.");
  assert.equal(chat.filter(({ state }) => state === "final").length, 1);
  assert.equal(chat.at(-1)?.message?.content[0]?.text, "Hello from the fake model.");
});

test("the model gets the conversation so far, with time stamps that clients do not see", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  await ask(client, "first");

  await ask(client, "second");

  const sent = model.requests[1]?.body.messages.filter(({ role }) => role !== "system") ?? [];
  assert.deepEqual(
    sent.map(({ role }) => role),
    ["user", "assistant", "user"],
  );
  assert.match(JSON.stringify(sent.at(-1)?.content), /\[\w{3} \d{4}-\d\d-\d\d \d\d:\d\d [^\]]+\] second/);
  assert.equal(model.requests[0]?.headers.authorization, "Bearer fake-key-123456");
  assert.deepEqual(model.requests[0]?.body["stream_options"], { include_usage: true });
  const history = await client.request<{ messages: { content: { text: string }[] }[] }>("chat.history", {
    sessionKey: "main",
  });
  assert.deepEqual(
    history.messages.map(({ content }) => content[0]?.text),
    ["first", "Hello from the fake model.", "second", "Hello from the fake model."],
  );
});

test("a plugin's tool runs between two model calls, and bad arguments are told to the model", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(
    (reply) => {
      reply.toolCall("call-1", "dice", '{"sides":"six"}');
      reply.end("tool_calls");
    },
    (reply) => {
      reply.toolCall("call-2", "dice", '{"sides":6}');
      reply.end("tool_calls");
    },
  );
  const path = join(fileURLToPath(import.meta.url), "..", "dice");
  const plugins = { load: { paths: [path] }, entries: { dice: { enabled: true } } };
  await using gateway = await startTestGateway({ config: { ...modelConfig(model), plugins } });
  const client = await gateway.client();

  const { result } = await ask(client, "roll a die");

  assert.equal(result.payloads[0]?.text, "Hello from the fake model.");
  const [, second, third] = model.requests.map(({ body }) => body.messages.at(-1));
  assert.match(JSON.stringify(second), /invalid arguments for tool \\?"dice\\?".*must be integer/);
  assert.match(JSON.stringify(third), /rolled 4/);
  assert.partialDeepStrictEqual(model.requests[0]?.body.tools, [{ type: "function", function: { name: "dice" } }]);
});

for (const { name, script, expected } of [
  {
    name: "500",
    script: (reply: Reply) => reply.fail(500, "forced"),
    expected: /500.*forced/,
  },
  {
    name: "401",
    script: (reply: Reply) => reply.fail(401, "bad key"),
    expected: /401.*config set models\.providers\.fake\.apiKey/,
  },
  {
    name: "a stream that is cut",
    script: (reply: Reply) => {
      reply.text("half");
      setImmediate(() => reply.cut());
    },
    expected: /fake\/fake-1/,
  },
  {
    name: "a stream of garbage",
    script: (reply: Reply) => {
      reply.raw("data: {not json\n\n");
      reply.end();
    },
    expected: /fake\/fake-1/,
  },
]) {
  test(`a model that answers with ${name} every time ends the run as failed, and the next run works`, async () => {
    await using model = await startFakeOpenAi();
    const { otherwise } = model;
    model.otherwise = script;
    await using gateway = await startTestGateway({ config: modelConfig(model) });
    const client = await gateway.client();
    const chat = record(client, "chat") as { state: string; errorMessage?: string }[];

    const failed = await ask(client, "hello");

    assert.equal(failed.status, "error");
    assert.equal(failed.error?.code, "UNAVAILABLE");
    assert.match(failed.error?.message ?? "", expected);
    assert.deepEqual(failed.result.payloads, []);
    await eventually("the chat says so", () => chat.some(({ state }) => state === "error"));
    model.otherwise = otherwise;
    assert.equal((await ask(client, "again")).status, "ok");
  });
}

test("a model that is not configured fails with the setting to change", async () => {
  await using gateway = await startTestGateway({ config: { agents: { defaults: { model: "ghost/m1" } } } });
  const client = await gateway.client();

  const { error } = await ask(client, "hello");

  assert.match(error?.message ?? "", /provider "ghost" is not configured; set models\.providers\.ghost\.baseUrl/);
});

test("a limit that no timer can wait for is as long as one can", async () => {
  await using model = await startFakeOpenAi();
  const config = modelConfig(model);
  const agents = { ...config.agents, defaults: { ...config.agents.defaults, timeoutSeconds: 100_000_000 } };
  await using gateway = await startTestGateway({ config: { ...config, agents } });
  const client = await gateway.client();
  const held: Reply[] = [];
  for (const more of [{}, { timeout: 10_000_000 }]) {
    model.scripts.push((reply) => void held.push(reply));
    const run = ask(client, "hello", more);
    const [reply] = await eventually("the model is asked", () => held.length > 0 && held.splice(0));
    reply?.text("here");
    reply?.end();
    assert.equal((await run).status, "ok", JSON.stringify(more));
  }
  model.scripts.push((reply) => void held.push(reply));
  const late = client.request("agent", { message: "x", sessionKey: "main", idempotencyKey: "long" });
  const [reply] = await eventually("the model is asked", () => held.length > 0 && held.splice(0));
  const waited = client.request<{ status: string }>("agent.wait", { runId: "long", timeoutMs: 1e12 });
  await client.request("health", {});
  reply?.end();
  assert.equal((await waited).status, "ok");
  await late;
});

test("a run that takes too long ends as AGENT_TIMEOUT and the model's connection is closed", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("slow"));
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();

  const { status, error } = await ask(client, "hello", { timeout: 1 });

  assert.equal(status, "error");
  assert.partialDeepStrictEqual(error, { code: "AGENT_TIMEOUT", retryable: true });
  await model.requests[0]?.closed;
});

test("chat.abort stops a run: the model's connection closes and the chat says aborted once", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("word"));
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const chat = record(client, "chat") as { state: string; stopReason?: string; runId: string }[];
  await client.request("chat.send", { sessionKey: "main", message: "go", idempotencyKey: "abort-me" });
  await eventually("the run streams", () => chat.some(({ state }) => state === "delta"));

  await assert.rejects(
    client.request("chat.abort", { sessionKey: "agent:main:other", runId: "abort-me" }),
    /runId does not match sessionKey/,
  );
  const stopped = await client.request("chat.abort", { sessionKey: "agent:main:main", runId: "abort-me" });

  assert.deepEqual(stopped, { ok: true, aborted: true, runIds: ["abort-me"] });
  await model.requests[0]?.closed;
  assert.deepEqual(await client.request("chat.abort", { sessionKey: "main", runId: "abort-me" }), {
    ok: true,
    aborted: false,
    runIds: [],
  });
  assert.partialDeepStrictEqual(
    chat.filter(({ state }) => state !== "delta"),
    [{ state: "aborted", stopReason: "rpc", runId: "abort-me" }],
  );
});

test("agent refuses what cannot start before it accepts anything", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const call = (params: object) =>
    client.request("agent", { message: "x", idempotencyKey: `bad-${++keys}`, ...params });

  await assert.rejects(call({ agentId: "ghost" }), { message: 'invalid agent params: unknown agent id "ghost"' });
  await assert.rejects(call({ channel: "ghostchan", agentId: "main" }), {
    message: "invalid agent params: unknown channel: ghostchan",
  });
  await assert.rejects(call({ agentId: "main", sessionKey: "agent:other:main" }), {
    message: 'invalid agent params: agent "main" does not match session key agent "other"',
  });
  await assert.rejects(call({ sessionKey: "main", bogus: 1 }), {
    message: "invalid agent params: at root: unexpected property 'bogus'",
  });
  await assert.rejects(
    client.request("agent", { message: "x", idempotencyKey: "none" }, { onAccepted: () => undefined }),
    {
      message: "Error: Pass --to <E.164>, --session-id, or --agent to choose a session",
    },
  );
});

test("the same key is one run, however often it is asked", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const params = { message: "once", sessionKey: "main", idempotencyKey: "same" };
  const call = () => client.request<Final>("agent", params, { onAccepted: () => undefined });

  const first = await call();
  const second = await client.request<Final>("agent", params);

  assert.deepEqual(second, first);
  assert.equal(model.requests.length, 1);
  await assert.rejects(client.request("agent", { ...params, message: "twice" }), {
    message: "idempotency key was used with other parameters",
  });
});

test("agent.wait waits for a run, tells its end afterwards and times out without stopping it", async () => {
  await using model = await startFakeOpenAi();
  let finish = () => {};
  model.scripts.push(
    (reply) =>
      new Promise<void>((resolve) => {
        finish = () => {
          reply.text("done");
          reply.end();
          resolve();
        };
      }),
  );
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const run = client.request(
    "agent",
    { message: "x", sessionKey: "main", idempotencyKey: "wait-for" },
    { onAccepted: () => undefined },
  );
  await eventually("the model is asked", () => model.requests.length === 1);

  assert.deepEqual(await client.request("agent.wait", { runId: "wait-for", timeoutMs: 20 }), {
    runId: "wait-for",
    status: "timeout",
  });
  finish();

  assert.partialDeepStrictEqual(await client.request("agent.wait", { runId: "wait-for" }), { status: "ok" });
  await run;
  assert.deepEqual(await client.request("agent.wait", { runId: "nobody", timeoutMs: 0 }), {
    runId: "nobody",
    status: "timeout",
  });
});

test("a changed model applies to the next turn without a restart", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  await ask(client, "one");

  await client.request("config.patch", {
    raw: '{ agents: { defaults: { model: "fake/other" } } }',
    baseHash: (await client.request<{ hash: string }>("config.get", {})).hash,
  });
  await ask(client, "two");

  assert.deepEqual(
    model.requests.map(({ body }) => body.model),
    ["fake-1", "other"],
  );
});

test("agent takes images, any accepted spelling of a level, and refuses a level that nobody has", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(20)]).toString("base64");

  const { status } = await ask(client, "look", {
    thinking: "think-hard",
    attachments: [
      { fileName: "a.png", content: png },
      { fileName: "notes.txt", content: Buffer.from("plain text").toString("base64") },
    ],
  });

  assert.equal(status, "ok");
  const sent = JSON.stringify(model.requests[0]?.body.messages.at(-1));
  assert.match(sent, /image_url/);
  assert.match(sent, /attachment left out: notes\.txt is no image/);
  await assert.rejects(ask(client, "x", { thinking: "galaxy" }), {
    message: "invalid thinkingLevel (use off|minimal|low|medium|high)",
  });
});

test("an image with more pixels than models take is scaled before it goes to one, and in the transcript", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const large = await sharp({ create: { width: 3_000, height: 1_500, channels: 3, background: "#4080c0" } })
    .jpeg()
    .toBuffer();

  await ask(client, "look", { attachments: [{ fileName: "large.jpg", content: large.toString("base64") }] });

  const sent = JSON.stringify(model.requests[0]?.body.messages.at(-1));
  const [, data = ""] = /data:image\/jpeg;base64,([^"]+)/.exec(sent) ?? [];
  const { width, height } = await sharp(Buffer.from(data, "base64")).metadata();
  assert.deepEqual([width, height], [2_000, 1_000]);
  const history = JSON.stringify(await client.request("chat.history", { sessionKey: "main" }));
  assert.ok(!history.includes(large.toString("base64")));
});

test("what is loaded ahead for the first turn sends nothing to the model", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();

  const { status } = await ask(client, "hello");

  assert.equal(status, "ok");
  assert.equal(model.requests.length, 1);
});
