import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { createWorkshop, enabled } from "../plugins/workshop.ts";
import { startHttpBench } from "./http-bench.ts";

const CONFIG = {
  agents: {
    list: [
      { id: "main", default: true },
      { id: "shy", tools: { deny: ["read"] } },
    ],
  },
};

test("a tool is run as a turn of the session could, and says what came of it", async () => {
  await using bench = await startHttpBench(CONFIG);
  const invoke = (body: object, headers = {}) => bench.ask("/tools/invoke", body, { headers });

  const listed = await invoke({ tool: "sessions_list", args: { limit: 5 } });
  const byName = await invoke({ name: "agents_list" });
  const wrong = await invoke({ tool: "sessions_list", args: { limit: "many" } });
  const dry = await invoke({ tool: "sessions_list", args: { limit: 5 }, dryRun: true });
  const dryWrong = await invoke({ tool: "sessions_list", args: { limit: {} }, dryRun: true });

  assert.equal(listed.status, 200, listed.text);
  assert.equal(listed.json.ok, true);
  assert.equal(listed.json.result.content[0]?.type, "text");
  assert.equal(byName.status, 200, byName.text);
  assert.deepEqual([wrong.status, wrong.json.ok, wrong.json.error.type], [400, false, "tool_error"]);
  assert.deepEqual([dry.status, dry.json], [200, { ok: true, dryRun: true }]);
  assert.deepEqual([dryWrong.status, dryWrong.json.error.type], [400, "tool_error"]);
});

test("what is not there, not allowed, or no business of a program is not available", async () => {
  await using bench = await startHttpBench(CONFIG);
  const invoke = (body: object) => bench.ask("/tools/invoke", body);

  for (const tool of [
    "exec",
    "bash",
    "process",
    "write",
    "edit",
    "cron",
    "gateway",
    "nodes",
    "sessions_send",
    "no_such",
  ]) {
    const { status, json } = await invoke({ tool });
    assert.deepEqual([status, json.error], [404, { type: "not_found", message: `Tool not available: ${tool}` }], tool);
  }
  for (const tool of ["constructor", "__proto__", "toString", "hasOwnProperty"])
    assert.equal((await invoke({ tool })).status, 404, tool);
  assert.equal((await invoke({ tool: "read", args: { path: "x" }, agentId: "shy" })).status, 404);
  assert.equal((await invoke({ tool: "read", args: { path: "x" }, sessionKey: "agent:shy:main" })).status, 404);
});

test("gateway.tools opens what is closed and closes what is open, without a restart", async () => {
  const tools = { allow: ["write"], deny: ["read"] };
  await using bench = await startHttpBench({ gateway: { tools } });
  const invoke = (body: object) => bench.ask("/tools/invoke", body);

  const written = await invoke({ tool: "write", args: { path: "note.txt", content: "hello" } });
  assert.equal(written.status, 200, written.text);
  assert.equal((await invoke({ tool: "read", args: { path: "note.txt" } })).status, 404);
});

test("requests that make no sense are refused with what is wrong", async () => {
  await using bench = await startHttpBench(CONFIG);
  const said = async (body: object | string, init = {}) => {
    const { status, text } = await bench.ask("/tools/invoke", body, init);
    return `${status} ${text}`;
  };

  assert.match(await said(""), /^400 .*tools\.invoke requires body\.tool/);
  assert.match(
    await said({}),
    /^400 \{"error":\{"message":"tools\.invoke requires body\.tool","type":"invalid_request_error"\}\}$/,
  );
  assert.match(await said("{"), /^400 .*the body is no JSON/);
  assert.match(await said("[1]"), /^400 .*JSON object/);
  assert.match(await said(`{"tool":"read","args":${"[".repeat(90)}${"]".repeat(90)}}`), /^400 .*nested/);
  assert.match(await said(`{"tool":"read","args":{"__proto__":{"x":1}}}`), /^400 .*__proto__/);
  assert.match(await said({ tool: 5 }), /^400 .*tool has to be a text/);
  assert.match(await said({ tool: "read", args: [] }), /^400 .*args has to be an object/);
  assert.match(await said({ tool: "read", agentId: "nobody" }), /^400 .*Unknown agent 'nobody'/);
  assert.match(await said({ tool: "read", sessionKey: "agent:nobody:main" }), /^400 .*Unknown agent 'nobody'/);
  assert.match(await said({ tool: "read", agentId: "shy", sessionKey: "agent:main:main" }), /^400 .*does not match/);
  assert.match(await said({ tool: "read", sessionKey: "a/b" }), /^400 /);
  assert.match(await said({ tool: "read" }, { headers: { "content-type": "text/plain" } }), /^415 /);
  assert.match(await said({ tool: "x".repeat(2_200_000) }), /^413 .*payload too large/);
  assert.match(await said({ tool: "read" }, { token: null }), /^401 /);
  assert.match(await said({ tool: "read" }, { token: "not-the-token" }), /^401 .*"type":"unauthorized"/);
  assert.match(await said({ tool: "read" }, { headers: { origin: "https://evil.example" } }), /^403 /);
  assert.equal((await bench.ask("/tools/invoke")).status, 405);
});

test("a key makes a repeat the same call, and another call under it is refused", async () => {
  await using bench = await startHttpBench({ gateway: { tools: { allow: ["write"] } } });
  const body = { tool: "write", args: { path: "once.txt", content: "hello" }, idempotencyKey: "k1" };

  const first = await bench.ask("/tools/invoke", body);
  const again = await bench.ask("/tools/invoke", body);
  const other = await bench.ask("/tools/invoke", { ...body, args: { path: "once.txt", content: "changed" } });

  assert.deepEqual([again.status, again.text], [first.status, first.text]);
  assert.deepEqual([other.status, other.json.error.message], [400, "idempotency key was used with other parameters"]);
});

/** A tool that takes as long as it is let. */
const SLOW = `
  globalThis.slow = { started: 0, stopped: 0 };
  const parameters = { type: "object", properties: { action: { type: "string" } } };
  const { Agents } = await import("openclaw/plugin-sdk");
  gateway.hooks.of(Agents).tool.for("slow").tap({ description: "slow", parameters, timeoutMs: 100 }, ({ signal, arguments: given }) => {
    if (given.action === "fail") throw new Error("it broke");
    if (given.action === "say") return { content: [{ type: "text", text: "said" }], details: { given } };
    globalThis.slow.started++;
    return new Promise((resolve, reject) => signal.addEventListener("abort", () => {
      globalThis.slow.stopped++;
      reject(signal.reason);
    }));
  });
  gateway.hooks.of(Agents).tool.for("patient").tap({ description: "patient", parameters, timeoutMs: 0 }, ({ signal }) => {
    globalThis.slow.started++;
    return new Promise((resolve, reject) => signal.addEventListener("abort", () => {
      globalThis.slow.stopped++;
      reject(signal.reason);
    }));
  });
  gateway.hooks.of(Agents).beforeTool.tap(({ arguments: given }) => given.action === "blocked" ? { block: "not today" } : undefined);`;

test("a tool that throws, is blocked, takes too long or is given up ends as what it was", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("slow", SLOW, { activation: "startup", requires: ["agents"] });
  await using bench = await startHttpBench({ plugins: enabled(folder) });
  const { slow } = globalThis as unknown as { slow: { started: number; stopped: number } };
  const invoke = async (action: string, more: object = {}) => {
    const { status, json } = await bench.ask("/tools/invoke", { tool: "slow", action, ...more });
    return [status, json.error?.type ?? json.ok];
  };

  assert.deepEqual(await invoke("say"), [200, true]);
  assert.deepEqual(await invoke("say", { args: { action: "fail" } }), [400, "tool_error"]);
  assert.deepEqual(await invoke("fail"), [400, "tool_error"]);
  assert.deepEqual(await invoke("blocked"), [403, "forbidden"]);
  assert.deepEqual(await invoke("wait"), [504, "timeout_error"]);
  const stop = new AbortController();
  const asked = bench.ask("/tools/invoke", { tool: "patient" }, { signal: stop.signal });
  await eventually("the tool runs", () => slow.started === 2);
  stop.abort();

  await assert.rejects(asked, { name: "AbortError" });
  await eventually("the tool is stopped", () => slow.stopped === 2);
});
