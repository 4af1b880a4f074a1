import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startToolBench } from "../tools/bench.ts";

const plugins = { load: { paths: [join(import.meta.dirname, "listener")] }, entries: { listener: { enabled: true } } };

test("plugins change what a turn is made of: files, messages, results and what is said", async () => {
  await using bench = await startToolBench({ plugins });

  const used = await bench.use("session_status");
  const said = await bench.say("hello");

  assert.equal(used.text, "kept short");
  assert.equal(said, "HELLO FROM THE FAKE MODEL.");
  const [first, second] = bench.model.requests;
  assert.match(JSON.stringify(first?.body.messages[0]), /EXTRA\.md[^]*Say please\./);
  assert.doesNotMatch(JSON.stringify(first?.body.messages[0]), /## SOUL\.md/);
  assert.match(JSON.stringify(first?.body.messages.at(-1)), /\(whisper\)/);
  assert.match(JSON.stringify(second?.body.messages), /kept short/);
  const { messages } = await bench.client.request<{ messages: object[] }>("chat.history", { sessionKey: "main" });
  assert.doesNotMatch(JSON.stringify(messages), /whisper/);
});

test("plugins hear of each model call and of conversations that are made shorter", async () => {
  await using bench = await startToolBench({ plugins });
  for (const text of ["one", "two", "three"]) await bench.say(text);

  await bench.client.request("sessions.compact", { key: "main" });

  const { heard } = await bench.client.request<{ heard: string[] }>("listener.heard", {});
  assert.deepEqual(heard, [
    ...Array.from({ length: 3 }, () => ["model call", "finish"]).flat(),
    "before compaction",
    "after compaction",
  ]);
});
