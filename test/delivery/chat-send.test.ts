import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi, Reply } from "../fakes/openai-server.ts";

interface ChatEvent {
  readonly runId: string;
  readonly state: string;
  readonly seq: number;
  readonly sessionKey: string;
  readonly stopReason?: string;
  readonly message?: { readonly content: readonly { readonly text: string }[] };
}

interface History {
  readonly sessionId?: string;
  readonly messages: readonly { readonly role: string; readonly content: readonly { text: string }[] }[];
}

interface Place extends AsyncDisposable {
  readonly model: FakeOpenAi;
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  readonly chat: ChatEvent[];
  send(message: string, idempotencyKey: string, more?: object): Promise<Record<string, unknown>>;
  history(sessionKey?: string): Promise<History>;
  ended(runId: string): Promise<ChatEvent>;
}

async function start(config: { session?: object } = {}): Promise<Place> {
  const model = await startFakeOpenAi();
  const gateway = await startTestGateway({
    config: { ...modelConfig(model), messages: { queue: { mode: "followup" } }, ...config },
  });
  const client = await gateway.client();
  const chat: ChatEvent[] = [];
  client.on("event", ({ event, payload }) => void (event === "chat" && chat.push(payload as ChatEvent)));
  return {
    model,
    gateway,
    client,
    chat,
    send: (message, idempotencyKey, more = {}) =>
      client.request("chat.send", { sessionKey: "main", message, idempotencyKey, ...more }),
    history: (sessionKey = "main") => client.request("chat.history", { sessionKey }),
    ended: (runId) =>
      eventually(`the end of ${runId}`, () => chat.find((one) => one.runId === runId && one.state !== "delta")),
    async [Symbol.asyncDispose]() {
      await client.close();
      await gateway[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}

/** Says a word and goes on when it is told to. */
function held(word: string): { script: (reply: Reply) => Promise<void>; go: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    go: resolve,
    async script(reply) {
      reply.text(word);
      await promise;
      reply.end();
    },
  };
}

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test("an image comes into the media store; what is no image is named to the agent", async () => {
  await using place = await start();
  const pdf = Buffer.from("%PDF-1.7").toString("base64");
  const attachments = [
    { type: "image", content: PNG },
    { fileName: "a.pdf", content: pdf },
  ];

  assert.deepEqual(await place.send("see", "a-1", { attachments }), { runId: "a-1", status: "started" });

  await place.ended("a-1");
  const stored = readdirSync(join(place.gateway.stateDir, "media", "inbound"));
  assert.match(stored.join(), /^[0-9a-f]{32}\.png$/);
  assert.deepEqual(
    (await place.history()).messages[0]?.content[0]?.text,
    "see\n[attachment left out: a.pdf is no image]",
  );
  assert.ok(JSON.stringify(place.model.requests[0]?.body.messages).includes(PNG), "the model sees the image");
  assert.deepEqual(await place.send("see", "a-1", { attachments }), { runId: "a-1", status: "ok" });
  await assert.rejects(place.send("see", "a-2", { attachments: [{ type: "image", content: "***" }] }), {
    message: "Error: attachment image: invalid base64 content",
  });
});

test("an attachment alone is a message, nothing at all is none", async () => {
  await using place = await start();

  await place.send("", "a-1", { attachments: [{ content: PNG }] });

  await place.ended("a-1");
  await assert.rejects(place.send(" \n", "a-2"), { message: "message or attachment required" });
  await assert.rejects(place.send("", "a-3", { attachments: [] }), { message: "message or attachment required" });
});

test("a burst keeps its order and its run ids, says its place, and ends each run once", async () => {
  await using place = await start();
  const first = held("one");
  place.model.scripts.push(first.script);
  await place.send("m0", "b-0");
  await eventually("the model is asked", () => place.model.requests.length === 1);

  const answers = await Promise.all(Array.from({ length: 9 }, (_, at) => place.send(`m${at + 1}`, `b-${at + 1}`)));
  first.go();

  assert.deepEqual(answers[0], { runId: "b-1", status: "started", queued: { mode: "followup", position: 1 } });
  const runs = Array.from({ length: 10 }, (_, at) => `b-${at}`);
  await place.ended("b-9");
  const ends = place.chat.filter(({ state }) => state !== "delta");
  assert.deepEqual(
    ends.map(({ runId, state }) => [runId, state]),
    runs.map((runId) => [runId, "final"]),
  );
});

test("stopping a session ends what runs and what waits, each of them once and at once", async () => {
  await using place = await start();
  place.model.scripts.push(held("one").script);
  for (const run of ["s-1", "s-2", "s-3"]) await place.send(run, run);
  await eventually("a delta", () => place.chat.some(({ state }) => state === "delta"));

  const stopped = await place.client.request("chat.abort", { sessionKey: "agent:main:main" });

  assert.deepEqual(stopped, { ok: true, aborted: true, runIds: ["s-1", "s-2", "s-3"] });
  await place.send("after", "s-4");
  await place.ended("s-4");
  assert.deepEqual(
    place.chat
      .filter(({ state }) => state !== "delta")
      .map(({ runId, state, stopReason }) => [runId, state, stopReason]),
    [
      ["s-1", "aborted", "rpc"],
      ["s-2", "aborted", "rpc"],
      ["s-3", "aborted", "rpc"],
      ["s-4", "final", undefined],
    ],
  );
  const last = place.chat.filter(({ runId }) => runId === "s-1");
  assert.ok((last.at(-1)?.seq ?? 0) > (last.at(-2)?.seq ?? 0));
  assert.deepEqual(await place.client.request("chat.abort", { sessionKey: "main", runId: "s-1" }), {
    ok: true,
    aborted: false,
    runIds: [],
  });
});

test("one run is stopped without those that wait, and only by its own session", async () => {
  await using place = await start();
  const first = held("one");
  place.model.scripts.push(first.script);
  await place.send("one", "r-1");
  await place.send("two", "r-2");
  await eventually("the model is asked", () => place.model.requests.length === 1);
  const abort = (sessionKey: string, runId: string) => place.client.request("chat.abort", { sessionKey, runId });

  for (const runId of ["r-1", "r-2"]) {
    await assert.rejects(abort("agent:main:other", runId), { message: "runId does not match sessionKey" });
  }
  assert.deepEqual(await abort("main", "r-1"), { ok: true, aborted: true, runIds: ["r-1"] });

  assert.equal((await place.ended("r-2")).state, "final");
});

test("a silent answer ends its run without a message, and is in no history", async () => {
  await using place = await start();
  place.model.scripts.push((reply) => {
    for (const part of ["NO", "_RE", "PLY"]) reply.text(part);
    reply.end();
  });

  await place.send("hello", "n-1");

  const end = await place.ended("n-1");
  assert.deepEqual([end.state, end.message], ["final", undefined]);
  assert.deepEqual(
    place.chat.filter(({ state }) => state === "delta"),
    [],
  );
  assert.deepEqual(
    (await place.history()).messages.map(({ role }) => role),
    ["user"],
  );
});

test("/new begins another session and answers what is left of the message", async () => {
  await using place = await start();
  await place.send("before", "n-0");
  await place.ended("n-0");
  const before = await place.history();

  await place.send("/new hello", "n-1");

  assert.equal((await place.ended("n-1")).state, "final");
  const after = await place.history();
  assert.notEqual(after.sessionId, before.sessionId);
  assert.deepEqual(
    after.messages.map(({ role, content }) => [role, content[0]?.text]),
    [
      ["user", "hello"],
      ["assistant", "Hello from the fake model."],
    ],
  );
});

test("/new stops what runs and waits, and is not stopped with it", async () => {
  await using place = await start();
  place.model.scripts.push(held("one").script);
  await place.send("one", "n-1");
  await place.send("two", "n-2");
  await eventually("the model is asked", () => place.model.requests.length === 1);

  await place.send("/new", "n-3");

  assert.equal((await place.ended("n-3")).state, "final");
  assert.deepEqual([(await place.ended("n-1")).state, (await place.ended("n-2")).state], ["aborted", "aborted"]);
});

test("a session whose policy denies is not sent to, by its own word or that of the configuration", async () => {
  await using place = await start({
    session: { sendPolicy: { rules: [{ action: "deny", match: { chatType: "group" } }] } },
  });
  const message = "send blocked by session policy";
  await place.client.request("sessions.patch", { key: "main", sendPolicy: "deny" });

  await assert.rejects(place.send("hello", "p-1"), { code: "INVALID_REQUEST", message });
  await assert.rejects(place.send("hello", "p-2", { sessionKey: "telegram:group:1" }), { message });

  await place.client.request("sessions.patch", { key: "main", sendPolicy: null });
  await place.send("hello", "p-3");
  await place.ended("p-3");
});

/** Session keys that lead nowhere, and what is said of them. */
const HOSTILE: readonly (readonly [key: string, message: RegExp])[] = [
  ["../../etc/passwd", /has a control character, \/ or \\ in it/],
  ["agent:main:..\\..\\x", /has a control character, \/ or \\ in it/],
  ["agent:main:a\u0000b", /has a control character/],
  ["agent:main:", /names an agent and no conversation/],
  [`agent:main:${"k".repeat(10_240)}`, /is longer than 512 characters/],
  ["k".repeat(10_240), /is longer than 512 characters/],
  ["agent:ghost:main", /unknown agent id "ghost"; see agents\.list/],
  ["agent:../../x:main", /has a control character, \/ or \\ in it/],
];

test("keys that lead nowhere are refused by every method, and nothing is touched", async () => {
  await using place = await start();
  const { client, gateway } = place;
  const before = readdirSync(join(gateway.stateDir, "agents"));

  for (const [key, message] of HOSTILE) {
    await assert.rejects(place.send("x", `h-${key.length}`, { sessionKey: key }), { code: "INVALID_REQUEST", message });
    for (const [method, params] of [
      ["sessions.patch", { key, label: "x" }],
      ["sessions.reset", { key }],
    ] as const) {
      await assert.rejects(client.request(method, params), { code: "INVALID_REQUEST", message });
    }
    if (key.includes("ghost")) continue;
    for (const [method, params] of [
      ["sessions.delete", { key }],
      ["sessions.compact", { key }],
      ["sessions.resolve", { key }],
      ["chat.history", { sessionKey: key }],
      ["chat.abort", { sessionKey: key }],
      ["chat.inject", { sessionKey: key, message: "x" }],
    ] as const) {
      await assert.rejects(client.request(method, params), { code: "INVALID_REQUEST" });
    }
    const { previews } = await client.request<{ previews: { status: string }[] }>("sessions.preview", { keys: [key] });
    assert.deepEqual(
      previews.map(({ status }) => status),
      ["error"],
    );
  }

  assert.deepEqual(readdirSync(join(gateway.stateDir, "agents")), before);
  assert.equal((await client.request<{ count: number }>("sessions.list", {})).count, 0);
});

test("a session id with path parts stays in its folder", async () => {
  await using place = await start();
  await place.send("hello", "i-1", { sessionKey: "agent:main:x..y%2f..%2fz" });
  await place.ended("i-1");

  const { messages, sessionId } = await place.history("agent:main:x..y%2f..%2fz");

  assert.equal(messages.length, 2);
  const file = join(place.gateway.stateDir, "agents", "main", "sessions", `${sessionId}.jsonl`);
  assert.ok(existsSync(file) && readFileSync(file, "utf8").includes('"sessionKey":"agent:main:x..y%2f..%2fz"'));
});

test("a message that runs while the chat plugin is reloaded is answered, and its end is told once", async () => {
  await using place = await start();
  const first = held("all of it");
  place.model.scripts.push(first.script);
  await place.send("hello", "g-1");
  await place.send("again", "g-2");
  await eventually("a delta", () => place.chat.some(({ state }) => state === "delta"));

  await place.client.request("plugins.reload", { id: "chat" });
  first.go();

  const end = await place.ended("g-1");
  assert.deepEqual([end.state, end.message?.content[0]?.text], ["final", "all of it"]);
  await place.ended("g-2");
  assert.equal(place.chat.filter(({ runId, state }) => runId === "g-1" && state !== "delta").length, 1);
  assert.deepEqual(await place.send("hello", "g-1"), { runId: "g-1", status: "ok" });
});

test("a message that runs while the agents plugin is reloaded has one answer in its session, told once", async () => {
  await using place = await start();
  const first = held("all of it");
  place.model.scripts.push(first.script);
  await place.send("hello", "h-1");
  await eventually("a delta", () => place.chat.some(({ state }) => state === "delta"));

  const reloading = place.client.request("plugins.reload", { id: "agents" }, { timeoutMs: 30_000 });
  first.go();
  await place.ended("h-1");
  await reloading;

  assert.deepEqual(await place.send("hello", "h-1"), { runId: "h-1", status: "ok" });
  const { messages } = await place.client.request<{ messages: { role: string }[] }>("chat.history", {
    sessionKey: "main",
  });
  assert.deepEqual(
    messages.map(({ role }) => role),
    ["user", "assistant"],
  );
  assert.equal(place.chat.filter(({ runId, state }) => runId === "h-1" && state !== "delta").length, 1);
  assert.partialDeepStrictEqual(await place.client.request("agent.wait", { runId: "h-1" }), { status: "ok" });
});
