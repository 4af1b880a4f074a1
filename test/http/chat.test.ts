import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startHttpBench } from "./http-bench.ts";
import type { HttpBench } from "./http-bench.ts";

const HELLO = "Hello from the fake model.";
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const WEATHER = {
  type: "function" as const,
  function: {
    name: "get_weather",
    description: "the weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const TWO = { agents: { list: [{ id: "main", default: true }, { id: "work" }] } };

function clientOf(bench: HttpBench, more: object = {}): OpenAI {
  return new OpenAI({ baseURL: `${bench.origin}/v1`, apiKey: bench.gateway.token, maxRetries: 0, ...more });
}

const USER = { role: "user" as const, content: "hello" };
const BODY = { model: "openclaw", messages: [USER] };

test("a completion, plain and streamed, through the official client", async () => {
  await using bench = await startHttpBench();
  const openai = clientOf(bench);

  const plain = await openai.chat.completions.create(BODY);
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  const stream = await openai.chat.completions.create({
    ...BODY,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) chunks.push(chunk);
  const helper = await openai.chat.completions.stream(BODY).finalChatCompletion();

  assert.equal(plain.object, "chat.completion");
  assert.match(plain.id, /^chatcmpl_[0-9a-f-]{36}$/);
  assert.equal(plain.model, "openclaw");
  assert.deepEqual(
    plain.choices.map(({ index, message, finish_reason }) => [index, message.role, message.content, finish_reason]),
    [[0, "assistant", HELLO, "stop"]],
  );
  const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details } =
    plain.usage as OpenAI.CompletionUsage;
  assert.deepEqual(
    [prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details?.cached_tokens],
    [10, 6, 16, 4],
  );

  const [first, ...rest] = chunks;
  assert.deepEqual(first?.choices[0]?.delta, { role: "assistant", content: "" });
  assert.equal(new Set(chunks.map(({ id, created }) => `${id} ${created}`)).size, 1);
  const usage = rest.pop();
  assert.deepEqual([usage?.choices, usage?.usage?.total_tokens], [[], 16]);
  const end = rest.pop();
  assert.deepEqual([end?.choices[0]?.delta, end?.choices[0]?.finish_reason], [{}, "stop"]);
  assert.equal(rest.map(({ choices }) => choices[0]?.delta.content).join(""), HELLO);
  assert.ok(rest.length > 1, "it came in parts");
  assert.equal(helper.choices[0]?.message.content, HELLO);
});

test("the bytes of a stream are what the API says", async () => {
  await using bench = await startHttpBench();

  const { status, headers, text } = await bench.ask("/v1/chat/completions", { ...BODY, stream: true });

  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "text/event-stream; charset=utf-8");
  assert.equal(headers.get("cache-control"), "no-cache");
  assert.equal(headers.get("x-accel-buffering"), "no");
  assert.match(headers.get("x-request-id") ?? "", /./);
  const events = text.split("\n\n").filter((part) => part !== "");
  assert.ok(events.every((event) => event.startsWith("data: ")));
  assert.equal(events.at(-1), "data: [DONE]");
  const reasons = events
    .slice(0, -1)
    .map((event) => JSON.parse(event.slice(6)).choices[0].finish_reason as string | null);
  assert.deepEqual(reasons.filter(Boolean), ["stop"]);
});

test("what was said before is history for the model, system texts are instructions, images are seen", async () => {
  await using bench = await startHttpBench();
  const openai = clientOf(bench);

  await openai.chat.completions.create({
    model: "openclaw",
    temperature: 0.5,
    top_p: 0.9,
    seed: 7,
    stop: ["END"],
    max_completion_tokens: 99,
    messages: [
      { role: "system", content: "Speak like a pirate." },
      { role: "user", content: "My name is Ada." },
      { role: "assistant", content: "Aye, Ada." },
      { role: "developer", content: "Be short." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } },
        ],
      },
    ],
  });

  const body = bench.asked();
  const [system, ...messages] = body.messages;
  assert.match(String(system?.content), /Speak like a pirate\.\n\nBe short\./);
  assert.deepEqual(messages.slice(0, 2), [
    { role: "user", content: "My name is Ada." },
    { role: "assistant", content: "Aye, Ada." },
  ]);
  assert.equal(messages.length, 3);
  const [words, picture] = (messages[2]?.content ?? []) as {
    type: string;
    text?: string;
    image_url?: { url: string };
  }[];
  assert.deepEqual(words, { type: "text", text: "What is this?" });
  assert.match(picture?.image_url?.url ?? "", /^data:image\/png;base64,iVBOR/);
  assert.deepEqual(
    [body["temperature"], body["top_p"], body["seed"], body["stop"], body["max_tokens"]],
    [0.5, 0.9, 7, ["END"], 99],
  );
});

test("a user's requests are one session, and only what is new goes into it", async () => {
  await using bench = await startHttpBench();
  const openai = clientOf(bench);
  const said = () =>
    (bench.model.requests.at(-1)?.body.messages ?? [])
      .slice(1)
      .map(({ role, content }) => `${role}: ${content as string}`);

  await openai.chat.completions.create({ ...BODY, user: "ada@example.org" });
  await openai.chat.completions.create({
    model: "openclaw",
    user: "ada@example.org",
    messages: [USER, { role: "assistant", content: HELLO }, { role: "user", content: "again" }],
  });
  const ofUser = said();
  await openai.chat.completions.create({ ...BODY, user: "Ada@example.org" });
  const ofOther = said();
  const { sessions } = await (
    await bench.gateway.client()
  ).request<{ sessions: { key: string }[] }>("sessions.list", {});

  assert.deepEqual(ofUser, ["user: hello", `assistant: ${HELLO}`, "user: again"]);
  assert.deepEqual(ofOther, ["user: hello"]);
  const keys = sessions.map(({ key }) => key);
  assert.ok(keys.includes("agent:main:openai-user:ada@example.org"), keys.join());
  assert.equal(keys.filter((key) => key.startsWith("agent:main:openai-user:ada@example.org")).length, 2);
});

test("tools of the client stop the run, and their results take it on, with and without a session", async () => {
  await using bench = await startHttpBench();
  const openai = clientOf(bench);
  for (const user of [undefined, "tools"]) {
    const session = user === undefined ? {} : { user };
    bench.model.scripts.push((reply) => {
      reply.text("Let me look.");
      reply.toolCall("call_1", "get_weather", '{"city":"Oslo"}');
      reply.end("tool_calls");
    });
    const first = await openai.chat.completions.create({ ...BODY, ...session, tools: [WEATHER] });
    const message = first.choices[0]?.message as OpenAI.ChatCompletionMessage;
    assert.equal(first.choices[0]?.finish_reason, "tool_calls");
    assert.equal(message.content, "Let me look.");
    assert.deepEqual(message.tool_calls, [
      { id: "call_1", type: "function", function: { name: "get_weather", arguments: '{"city":"Oslo"}' } },
    ]);
    const offered = bench.asked().tools ?? [];
    assert.ok(offered.some((tool) => tool.function.name === "get_weather"));

    const second = await openai.chat.completions.create({
      model: "openclaw",
      ...session,
      tools: [WEATHER],
      messages: [USER, message, { role: "tool", tool_call_id: "call_1", content: "12 degrees" }],
    });
    const sent = bench.asked().messages.slice(1);
    assert.equal(second.choices[0]?.message.content, HELLO);
    assert.deepEqual(
      sent.map(({ role }) => role),
      ["user", "assistant", "tool"],
    );
    assert.deepEqual([sent[2]?.["tool_call_id"], sent[2]?.["content"]], ["call_1", "12 degrees"]);
  }
});

test("streamed tool calls, a choice that is forced, and the name of a tool of ours", async () => {
  await using bench = await startHttpBench();
  const openai = clientOf(bench);
  const read = { ...WEATHER, function: { ...WEATHER.function, name: "read" } };
  bench.model.scripts.push((reply) => {
    reply.toolCall("call_2", "read", '{"city":"Rome"}');
    reply.end("tool_calls");
  });

  const streamed = await openai.chat.completions
    .stream({ ...BODY, tools: [read, WEATHER], tool_choice: { type: "function", function: { name: "read" } } })
    .finalChatCompletion();
  const { tools, tool_choice } = bench.asked();

  assert.equal(streamed.choices[0]?.finish_reason, "tool_calls");
  const [call] = streamed.choices[0]?.message.tool_calls ?? [];
  assert.deepEqual(call?.type === "function" && [call.id, call.function.name, call.function.arguments], [
    "call_2",
    "read",
    '{"city":"Rome"}',
  ]);
  assert.deepEqual(tool_choice, { type: "function", function: { name: "read" } });
  assert.deepEqual(
    tools?.map((tool) => tool.function.name),
    ["read"],
  );
  await assert.rejects(
    openai.chat.completions.create({ ...BODY, tools: [WEATHER], tool_choice: "required" }),
    (error) => error instanceof OpenAI.InternalServerError && error.status === 502,
  );
  await openai.chat.completions.create({ ...BODY, tools: [WEATHER], tool_choice: "none" });
  const last = bench.asked().tools ?? [];
  assert.ok(!last.some((tool) => tool.function.name === "get_weather"));
});

test("a tool of ours and one of the client in one answer: ours is run, theirs comes back", async () => {
  await using bench = await startHttpBench();
  const openai = clientOf(bench);
  bench.model.scripts.push((reply) => {
    reply.text("Both.");
    reply.raw(
      `data: ${JSON.stringify({
        id: "x",
        choices: [
          {
            index: 0,
            delta: {
              tool_calls: [
                { index: 0, id: "ours", type: "function", function: { name: "agents_list", arguments: "{}" } },
                {
                  index: 1,
                  id: "theirs",
                  type: "function",
                  function: { name: "get_weather", arguments: '{"city":"Bonn"}' },
                },
              ],
            },
          },
        ],
      })}\n\n`,
    );
    reply.end("tool_calls");
  });

  const answer = await openai.chat.completions.create({ ...BODY, user: "both", tools: [WEATHER] });
  await openai.chat.completions.create({
    model: "openclaw",
    user: "both",
    tools: [WEATHER],
    messages: [USER, answer.choices[0]?.message as never, { role: "tool", tool_call_id: "theirs", content: "rain" }],
  });
  const sent = bench.asked().messages.slice(1);

  assert.deepEqual(
    answer.choices[0]?.message.tool_calls?.map(({ id }) => id),
    ["theirs"],
  );
  assert.deepEqual(
    sent.map(({ role, tool_call_id }) => `${role as string} ${(tool_call_id as string) ?? ""}`.trim()),
    ["user", "assistant", "tool ours", "tool theirs"],
  );
});

test("text before and after a tool of ours are two paragraphs, streamed as they are told whole", async () => {
  await using bench = await startHttpBench();
  const script = () => {
    bench.model.scripts.push((reply) => {
      reply.text("Looking.");
      reply.toolCall("call_9", "agents_list", "{}");
      reply.end("tool_calls");
    });
  };

  script();
  const plain = await clientOf(bench).chat.completions.create(BODY);
  script();
  const streamed = await clientOf(bench).chat.completions.stream(BODY).finalChatCompletion();

  assert.equal(plain.choices[0]?.message.content, `Looking.\n\n${HELLO}`);
  assert.equal(streamed.choices[0]?.message.content, `Looking.\n\n${HELLO}`);
  assert.equal(plain.usage?.total_tokens, 32);
});

test("a failed run is an error of its kind, streamed or not, and never an answer", async () => {
  await using bench = await startHttpBench({ agents: { defaults: { retry: { attempts: 1 } } } });
  const openai = clientOf(bench);
  const kinds = [
    [401, 502, OpenAI.InternalServerError],
    [429, 429, OpenAI.RateLimitError],
    [500, 502, OpenAI.InternalServerError],
  ] as const;
  for (const stream of [false, true])
    for (const [given, status, kind] of kinds) {
      bench.model.scripts.push((reply) => reply.fail(given, "no luck", { "retry-after": "0" }));
      await assert.rejects(
        openai.chat.completions.create({ ...BODY, stream }) as Promise<unknown>,
        (error) => error instanceof kind && error.status === status && /no luck/.test(error.message),
        `${given} ${stream}`,
      );
    }
});

test("a stream that breaks off ends with an error and without an end of the answer", async () => {
  await using bench = await startHttpBench({ agents: { defaults: { retry: { attempts: 1 } } } });
  const read = Promise.withResolvers<void>();
  bench.model.scripts.push(async (reply) => {
    reply.text("The beginning");
    await read.promise;
    reply.cut();
  });

  const { status, body } = await fetch(`${bench.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${bench.gateway.token}` },
    body: JSON.stringify({ ...BODY, stream: true }),
  });
  let text = "";
  for await (const part of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes("The beginning")) read.resolve();
  }

  assert.equal(status, 200);
  const events = text.split("\n\n").filter((part) => part !== "");
  assert.equal(events.at(-1), "data: [DONE]");
  assert.match(events.at(-2) ?? "", /^data: \{"error":\{"message":".*","type":"api_error"/);
  assert.ok(!text.includes('"finish_reason":"'));
});

test("a filter and a length that ran out have their words", async () => {
  await using bench = await startHttpBench();
  const openai = clientOf(bench);
  const endings = [
    ["length", "length"],
    ["content_filter", "content_filter"],
  ] as const;
  for (const [given, expected] of endings) {
    bench.model.scripts.push((reply) => {
      reply.text("Once upon");
      reply.end(given);
    });
    const answer = await openai.chat.completions.create(BODY);
    assert.deepEqual([answer.choices[0]?.finish_reason, answer.choices[0]?.message.content], [expected, "Once upon"]);
  }
});

test("who hangs up stops the run and the model, streamed or not", async () => {
  await using bench = await startHttpBench();
  for (const stream of [false, true]) {
    const seen = bench.model.requests.length;
    bench.model.scripts.push((reply) => reply.text("one "));
    const stop = new AbortController();
    const asked = clientOf(bench).chat.completions.create(
      { ...BODY, stream },
      { signal: stop.signal },
    ) as Promise<unknown>;
    // A stream is there with its first byte, and given up while it is read.
    const outcome = asked.then(
      async (answer) => {
        for await (const _ of answer as AsyncIterable<unknown>) continue;
      },
      (error: unknown) => assert.ok(error instanceof OpenAI.APIUserAbortError),
    );
    const request = await eventually("the model is asked", () => bench.model.requests[seen]);
    stop.abort();
    await Promise.all([request.closed, outcome]);
  }
});

test("agents are chosen by model or header, and unknown ones refused", async () => {
  await using bench = await startHttpBench(TWO);
  const openai = clientOf(bench);
  const agentOf = async (model: string, headers = {}) => {
    await openai.chat.completions.create({ model, messages: [USER] }, { headers });
    const { sessions } = await (
      await bench.gateway.client()
    ).request<{ sessions: { key: string; updatedAt: number }[] }>("sessions.list", {});
    return sessions.toSorted((a, b) => b.updatedAt - a.updatedAt)[0]?.key.split(":")[1];
  };

  for (const model of ["openclaw:work", "openclaw/work", "agent:work", "openclaw:Work"])
    assert.equal(await agentOf(model), "work", model);
  for (const model of ["openclaw", "openclaw/default", "gpt-4o", "openclaw/main"])
    assert.equal(await agentOf(model), "main", model);
  assert.equal(await agentOf("openclaw", { "x-openclaw-agent-id": "work" }), "work");
  assert.equal(await agentOf("openclaw", { "x-openclaw-session-key": "agent:work:desk" }), "work");
  const refused = async (model: string, headers: Record<string, string> = {}) => {
    const { status, json } = await bench.ask("/v1/chat/completions", { model, messages: [USER] }, { headers });
    return `${status} ${json.error.type} ${json.error.message}`;
  };
  assert.equal(await refused("openclaw:nobody"), "400 invalid_request_error Unknown agent 'nobody'.");
  assert.match(
    await refused("openclaw:work", { "x-openclaw-session-key": "agent:main:desk" }),
    /^400 .*does not match/,
  );
  for (const key of ["subagent:x", "agent:main:cron:x", "acp:1"])
    assert.match(await refused("openclaw", { "x-openclaw-session-key": key }), /^400 .*cannot be written to/, key);
  assert.match(await refused("openclaw", { "x-openclaw-session-key": "a/../b" }), /^400 /);
  assert.match(await refused("openclaw", { "x-openclaw-model": "nosuch/x" }), /^400 /);
});

test("models are the agents, one by one and all together", async () => {
  await using bench = await startHttpBench(TWO);
  const openai = clientOf(bench);

  const ids: string[] = [];
  for await (const { id } of openai.models.list()) ids.push(id);
  const one = await openai.models.retrieve("openclaw/work");

  assert.deepEqual(ids, ["openclaw", "openclaw/default", "openclaw/main", "openclaw/work"]);
  assert.deepEqual(one, { id: "openclaw/work", object: "model", created: 0, owned_by: "openclaw" });
  await assert.rejects(openai.models.retrieve("gpt-9"), OpenAI.NotFoundError);
  assert.equal((await bench.ask("/v1/models/%E0%A4%A")).status, 404);
  assert.equal((await bench.ask("/v1/embeddings", {})).status, 501);
});
