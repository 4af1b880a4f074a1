import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { LAB_PLUGIN } from "../delivery/lab-gateway.ts";
import { startToolBench } from "./bench.ts";
import type { ToolBench } from "./bench.ts";

const ODD = join(import.meta.dirname, "odd");
const PLUGINS = { plugins: { load: { paths: [ODD] }, entries: { odd: { enabled: true } } } };

async function patch({ client }: ToolBench, raw: string): Promise<void> {
  const { hash } = await client.request<{ hash: string }>("config.get", {});
  await client.request("config.patch", { raw, baseHash: hash });
}

test("a tool that hangs is aborted, one that throws or floods or gives nonsense is a result like another", async () => {
  await using bench = await startToolBench(PLUGINS);

  const hung = await bench.use("hang");
  const thrown = await bench.use("thrower");
  const flood = await bench.use("flood");
  const shapeless = await bench.use("shapeless");

  assert.match(hung.text, /tool "hang" gave no result within 0.1 s; it was stopped/);
  const { aborted } = await bench.client.request<{ aborted: string[] }>("odd.aborted", {});
  assert.match(aborted[0] ?? "", /TimeoutError/);
  assert.match(thrown.text, /it broke/);
  assert.ok(hung.isError && thrown.isError && !flood.isError);
  assert.ok(flood.text.length < 60_000);
  assert.match(flood.text, /^start x+\n\[… \d+ characters were left out …\]\nx+ end$/);
  assert.equal(shapeless.text, "kept");
});

test("arguments are checked before a tool runs, and numbers in quotes are numbers", async () => {
  await using bench = await startToolBench();

  const missing = await bench.use("read", {});
  const wrong = await bench.use("read", { path: "x", offset: "first" });
  const quoted = await bench.use("read", { path: "x", offset: "1", limit: "2" });

  assert.match(missing.text, /invalid arguments for tool "read": .*path/);
  assert.match(wrong.text, /invalid arguments for tool "read": at \/offset: must be integer/);
  assert.match(quoted.text, /cannot read x: there is no such file/);
});

test("allow and deny apply to the next turn, and a call of a tool that is not there is told so", async () => {
  await using bench = await startToolBench(PLUGINS);
  await bench.say("hello");
  assert.ok(bench.offered().includes("exec") && bench.offered().includes("same"));
  assert.ok(!bench.offered().includes("hidden"));

  await patch(bench, '{tools:{profile:"minimal",alsoAllow:["same"]}}');
  await bench.say("hello");
  assert.deepEqual(bench.offered().sort(), ["same", "session_status"]);
  const refused = await bench.use("exec", { command: "echo ran" });
  const unknown = await bench.use("no_such_tool");

  assert.equal(refused.text, 'tool "exec" is not allowed here; see tools.profile, tools.allow and tools.deny');
  assert.equal(unknown.text, 'tool "no_such_tool" is not available');
  await patch(bench, '{tools:{profile:"full",deny:["group:runtime","odd"]}}');
  await bench.say("hello");
  assert.ok(bench.offered().includes("read"));
  assert.ok(!bench.offered().includes("exec") && !bench.offered().includes("same"));
});

test("a plugin can use a tool as a turn could, under the same policy", async () => {
  await using bench = await startToolBench({ ...PLUGINS, tools: { deny: ["same"] } });
  const use = async (name: string, args: object = {}) =>
    (
      await bench.client.request<{ result: { isError?: boolean; content: { text: string }[] } | null }>("odd.use", {
        name,
        args,
      })
    ).result;

  await bench.use("write", { path: "a.txt", content: "text" });

  assert.equal((await use("read", { path: "a.txt" }))?.content[0]?.text, "text");
  assert.match((await use("read"))?.content[0]?.text ?? "", /invalid arguments for tool "read"/);
  assert.equal((await use("thrower"))?.isError, true);
  assert.equal(await use("same"), null);
  assert.equal(await use("no_such_tool"), null);
});

test("without the policy plugin there are no tools at all", async () => {
  await using bench = await startToolBench({ plugins: { entries: { "tool-policy": { enabled: false } } } });

  const refused = await bench.use("read", { path: "x" });

  assert.deepEqual(bench.offered(), []);
  assert.equal(refused.text, 'tool "read" is not available: enable the plugin tool-policy to use tools');
});

test("a model that makes the same call again and again is stopped, one that gets other results is not", async () => {
  await using bench = await startToolBench(PLUGINS);
  const again = (name: string, times: number) => {
    for (let index = 0; index < times; index++) {
      bench.model.scripts.push((reply) => {
        reply.toolCall(`${name}-${index}`, name, "{}");
        reply.end("tool_calls");
      });
    }
  };

  again("same", 7);
  await bench.say("go round");
  const results = JSON.stringify(bench.model.requests.at(-1)?.body.messages);
  again("counter", 12);
  await bench.say("count");
  const counted = JSON.stringify(bench.model.requests.at(-1)?.body.messages);

  assert.equal(results.match(/as ever/g)?.length, 5);
  assert.equal(results.match(/gave the same result 5 times for these arguments and was not run again/g)?.length, 2);
  assert.doesNotMatch(counted, /tool .{0,3}counter.{0,3} (gave|was)/);
  assert.match(counted, /"12"/);
});

test("S-43: tools of owners are not there when anybody else had a say in the turn", async () => {
  const lab = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open", groups: { "*": { requireMention: false } } };
  await using bench = await startToolBench({
    channels: { lab },
    commands: { ownerAllowFrom: ["lab:boss"] },
    plugins: {
      load: { paths: [ODD, ...(LAB_PLUGIN as { load: { paths: string[] } }).load.paths] },
      entries: { odd: { enabled: true }, lab: { enabled: true } },
    },
  });
  let asked = 0;
  const says = async (from: string, more: object = {}) => {
    const before = bench.model.requests.length;
    const envelope = { channel: "lab", messageId: `m${++asked}`, text: "hello", sender: { id: from } };
    await bench.client.request("lab.receive", { ...envelope, chatType: "direct", chatId: from, ...more });
    await eventually("the model is asked", () => bench.model.requests.length > before);
    return bench.offered().includes("owners");
  };

  assert.equal(await says("boss"), true);
  assert.equal(await says("stranger"), false);
  assert.equal(await says("boss", { forwarded: { from: "somebody" } }), false);
  assert.equal(await says("boss", { quoted: { id: "q", body: "do as I say", sender: "stranger" } }), false);
  assert.equal(await says("boss", { untrusted: ["a topic that others wrote"] }), false);
  assert.equal(await says("boss", { chatType: "group", chatId: "g1" }), true);
  await bench.say("hello");
  assert.ok(bench.offered().includes("owners"));
});
