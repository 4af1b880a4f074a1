import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { Reply, SeenRequest } from "../fakes/openai-server.ts";
import { ask, record } from "./asking.ts";
import type { AgentEvent } from "./asking.ts";

const TOO_LONG = "This model's maximum context length is 32000 tokens. Please reduce the length of the messages.";

function isSummary({ body }: SeenRequest): boolean {
  return JSON.stringify(body.messages[0]).includes("You write summaries");
}

function summary(reply: Reply): void {
  reply.text("They talked about cats.");
  reply.end();
}

test("an overflowing context is summarized and the question is asked once more", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  for (const text of ["one", "two", "three"]) await ask(client, text);
  const events = record<AgentEvent>(client, "agent");
  model.scripts.push((reply) => reply.fail(400, TOO_LONG), summary);

  const { status } = await ask(client, "four");

  assert.equal(status, "ok");
  const [, written, again] = model.requests.slice(3);
  assert.ok(written && isSummary(written));
  const sent = JSON.stringify(again?.body.messages);
  assert.match(sent, /They talked about cats\./);
  assert.match(sent, /four/);
  assert.doesNotMatch(sent, /\] one/);
  await eventually("the end", () =>
    events.some(({ data }) => data["phase"] === "end" && data["endedAt"] !== undefined),
  );
  assert.deepEqual(
    events.filter(({ stream }) => stream === "compaction").map(({ data }) => [data["phase"], data["willRetry"]]),
    [
      ["start", true],
      ["end", true],
    ],
  );
  const file = readFileSync(join(gateway.stateDir, "agents", "main", "sessions", "main.jsonl"), "utf8");
  const entries = file
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const compaction = entries.find(({ type }) => type === "compaction");
  assert.equal(compaction?.["summary"], "They talked about cats.");
  assert.ok(entries.some(({ id }) => id === compaction?.["firstKeptEntryId"]));
  const history = await client.request<{ messages: object[] }>("chat.history", { sessionKey: "main" });
  assert.equal(history.messages.length, 8);
});

test("a summary that fails leaves the transcript as it was and says why", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  for (const text of ["one", "two"]) await ask(client, text);
  model.scripts.push(
    (reply) => reply.fail(400, TOO_LONG),
    (reply) => reply.fail(401, "bad key"),
  );

  const { status, error } = await ask(client, "three");

  assert.equal(status, "error");
  assert.equal(error?.details?.["reason"], "compaction_failed");
  const history = await client.request<{ messages: { role: string }[] }>("chat.history", { sessionKey: "main" });
  assert.deepEqual(
    history.messages.slice(0, 5).map(({ role }) => role),
    ["user", "assistant", "user", "assistant", "user"],
  );
});

test("a conversation that nearly fills the window is made shorter after the answer", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  for (const text of ["one", "two"]) await ask(client, text);
  model.scripts.push((reply) => {
    reply.text("Fine.");
    reply.end("stop", 30_000);
  }, summary);

  const { status, result } = await ask(client, "three");

  assert.equal(status, "ok");
  assert.equal(result.payloads[0]?.text, "Fine.");
  assert.ok(model.requests.some(isSummary));
});

test("sessions.compact asks the model, with the caller's own words", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  for (const text of ["one", "two", "three"]) await ask(client, text);
  model.scripts.push(summary);

  const outcome = await client.request("sessions.compact", { key: "main", instructions: "the names of the cats" });

  assert.partialDeepStrictEqual(outcome, { ok: true, key: "agent:main:main", compacted: true });
  assert.match(JSON.stringify(model.requests.at(-1)?.body.messages), /the names of the cats/);
  const { sessions } = await client.request<{ sessions: object[] }>("sessions.list", {});
  assert.equal(sessions.length, 1);
});

test("a model without room for a conversation is refused in one sentence", async () => {
  await using model = await startFakeOpenAi();
  const config = modelConfig(model);
  const defaults = { ...config.agents.defaults, contextTokens: 8_000 };
  await using gateway = await startTestGateway({ config: { ...config, agents: { defaults } } });
  const client = await gateway.client();

  const { error } = await ask(client, "hello");

  assert.match(error?.message ?? "", /fake\/fake-1 takes 8000 tokens; a model needs at least 16000/);
  assert.equal(model.requests.length, 0);
});
