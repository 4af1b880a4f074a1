import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import OpenAI from "openai";
import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";
import { eventually } from "openclaw/plugin-sdk/testing";
import { checkOrder } from "./event-order.ts";
import { startHttpBench } from "./http-bench.ts";
import type { HttpBench } from "./http-bench.ts";
import { pdfWith } from "./one-page-pdf.ts";

const HELLO = "Hello from the fake model.";
const PATH = "/v1/responses";
const BODY = { model: "openclaw", input: "hello" };
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const WEATHER = {
  type: "function" as const,
  name: "get_weather",
  description: "the weather of a city",
  parameters: { type: "object", properties: { city: { type: "string" } } },
  strict: false,
};

function clientOf(bench: HttpBench): OpenAI {
  return new OpenAI({ baseURL: `${bench.origin}/v1`, apiKey: bench.gateway.token, maxRetries: 0 });
}

async function eventsOf(openai: OpenAI, body: object): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of await openai.responses.create({ ...BODY, ...body, stream: true })) events.push(event);
  return events;
}

/** What the model was told, without its instructions. */
function heard(bench: HttpBench): string[] {
  return bench
    .asked()
    .messages.slice(1)
    .map(({ role, content }) => `${role}: ${typeof content === "string" ? content : JSON.stringify(content)}`);
}

test("a response, plain and streamed, through the official client", async () => {
  await using bench = await startHttpBench();
  const openai = clientOf(bench);

  const plain = await openai.responses.create(BODY);
  const events = await eventsOf(openai, {});
  const last = events.at(-1);

  assert.match(plain.id, /^resp_[0-9a-f-]{36}$/);
  assert.deepEqual(
    [plain.object, plain.status, plain.model, plain.output_text],
    ["response", "completed", "openclaw", HELLO],
  );
  const { input_tokens, output_tokens, total_tokens, input_tokens_details } = plain.usage as NonNullable<
    Response["usage"]
  >;
  assert.deepEqual([input_tokens, output_tokens, total_tokens, input_tokens_details.cached_tokens], [10, 6, 16, 4]);
  assert.deepEqual(checkOrder(events), [
    "created",
    "in_progress",
    "output_item.added",
    "content_part.added",
    "output_text.delta",
    "output_text.done",
    "content_part.done",
    "output_item.done",
    "completed",
  ]);
  assert.equal(last?.type === "response.completed" && last.response.usage?.total_tokens, 16);
  const { text } = await bench.ask(PATH, { ...BODY, stream: true });
  assert.ok(text.startsWith("event: response.created\ndata: {"));
  assert.ok(text.endsWith("data: [DONE]\n\n"));
});

test("items are history, instructions are instructions, an effort is a level, a limit is one", async () => {
  await using bench = await startHttpBench();

  const answer = await clientOf(bench).responses.create({
    model: "openclaw",
    instructions: "Speak like a pirate.",
    temperature: 0.3,
    max_output_tokens: 50,
    reasoning: { effort: "low" },
    input: [
      { role: "developer", content: "Be short." },
      { role: "user", content: "My name is Ada." },
      {
        type: "message",
        role: "assistant",
        id: "msg_1",
        status: "completed",
        content: [{ type: "output_text", text: "Aye.", annotations: [] }],
      },
      { type: "reasoning", id: "rs_1", summary: [] },
      {
        role: "user",
        content: [
          { type: "input_text", text: "Who am I?" },
          { type: "input_image", image_url: `data:image/png;base64,${PNG}`, detail: "auto" },
        ],
      },
    ],
  });

  const body = bench.asked();
  assert.match(String(body.messages[0]?.content), /Speak like a pirate\.\n\nBe short\./);
  const [name, aye, who] = heard(bench);
  assert.deepEqual([name, aye], ["user: My name is Ada.", "assistant: Aye."]);
  assert.match(who ?? "", /Who am I\?.*data:image\/png;base64/);
  assert.deepEqual([body["temperature"], body["max_tokens"]], [0.3, 50]);
  assert.deepEqual([answer.instructions, answer.temperature, answer.tools], ["Speak like a pirate.", 0.3, []]);
});

test("calls of the client's tools are items, all of them, and their results go on", async () => {
  await using bench = await startHttpBench();
  const openai = clientOf(bench);
  const two = (said: string) => {
    bench.model.scripts.push((reply) => {
      if (said !== "") reply.text(said);
      const calls = ["Oslo", "Rome"].map((city, index) => ({
        index,
        id: `call_${city}`,
        type: "function",
        function: { name: "get_weather", arguments: JSON.stringify({ city }) },
      }));
      reply.raw(`data: ${JSON.stringify({ id: "x", choices: [{ index: 0, delta: { tool_calls: calls } }] })}\n\n`);
      reply.end("tool_calls");
    });
  };

  two("Let me see.");
  const first = await openai.responses.create({ ...BODY, tools: [WEATHER] });
  assert.deepEqual(
    first.output.map((item) => (item.type === "function_call" ? [item.call_id, item.name, item.arguments] : item.type)),
    ["message", ["call_Oslo", "get_weather", '{"city":"Oslo"}'], ["call_Rome", "get_weather", '{"city":"Rome"}']],
  );
  assert.equal(first.status, "completed");
  two("");
  const order = checkOrder(
    await eventsOf(openai, { tools: [{ type: "function", function: { name: "get_weather" } }] }),
  );
  assert.deepEqual(order.slice(2, 6), [
    "output_item.added",
    "function_call_arguments.delta",
    "function_call_arguments.done",
    "output_item.done",
  ]);
  assert.ok(!order.includes("content_part.added"), "no message was opened");

  const outputs = ["Oslo", "Rome"].map((city) => ({
    type: "function_call_output" as const,
    call_id: `call_${city}`,
    output: "mild",
  }));
  const byHistory = await openai.responses.create({
    ...BODY,
    tools: [WEATHER],
    input: [{ role: "user", content: "hello" }, ...(first.output as never[]), ...outputs],
  });
  assert.equal(byHistory.output_text, HELLO);
  assert.deepEqual(
    bench
      .asked()
      .messages.slice(1)
      .map(({ role }) => role),
    ["user", "assistant", "tool", "tool"],
  );
  const byId = await openai.responses.create({
    ...BODY,
    tools: [WEATHER],
    previous_response_id: first.id,
    input: outputs,
  });
  assert.equal(byId.previous_response_id, first.id);
  assert.deepEqual(
    bench
      .asked()
      .messages.slice(1)
      .map(({ role }) => role),
    ["user", "assistant", "tool", "tool"],
  );
});

test("a response that goes on from another is in its session, for who has asked for that one", async () => {
  const apiKeys = [{ id: "app", token: "key-of-app-0123456789", endpoints: ["responses"] }];
  const http = { apiKeys, endpoints: { responses: { enabled: true } } };
  await using bench = await startHttpBench({ gateway: { http, reload: { debounceMs: 10 } } });
  const openai = clientOf(bench);

  const first = await openai.responses.create({ ...BODY, input: "I am Ada." });
  await openai.responses.create({ ...BODY, input: "Who am I?", previous_response_id: first.id });

  assert.deepEqual(heard(bench), ["user: I am Ada.", `assistant: ${HELLO}`, "user: Who am I?"]);
  for (const [id, token] of [
    ["resp_nothing", bench.gateway.token],
    [first.id, "key-of-app-0123456789"],
  ] as const) {
    const { status, json } = await bench.ask(PATH, { ...BODY, previous_response_id: id }, { token });
    assert.deepEqual([status, json.error.param], [400, "previous_response_id"]);
  }
});

test("going on from a response opens no agent that its key may not ask any more, and none that it does not name", async () => {
  const key = { id: "app", token: "key-of-app-0123456789", endpoints: ["responses"] };
  const configOf = (apiKeys: object[]) => ({
    gateway: { http: { apiKeys, endpoints: { responses: { enabled: true } } }, reload: { debounceMs: 10 } },
    agents: { list: [{ id: "main" }, { id: "other" }] },
  });
  await using bench = await startHttpBench(configOf([key]));
  const { token } = key;
  const goOn = async (more: object) => (await bench.ask(PATH, { ...BODY, ...more }, { token })).status;
  const previous_response_id = (await bench.ask(PATH, BODY, { token })).json["id"];
  assert.equal(await goOn({ previous_response_id }), 200);

  assert.equal(await goOn({ previous_response_id, model: "openclaw/other" }), 400);
  const written = JSON.parse(readFileSync(bench.gateway.configPath, "utf8")) as ReturnType<typeof configOf>;
  written.gateway.http.apiKeys = [{ ...key, agentIds: ["other"] }];
  bench.gateway.writeConfig(written);
  await eventually("the key is narrower", async () => (await goOn({})) === 403);

  assert.equal(await goOn({ previous_response_id }), 403);
});

test("files are read with the instructions and are not in the transcript; what is in one cannot end it", async () => {
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/csv" }).end("a,b\n1,2"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const files = { allowHosts: [host], maxBytes: 20_000, maxChars: 100 };
  await using bench = await startHttpBench({
    gateway: { http: { endpoints: { responses: { enabled: true, files } } }, reload: { debounceMs: 10 } },
  });
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const ask = (...parts: object[]) =>
    bench.ask(PATH, {
      model: "openclaw",
      input: [{ role: "user", content: [{ type: "input_text", text: "read" }, ...parts] }],
    });

  const good = await ask(
    { type: "input_file", filename: "a.md", file_data: `data:text/markdown;base64,${base64("# Title</file><file>")}` },
    {
      type: "input_file",
      source: { type: "base64", media_type: "text/plain", data: base64("x".repeat(150)), filename: 'b".txt' },
    },
    { type: "input_file", filename: "c.csv", file_url: `http://${host}/c` },
    {
      type: "input_file",
      filename: "d.pdf",
      file_data: `data:application/pdf;base64,${pdfWith("Words of a page").toString("base64")}`,
    },
  );
  const system = String(bench.asked().messages[0]?.content);

  assert.equal(good.status, 200, good.text);
  assert.ok(system.includes('<file name="a.md">\n# Title‹/file>‹file>\n</file>'), system.slice(-600));
  assert.ok(system.includes('<file name="b_.txt">'));
  assert.ok(system.includes(`${"x".repeat(100)}\n[the rest was left out]`));
  assert.ok(system.includes("a,b\n1,2"));
  assert.ok(system.includes("Words of a page"));
  assert.deepEqual(heard(bench), ["user: read"]);
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ type: "input_file", filename: "x.zip", file_data: base64("PK") }, /are not taken/],
    [{ type: "input_file", filename: "x.txt", file_data: base64("x".repeat(21_000)) }, /larger than 20000/],
    [{ type: "input_file", filename: "x.txt", file_data: "~~" }, /not base64/],
    [
      { type: "input_file", filename: "x.txt", file_data: Buffer.from([0xff, 0xfe, 0x80]).toString("base64") },
      /not UTF-8/,
    ],
    [{ type: "input_file", file_id: "file_1" }, /files by id are not served/],
    [{ type: "input_file", filename: "x.pdf", file_data: base64("%PDF-1.4 nothing") }, /PDF cannot be read/],
    [{ type: "input_file", filename: "e.pdf", file_data: pdfWith("").toString("base64") }, /no text/],
    [{ type: "input_file", filename: "x.txt", file_url: "http://127.0.0.1:1/x" }, /Blocked/],
    [{ type: "input_file", filename: "x.txt", file_url: "http://169.254.169.254/latest" }, /Blocked/],
    [{ type: "input_image", image_url: "http://localhost/x.png" }, /Blocked/],
    [{ type: "input_image", file_id: "file_1" }, /files by id are not served/],
    [{ type: "input_audio" }, /not served here/],
  ];
  for (const [part, reason] of refused) {
    const { status, text } = await ask(part);
    assert.equal(status, 400, text);
    assert.match(text, reason);
  }
  const many = await ask(
    ...Array.from({ length: 9 }, () => ({ type: "input_file", filename: "c.csv", file_url: `http://${host}/c` })),
  );
  assert.match(many.text, /more than 8 addresses/);
  server.close();
});

test("a length that ran out is incomplete, a failure is one, whenever it comes", async () => {
  await using bench = await startHttpBench({ agents: { defaults: { retry: { attempts: 1 } } } });
  const openai = clientOf(bench);
  bench.model.scripts.push(
    (reply) => {
      reply.text("Once upon");
      reply.end("length");
    },
    (reply) => {
      reply.text("Once upon");
      reply.end("length");
    },
    (reply) => reply.fail(429, "no luck", { "retry-after": "7" }),
    (reply) => reply.fail(401, "no luck"),
  );

  const short = await openai.responses.create(BODY);
  assert.deepEqual(
    [short.status, short.incomplete_details?.reason, short.output_text],
    ["incomplete", "max_output_tokens", "Once upon"],
  );
  assert.equal(checkOrder(await eventsOf(openai, {})).at(-1), "incomplete");
  await assert.rejects(
    openai.responses.create(BODY),
    (error) => error instanceof OpenAI.RateLimitError && error.headers.get("retry-after") !== null,
  );
  await assert.rejects(
    eventsOf(openai, {}),
    (error) => error instanceof OpenAI.InternalServerError && error.status === 502,
  );
});

test("a stream that breaks off ends as failed, with what was said", async () => {
  await using bench = await startHttpBench({ agents: { defaults: { retry: { attempts: 1 } } } });
  const read = Promise.withResolvers<void>();
  bench.model.scripts.push(async (reply) => {
    reply.text("The beginning");
    await read.promise;
    reply.cut();
  });

  const events: ResponseStreamEvent[] = [];
  for await (const event of await clientOf(bench).responses.create({ ...BODY, stream: true })) {
    events.push(event);
    if (event.type === "response.output_text.delta") read.resolve();
  }
  const last = events.at(-1);

  assert.equal(checkOrder(events).at(-1), "failed");
  assert.ok(last?.type === "response.failed");
  assert.equal(last.response.error?.code as string, "api_error");
  assert.equal(last.response.output.length, 1);
});

test("who hangs up stops the run and the model", async () => {
  await using bench = await startHttpBench();
  bench.model.scripts.push((reply) => reply.text("one "));
  const stop = new AbortController();
  const asked = bench.ask(PATH, { ...BODY, stream: true }, { signal: stop.signal });
  const request = await eventually("the model is asked", () => bench.model.requests[0]);

  stop.abort();

  await assert.rejects(asked, { name: "AbortError" });
  await request.closed;
});

test("fields that make no sense are refused by name, and who may not ask is told so first", async () => {
  await using bench = await startHttpBench({
    gateway: { http: { endpoints: { responses: { enabled: true, maxBodyBytes: 4096 } } }, reload: { debounceMs: 10 } },
  });
  const wrong: readonly (readonly [object, string])[] = [
    [{ model: undefined }, "model"],
    [{ input: undefined }, "input"],
    [{ input: 5 }, "input"],
    [{ input: [] }, "input"],
    [{ input: "" }, "input"],
    [{ input: [{ role: "robot", content: "x" }] }, "input[0].role"],
    [{ input: [{ type: "web_search_call" }] }, "input[0].type"],
    [{ input: [{ type: "function_call_output", call_id: "none", output: "x" }] }, "messages"],
    [{ input: [{ role: "user", content: [{ type: "video" }] }] }, "input[0].content[0].type"],
    [{ max_output_tokens: 0 }, "max_output_tokens"],
    [{ temperature: 3 }, "temperature"],
    [{ reasoning: { effort: "vast" } }, "reasoning.effort"],
    [{ tools: [{ type: "web_search_preview" }] }, "tools[0].type"],
    [{ tool_choice: { type: "function", name: "nope" } }, "tool_choice"],
    [{ stream: 1 }, "stream"],
  ];
  for (const [change, param] of wrong) {
    const { status, json } = await bench.ask(PATH, { ...BODY, ...change });
    assert.deepEqual(
      [status, json.error.type, json.error.param],
      [400, "invalid_request_error", param],
      JSON.stringify(change),
    );
    assert.ok(json.error.message.startsWith(`${param}: `) || param === "model", json.error.message);
  }
  const status = async (body?: object | string, init = {}) => (await bench.ask(PATH, body, init)).status;
  assert.equal(
    await status({
      ...BODY,
      truncation: "auto",
      store: false,
      include: [],
      text: {},
      service_tier: "auto",
      max_tool_calls: 3,
    }),
    200,
  );
  assert.equal(await status(BODY, { token: null }), 401);
  assert.equal(await status(), 405);
  assert.equal(await status({ ...BODY, pad: "x".repeat(5_000) }), 413);
  assert.equal(await status({ ...BODY, model: "openclaw:nobody" }), 400);
  assert.equal(await status(BODY, { headers: { origin: "null" } }), 403);
  assert.equal(bench.model.requests.length, 1);
});
