import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import OpenAI from "openai";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { RawHttp } from "../security/raw-http.ts";
import { startHttpBench } from "./http-bench.ts";

const PATH = "/v1/chat/completions";
const USER = { role: "user", content: "hello" };
const BODY = { model: "openclaw", messages: [USER] };
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("fields that make no sense are refused by name, others are left alone", async () => {
  await using bench = await startHttpBench();
  const wrong: readonly (readonly [object, string])[] = [
    [{ messages: undefined }, "messages"],
    [{ messages: [] }, "messages"],
    [{ messages: [{ role: "assistant", content: "hi" }] }, "messages"],
    [{ messages: "hello" }, "messages"],
    [{ messages: [5] }, "messages[0]"],
    [{ messages: [{ role: "robot", content: "x" }] }, "messages[0].role"],
    [{ messages: [{ role: "user", content: 5 }] }, "messages[0].content"],
    [{ messages: [{ role: "user", content: [{ type: "video" }] }] }, "messages[0].content[0].type"],
    [{ messages: [USER, { role: "tool", tool_call_id: "no", content: "x" }] }, "messages"],
    [
      { messages: [{ role: "assistant", tool_calls: [{ id: "a", function: { name: "x", arguments: "[" } }] }, USER] },
      "messages[0].tool_calls[0].function.arguments",
    ],
    [{ temperature: 2.1 }, "temperature"],
    [{ temperature: "hot" }, "temperature"],
    [{ top_p: -1 }, "top_p"],
    [{ presence_penalty: 3 }, "presence_penalty"],
    [{ frequency_penalty: -3 }, "frequency_penalty"],
    [{ max_tokens: 0 }, "max_tokens"],
    [{ max_completion_tokens: 1.5 }, "max_completion_tokens"],
    [{ seed: "x" }, "seed"],
    [{ stop: ["1", "2", "3", "4", "5"] }, "stop"],
    [{ stop: [1] }, "stop"],
    [{ n: 2 }, "n"],
    [{ stream: "yes" }, "stream"],
    [{ reasoning_effort: "vast" }, "reasoning_effort"],
    [{ user: 5 }, "user"],
    [{ tools: [{ type: "code_interpreter" }] }, "tools[0].type"],
    [{ tools: [{ type: "function", function: { name: "a b" } }] }, "tools[0].function.name"],
    [{ tools: Array.from({ length: 129 }, (_, at) => ({ type: "function", function: { name: `t${at}` } })) }, "tools"],
    [{ tools: [1, 2].map(() => ({ type: "function", function: { name: "same" } })) }, "tools"],
    [{ tool_choice: { type: "function", function: { name: "nope" } } }, "tool_choice"],
    [{ tool_choice: "required" }, "tool_choice"],
    [{ tool_choice: "sometimes" }, "tool_choice"],
  ];

  for (const [change, param] of wrong) {
    const { status, json } = await bench.ask(PATH, { ...BODY, ...change });
    assert.deepEqual(
      [status, json.error.type, json.error.param],
      [400, "invalid_request_error", param],
      JSON.stringify(change),
    );
  }
  const odd = {
    ...BODY,
    logit_bias: {},
    metadata: { a: 1 },
    response_format: { type: "text" },
    store: true,
    temperature: null,
  };
  assert.equal((await bench.ask(PATH, odd)).status, 200);
  assert.equal(bench.model.requests.length, 1);
});

test("who may ask, and how, is decided before anything is read", async () => {
  await using bench = await startHttpBench({
    gateway: {
      http: { endpoints: { chatCompletions: { enabled: true, maxBodyBytes: 4096 } } },
      reload: { debounceMs: 10 },
    },
  });
  const { port } = bench.gateway;
  const status = async (body?: object | string, init = {}) => (await bench.ask(PATH, body, init)).status;

  assert.equal(await status(BODY), 200);
  assert.equal(await status(BODY, { token: null }), 401);
  assert.equal(await status(BODY, { token: "wrong" }), 401);
  assert.equal(await status(), 405);
  assert.equal(await status(BODY, { method: "PUT" }), 405);
  assert.equal(await status("{"), 400);
  assert.equal(await status(BODY, { headers: { "content-type": "text/plain" } }), 415);
  assert.equal(await status(BODY, { headers: { "content-type": "application/x-www-form-urlencoded" } }), 415);
  assert.equal(await status({ ...BODY, pad: "x".repeat(5000) }), 413);
  assert.equal(await status({ ...BODY, pad: "x".repeat(5000) }, { token: "wrong" }), 401);
  assert.equal(await status(BODY, { headers: { origin: "https://evil.example" } }), 403);
  assert.equal(await status(BODY, { headers: { origin: `http://127.0.0.1:${port}` } }), 200);
  assert.equal((await bench.ask(`${PATH}?token=${bench.gateway.token}`, BODY)).status, 400);

  const raw = async (...lines: string[]) => {
    await using exchange = new RawHttp(port);
    exchange.head(`POST ${PATH} HTTP/1.1`, ...lines);
    return (await exchange.answer()).status;
  };
  const own = [`Host: 127.0.0.1:${port}`, "Content-Type: application/json"];
  const good = `Authorization: Bearer ${bench.gateway.token}`;
  assert.equal(await raw("Host: evil.example", good, "Content-Type: application/json", "Content-Length: 5"), 421);
  assert.equal(await raw(...own, "Authorization: Bearer no", "Content-Length: 100"), 401, "without its body");
  assert.equal(await raw(...own, good, "Content-Length: 5000"), 413, "without its body");
});

test("what could be read as two requests is read as none", async () => {
  await using bench = await startHttpBench();
  const { port, token } = bench.gateway;
  const head = [
    `POST ${PATH} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Content-Type: application/json",
    `Authorization: Bearer ${token}`,
  ];
  const hidden = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";
  const probes: readonly (readonly [string[], string])[] = [
    [["Content-Length: 5", "Transfer-Encoding: chunked"], `0\r\n\r\n${hidden}`],
    [["Content-Length: 5", "Content-Length: 6"], `hello${hidden}`],
    [["Transfer-Encoding: chunked, identity"], `0\r\n\r\n${hidden}`],
    [["Transfer-Encoding : chunked"], `0\r\n\r\n${hidden}`],
    [["Transfer-Encoding: xchunked"], `0\r\n\r\n${hidden}`],
    [["Content-Length: +5"], `hello${hidden}`],
    [["Transfer-Encoding: chunked"], `5;a=b\nhello\r\n0\r\n\r\n${hidden}`],
  ];
  for (const [lines, body] of probes) {
    await using exchange = new RawHttp(port);
    exchange.head(...head, ...lines);
    exchange.write(body);
    const { status, body: said } = await exchange.closed();
    assert.equal(status, 400, lines.join());
    assert.ok(!said.includes('"object"'), lines.join());
  }
  assert.equal(bench.model.requests.length, 0);
});

test("the endpoint is off unless it is on, and follows the configuration", async () => {
  await using bench = await startHttpBench({ gateway: { http: {}, reload: { debounceMs: 10 } } });
  const status = async (path: string, body?: object, init = {}) => (await bench.ask(path, body, init)).status;

  for (const token of [bench.gateway.token, "wrong", null]) {
    assert.equal(await status(PATH, BODY, { token }), 404);
    assert.equal(await status("/v1/models", undefined, { token }), 404);
  }
  const { hash } = await (await bench.gateway.client()).request<{ hash: string }>("config.get", {});
  const raw = JSON.stringify({ gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } } });
  await (await bench.gateway.client()).request("config.patch", { raw, baseHash: hash });
  await eventually("it is on", async () => (await status(PATH, BODY)) === 200);
});

test("keys for programs open what they are for and nothing else", async () => {
  const key = (id: string, more: object = {}) => ({
    id,
    token: `key-of-${id}-0123456789`,
    endpoints: ["chatCompletions"],
    ...more,
  });
  const apiKeys = [
    key("one", { agentIds: ["work"], sessionKeyPrefixes: ["app:"] }),
    key("other", { endpoints: ["responses"] }),
    { ...key("twin"), token: "test-token-0123456789abcdef" },
    key("free"),
  ];
  const endpoints = { chatCompletions: { enabled: true }, responses: { enabled: true } };
  await using bench = await startHttpBench({
    agents: { list: [{ id: "main", default: true }, { id: "work" }] },
    gateway: { http: { endpoints, apiKeys }, reload: { debounceMs: 10 } },
  });
  const ask = async (id: string, model: string, headers = {}, path = PATH) =>
    (await bench.ask(path, { ...BODY, model }, { token: `key-of-${id}-0123456789`, headers })).status;

  assert.equal(await ask("one", "openclaw:work"), 200);
  assert.equal(await ask("one", "openclaw"), 403);
  assert.equal(await ask("one", "openclaw:work", { "x-openclaw-session-key": "agent:work:app:1" }), 200);
  assert.equal(await ask("one", "openclaw:work", { "x-openclaw-session-key": "agent:work:main" }), 403);
  assert.equal(await ask("free", "openclaw", { "x-openclaw-session-key": "main" }), 403);
  assert.equal(await ask("free", "openclaw"), 200);
  assert.equal(await ask("other", "openclaw"), 401);
  assert.equal(await ask("one", "openclaw:work", {}, "/tools/invoke"), 401);
  await assert.rejects(bench.gateway.client({ token: "key-of-one-0123456789" }));
  const models = await bench.ask("/v1/models", undefined, { token: "key-of-one-0123456789" });
  assert.deepEqual(
    (models.json["data"] as { id: string }[]).map(({ id }) => id),
    ["openclaw/work"],
  );
});

test("the official client knows each refusal by its kind", async () => {
  const narrow = { id: "narrow", token: "key-that-asks-nobody-01", endpoints: ["chatCompletions"], agentIds: ["gone"] };
  const http = { endpoints: { chatCompletions: { enabled: true } }, apiKeys: [narrow] };
  await using bench = await startHttpBench({ gateway: { http } });
  const client = (apiKey: string) => new OpenAI({ baseURL: `${bench.origin}/v1`, apiKey, maxRetries: 0 });
  const ask = (apiKey: string, more: object = {}) =>
    client(apiKey).chat.completions.create({ model: "openclaw", messages: [{ role: "user", content: "x" }], ...more });
  const own = bench.gateway.token;

  await assert.rejects(ask("wrong"), OpenAI.AuthenticationError);
  await assert.rejects(ask(narrow.token), OpenAI.PermissionDeniedError);
  await assert.rejects(ask(own, { model: "openclaw/nobody" }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.deepEqual([error.param, error.type], ["model", "invalid_request_error"]);
    return true;
  });
  await assert.rejects(ask(own, { messages: [] }), OpenAI.BadRequestError);
  await assert.rejects(client(own).responses.create({ model: "openclaw", input: "x" }), OpenAI.NotFoundError);
  for (let at = 0; at < 10; at++) await assert.rejects(ask("wrong"), OpenAI.APIError);
  await assert.rejects(ask("wrong"), OpenAI.RateLimitError);
});

test("the gateway's own token can be kept from programs", async () => {
  const http = { allowGatewayToken: false, endpoints: { chatCompletions: { enabled: true } } };
  await using bench = await startHttpBench({ gateway: { http, reload: { debounceMs: 10 } } });

  assert.equal((await bench.ask(PATH, BODY)).status, 401);
  assert.equal((await bench.ask("/v1/models")).status, 401);
  assert.equal((await bench.ask("/tools/invoke", { tool: "agents_list" })).status, 401);
});

test("images are taken as data of a known kind, and from addresses only where that is allowed", async () => {
  const server = createServer((_, response) => response.end(PNG));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const images = { allowUrl: true, maxBytes: 1_000, allowHosts: [host] };
  await using bench = await startHttpBench({
    gateway: { http: { endpoints: { chatCompletions: { enabled: true, images } } }, reload: { debounceMs: 10 } },
  });
  const ask = async (...urls: string[]) => {
    const content = urls.map((url) => ({ type: "image_url", image_url: { url } }));
    const { status, text } = await bench.ask(PATH, { ...BODY, messages: [{ role: "user", content }] });
    return `${status} ${text}`;
  };
  const png = `data:image/png;base64,${PNG.toString("base64")}`;

  assert.match(await ask(png), /^200/);
  assert.match(await ask(`http://${host}/x.png`), /^200/);
  assert.match(await ask("http://127.0.0.1:1/x.png"), /^400 .*Blocked/);
  assert.match(await ask("http://localhost/x.png"), /^400 .*Blocked/);
  assert.match(await ask("file:///etc/passwd"), /^400 /);
  assert.match(await ask("data:image/png;base64,AAAA"), /^400 .*no image of a kind/);
  assert.match(await ask(`data:image/svg+xml;base64,${Buffer.from("<svg/>").toString("base64")}`), /^400 /);
  assert.match(await ask("data:image/png,plain"), /^400 .*base64/);
  assert.match(await ask("data:image/png;base64,*!*"), /^400 .*base64/);
  assert.match(await ask(`data:image/png;base64,${"A".repeat(4_000)}`), /^400 .*larger than 1000 bytes/);
  assert.match(await ask(...Array.from({ length: 9 }, () => png)), /^400 .*more than 8 files/);
  server.close();
});

test("a request whose caller is gone over a restart is not run again", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-http-"));
  await using model = await startFakeOpenAi();
  const http = { endpoints: { chatCompletions: { enabled: true } } };
  const config = { ...modelConfig(model), gateway: { http, shutdownTimeoutMs: 100 } };
  const first = await startTestGateway({ home, config });
  model.scripts.push(() => undefined);
  const asked = fetch(`http://127.0.0.1:${first.port}${PATH}`, {
    method: "POST",
    headers: { authorization: `Bearer ${first.token}`, "content-type": "application/json" },
    body: JSON.stringify(BODY),
  });
  await eventually("the model is asked", () => model.requests.length === 1);

  await first[Symbol.asyncDispose]();
  const answer = await asked;
  const said = (await answer.json()) as { error: { message: string } };
  {
    await using second = await startTestGateway({ home });
    const client = await second.client();
    await eventually("it has come to its end", async () => {
      const { in: works } = await client.request<{ in: { state: string }[] }>("queue.list", {});
      return works.length === 1 && works[0]?.state === "failed";
    });
  }

  assert.deepEqual([answer.status, said.error.message], [503, "the gateway is stopping"]);
  assert.equal(model.requests.length, 1);
  rmSync(home, { recursive: true, force: true });
});
