import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import type { Reply, SeenRequest } from "../fakes/openai-server.ts";
import { startToolBench } from "../tools/bench.ts";

/** Within 4,000 tokens of the threshold, which is half of the fake's window of 32,000. */
const nearlyFull = (reply: Reply): void => {
  reply.text("Fine.");
  reply.end("stop", 13_000);
};
const full = (reply: Reply): void => {
  reply.text("Fine.");
  reply.end("stop", 30_000);
};
const note = (reply: Reply): void => {
  reply.toolCall("note-1", "write", JSON.stringify({ path: "memory/notes.md", content: "They like cats.\n" }));
  reply.end("tool_calls");
};
const silent = (reply: Reply): void => {
  reply.text("NO_REPLY");
  reply.end();
};

function isFlush({ body }: SeenRequest): boolean {
  return JSON.stringify(body.messages).includes("Write what should last");
}

test("before a conversation is made shorter the agent takes notes, once, in a turn that nobody sees", async () => {
  await using bench = await startToolBench();
  mkdirSync(join(bench.workspace, "memory"));
  await bench.say("one");
  bench.model.scripts.push(nearlyFull, note, silent);

  assert.equal(await bench.say("two"), "Fine.");
  await eventually("the notes", () => readdirSync(join(bench.workspace, "memory")).includes("notes.md"));
  await eventually("its end", () => bench.model.requests.filter(isFlush).length === 2);
  bench.model.scripts.push(nearlyFull);
  await bench.say("three");

  assert.equal(readFileSync(join(bench.workspace, "memory", "notes.md"), "utf8"), "They like cats.\n");
  const [asked] = bench.model.requests.filter(isFlush);
  const tools = (asked?.body.tools ?? []) as { function: { name: string } }[];
  assert.deepEqual(tools.map((tool) => tool.function.name).toSorted(), ["edit", "read", "write"]);
  assert.match(JSON.stringify(asked?.body.messages.at(-1)), /memory\/\d{4}-\d\d-\d\d\.md/);
  assert.equal(bench.model.requests.filter(isFlush).length, 2);
  const { messages } = await bench.client.request<{ messages: object[] }>("chat.history", { sessionKey: "main" });
  assert.equal(messages.length, 6);
  assert.doesNotMatch(JSON.stringify(messages), /NO_REPLY|should last/);
});

test("a window that is full at once is flushed before the summary, and notes that fail change nothing", async () => {
  await using bench = await startToolBench();
  for (const text of ["one", "two"]) await bench.say(text);
  bench.model.scripts.push(
    full,
    (reply) => reply.fail(401, "bad key"),
    (reply) => {
      reply.text("They talked about cats.");
      reply.end();
    },
  );

  assert.equal(await bench.say("three"), "Fine.");

  const kinds = bench.model.requests.slice(2).map((one) => {
    if (isFlush(one)) return "notes";
    return JSON.stringify(one.body.messages[0]).includes("You write summaries") ? "summary" : "turn";
  });
  assert.deepEqual(kinds, ["turn", "notes", "summary"]);
});

test("no notes are taken where that is switched off, or where nothing may be written", async () => {
  const off = { agents: { defaults: { compaction: { memoryFlush: { enabled: false } } } } };
  for (const config of [off, { tools: { deny: ["write"] } }]) {
    await using bench = await startToolBench(config);
    bench.model.scripts.push(nearlyFull);
    await bench.say("one");
    await bench.say("two");
    assert.equal(bench.model.requests.filter(isFlush).length, 0);
  }
});
