import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { GatewayClient } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

async function connect({ port }: TestHome): Promise<GatewayClient> {
  const client = new GatewayClient({
    url: `ws://127.0.0.1:${port}`,
    token: TOKEN,
    client: { id: "test", version: "1", platform: "test", mode: "test" },
  });
  await client.connect();
  return client;
}

interface Message {
  readonly role: string;
  readonly content: readonly { readonly text: string }[];
}

async function history(client: GatewayClient): Promise<Message[]> {
  return (await client.request<{ messages: Message[] }>("chat.history", { sessionKey: "main" })).messages;
}

test("kill -9 in the middle of a turn loses no accepted message and leaves a readable transcript", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("half an answ"));
  using home = await testHome({ ...modelConfig(model), messages: { queue: { mode: "followup" } } });
  const first = await startGateway(home);
  const before = await connect(home);
  await before.request("chat.send", { sessionKey: "main", message: "one", idempotencyKey: "k-1" });
  await before.request("chat.send", { sessionKey: "main", message: "two", idempotencyKey: "k-2" });
  await before.request("chat.send", { sessionKey: "main", message: "three", idempotencyKey: "k-3" });
  await eventually("the first turn streams", () => model.requests.length === 1);

  first.kill("SIGKILL");
  await first.ended;
  await before.close();
  await using _second = await startGateway(home);
  const after = await connect(home);

  const messages = await eventually("every message is answered", async () => {
    const all = await history(after);
    return all.filter(({ role }) => role === "assistant").length === 3 && all;
  });
  assert.deepEqual(
    messages.map(({ role, content }) => [role, content[0]?.text]),
    ["one", "two", "three"].flatMap((text) => [
      ["user", text],
      ["assistant", "Hello from the fake model."],
    ]),
  );
  const sessions = join(home.stateDir, "agents", "main", "sessions");
  const [file] = readdirSync(sessions).filter((name) => name.endsWith(".jsonl") && name !== "main.jsonl");
  for (const line of readFileSync(join(sessions, file as string), "utf8")
    .trim()
    .split("\n"))
    assert.ok(JSON.parse(line));
  for (const key of ["k-1", "k-2", "k-3"]) {
    const repeated = {
      sessionKey: "main",
      message: { "k-1": "one", "k-2": "two", "k-3": "three" }[key],
      idempotencyKey: key,
    };
    // An answer is in the transcript a moment before its message is at an end.
    const answer = await eventually(`${key} is at an end`, async () => {
      const one = await after.request<{ status: string }>("chat.send", repeated);
      return one.status !== "in_flight" && one;
    });
    assert.deepEqual(answer, { runId: key, status: "ok" });
  }
  assert.equal(model.requests.length, 4);
  await after.close();
});

test("messages that were sent in one breath keep their order across a kill", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("half an answ"));
  using home = await testHome({ ...modelConfig(model), messages: { queue: { mode: "followup" } } });
  const first = await startGateway(home);
  const before = await connect(home);
  const words = Array.from({ length: 12 }, (_, n) => `message ${n}`);
  await Promise.all(
    words.map((message, n) =>
      before.request("chat.send", { sessionKey: "main", message, idempotencyKey: `burst-${n}` }),
    ),
  );
  await eventually("the first turn streams", () => model.requests.length === 1);

  first.kill("SIGKILL");
  await first.ended;
  await before.close();
  await using _second = await startGateway(home);
  const after = await connect(home);

  const messages = await eventually(
    "every message is answered",
    async () => {
      const all = await history(after);
      return all.filter(({ role }) => role === "assistant").length === words.length && all;
    },
    10_000,
  );
  const asked = messages.filter(({ role }) => role === "user").map(({ content }) => content[0]?.text);
  assert.deepEqual(asked, words);
  await after.close();
});

test("a turn that had used a tool when the process died is ended as interrupted and not run again", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push(
    (reply) => {
      reply.toolCall("call-1", "dice", '{"sides":6}');
      reply.end("tool_calls");
    },
    (reply) => reply.text("I rolled"),
  );
  const dice = join(import.meta.dirname, "..", "agents", "dice");
  const plugins = { load: { paths: [dice] }, entries: { dice: { enabled: true } } };
  using home = await testHome({ ...modelConfig(model), plugins });
  const first = await startGateway(home);
  const before = await connect(home);
  await before.request("chat.send", { sessionKey: "main", message: "roll", idempotencyKey: "tool-1" });
  await eventually("the tool has run", () => model.requests.length === 2);

  first.kill("SIGKILL");
  await first.ended;
  await before.close();
  await using _second = await startGateway(home);
  const after = await connect(home);

  const repeated = await eventually("the end is recorded", async () => {
    const answer = await after.request<{ status: string; summary?: string }>("chat.send", {
      sessionKey: "main",
      message: "roll",
      idempotencyKey: "tool-1",
    });
    return answer.status === "error" && answer;
  });
  assert.match(repeated.summary ?? "", /interrupted by a restart/);
  assert.equal(model.requests.length, 2);
  await after.close();
});

test("SIGTERM lets a turn come to its end within the budget, and the answer is there after the next start", async () => {
  await using model = await startFakeOpenAi();
  let finish = () => {};
  model.scripts.push((reply) => {
    reply.text("Hello");
    return new Promise<void>((resolve) => {
      finish = () => {
        reply.end();
        resolve();
      };
    });
  });
  using home = await testHome({ ...modelConfig(model), messages: { queue: { mode: "followup" } } });
  const first = await startGateway(home);
  const before = await connect(home);
  await before.request("chat.send", { sessionKey: "main", message: "one", idempotencyKey: "k-1" });
  await eventually("the turn streams", () => model.requests.length === 1);

  const told = new Promise<void>((resolve) => before.on("event", ({ event }) => event === "shutdown" && resolve()));
  first.kill("SIGTERM");
  setImmediate(finish);
  await told;

  assert.equal((await first.ended).code, 0);
  await before.close();
  await using _second = await startGateway(home);
  const after = await connect(home);
  assert.deepEqual(
    (await history(after)).map(({ content }) => content[0]?.text),
    ["one", "Hello"],
  );
  assert.equal(model.requests.length, 1);
  await after.close();
});

test("a turn that outlasts the stop's budget is run again after the next start, and leaves no half answer", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("half an answ"));
  using home = await testHome({ ...modelConfig(model), gateway: { shutdownTimeoutMs: 100 } });
  const first = await startGateway(home);
  const before = await connect(home);
  await before.request("chat.send", { sessionKey: "main", message: "one", idempotencyKey: "k-1" });
  await before.request("chat.send", { sessionKey: "main", message: "two", idempotencyKey: "k-2" });
  await eventually("the first turn streams", () => model.requests.length === 1);

  first.kill("SIGTERM");

  assert.equal((await first.ended).code, 0);
  await before.close();
  await using _second = await startGateway(home);
  const after = await connect(home);
  const messages = await eventually("both are answered", async () => {
    const all = await history(after);
    return all.length === 4 && all;
  });
  const answer = "Hello from the fake model.";
  assert.deepEqual(
    messages.map(({ content }) => content[0]?.text),
    ["one", answer, "two", answer],
  );
  await after.close();
});
