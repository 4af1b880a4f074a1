import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Sessions, SystemEvents } from "openclaw/plugin-sdk";
import { createTestHost, eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { GatewayClient } from "openclaw/plugin-sdk";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import systemEvents from "../../plugins/methods/system-events/index.ts";

/** Without heartbeats, which would look at what waits. */
const QUIET = { agents: { defaults: { heartbeat: { every: "0m" } } } };

const queued = async (client: GatewayClient) =>
  (await client.request<{ queuedSystemEvents: string[] }>("status")).queuedSystemEvents;

interface Row {
  readonly message?: { readonly role: string; readonly content: readonly { readonly text: string }[] };
}

/** What the model was given as the user's words. */
function userTexts({ stateDir }: TestGateway): string[] {
  const lines = readFileSync(join(stateDir, "agents", "main", "sessions", "main.jsonl"), "utf8")
    .trim()
    .split("\n");
  const messages = lines.map((line) => (JSON.parse(line) as Row).message);
  return messages.flatMap((message) => (message?.role === "user" ? (message.content[0]?.text ?? "") : []));
}

async function turn(client: GatewayClient, message: string, idempotencyKey: string): Promise<void> {
  const params = { message, sessionKey: "main", idempotencyKey };
  await client.request("agent", params, { onAccepted: () => undefined });
}

test("what wakes the agent stands before its next prompt, once", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  assert.deepEqual(await client.request("wake", { mode: "next-heartbeat", text: " the parcel came " }), { ok: true });
  await client.request("system-event", { text: "a plain note" });
  assert.deepEqual(await queued(client), ["the parcel came", "a plain note"]);
  await turn(client, "hello", "first");
  assert.deepEqual(await queued(client), []);
  await turn(client, "hello again", "second");

  const [first, second] = userTexts(gateway);
  assert.match(first ?? "", /^System: \[.*Z\] the parcel came\nSystem: \[.*Z\] a plain note\n\n(.*)hello$/);
  assert.doesNotMatch(second ?? "", /System:/);
});

test("a node line is only told when it says something new", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const say = (rest: string) =>
    client.request("system-event", { text: `Node: mac (10.0.0.5) · ${rest}`, deviceId: "d" });

  await say("app 1.2.3 · last input 12s ago · mode local · reason launch");
  await say("app 1.2.3 · last input 40s ago · mode local · reason launch");
  await say("app 1.2.3 · mode local · reason periodic");
  await say("app 1.2.4 · mode local · reason heartbeat");
  await say("app 1.2.4 · mode remote · reason settings");

  assert.deepEqual(await queued(client), [
    "Node: mac (10.0.0.5) · app 1.2.3 · mode local · reason launch",
    "Node: mac · app 1.2.4",
    "Node: mac · mode remote · reason settings",
  ]);
});

test("twenty texts wait at most, and a repeat of the last one is not added", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  for (let n = 0; n < 23; n++) await client.request("wake", { mode: "next-heartbeat", text: `event ${n}` });
  await client.request("wake", { mode: "next-heartbeat", text: "event 22" });

  const texts = await queued(client);
  assert.deepEqual([texts.length, texts[0], texts.at(-1)], [20, "event 3", "event 22"]);
});

test("what waits is there after a restart", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-events-"));
  try {
    {
      await using gateway = await startTestGateway({ home, config: {} });
      const client = await gateway.client();
      await client.request("wake", { mode: "next-heartbeat", text: "remember me" });
      const path = join(gateway.stateDir, "system-events.json");
      assert.match(readFileSync(path, "utf8"), /remember me/);
    }
    await using gateway = await startTestGateway({ home });
    const client = await gateway.client();

    await eventually("the queue", async () => (await queued(client)).includes("remember me"));
  } finally {
    rmSync(home, { recursive: true });
  }
});

test("the note that a restart left is told to its session, and removed", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-note-"));
  const path = join(home, ".openclaw", "restart-sentinel.json");
  const leave = (content: string) => {
    mkdirSync(join(home, ".openclaw"), { recursive: true });
    writeFileSync(path, content);
  };
  const note = (ts: number) => {
    const payload = { kind: "config-patch", status: "ok", ts, message: "as asked", stats: { mode: "config.patch" } };
    return JSON.stringify({ version: 1, payload });
  };
  const told = async () => {
    await using gateway = await startTestGateway({ home, config: QUIET });
    const texts = await queued(await gateway.client());
    assert.throws(() => readFileSync(path), /ENOENT/);
    return texts;
  };
  try {
    leave(note(Date.now() - 3_700_000));
    assert.deepEqual(await told(), [], "too old");
    leave('{"version":1,"payl');
    assert.deepEqual(await told(), [], "cut off");
    leave(note(Date.now()));
    assert.deepEqual(await told(), ["The gateway has restarted after config.patch (ok): as asked"]);
  } finally {
    rmSync(home, { recursive: true });
  }
});

/** Enough of the sessions plugin for keys. */
const SESSIONS = {
  mainKey: () => "agent:main:main",
  parseKey: (key: string) => ({ canonical: key.startsWith("agent:") ? key : `agent:main:${key}` }),
};
const host = () => createTestHost(systemEvents, { services: [[Sessions, SESSIONS]] });

test("whoever runs heartbeats hears of a wake and says how it ended", async () => {
  await using alone = await host();
  const woken: unknown[] = [];
  alone.hooksOf(SystemEvents).wake.tap("heartbeat", (request) => void woken.push(request));

  await alone.call("wake", { mode: "now", text: "look" });
  assert.deepEqual(woken, [{ mode: "now", reason: "wake", sessionKey: "agent:main:main" }]);

  assert.equal(await alone.call("last-heartbeat"), null);
  const ended = { ts: 5, status: "ok-token", durationMs: 7 } as const;
  alone.use(SystemEvents).heartbeatEnded(ended);
  assert.deepEqual(await alone.call("last-heartbeat"), ended);
  assert.deepEqual(alone.events, [{ name: "heartbeat", payload: ended }]);
});

test("heartbeats are switched off and on until the gateway ends", async () => {
  await using alone = await host();
  const isOn = () => alone.use(SystemEvents).heartbeatsEnabled();

  assert.equal(isOn(), true);
  assert.deepEqual(await alone.call("set-heartbeats", { enabled: false }), { ok: true, enabled: false });
  assert.equal(isOn(), false);
  assert.deepEqual(await alone.call("set-heartbeats", { enabled: true }), { ok: true, enabled: true });
  assert.equal(isOn(), true);
});

const REFUSED: readonly (readonly [string, object, RegExp])[] = [
  ["set-heartbeats", {}, /^invalid set-heartbeats params: enabled \(boolean\) required$/],
  ["set-heartbeats", { enabled: "yes" }, /^invalid set-heartbeats params: enabled \(boolean\) required$/],
  ["wake", {}, /^invalid wake params: must have required property 'mode'; must have required property 'text'$/],
  ["wake", { mode: "now", text: "" }, /^invalid wake params: at \/text: must NOT have fewer than 1 characters$/],
  ["wake", { mode: "now", text: "x", extra: 1 }, /^invalid wake params: at root: unexpected property 'extra'$/],
  ["wake", { mode: "soon", text: "x" }, /^invalid wake params: at \/mode: must be /],
];
for (const [method, params, text] of REFUSED) {
  test(`${method} ${JSON.stringify(params)} is refused`, async () => {
    await using alone = await host();

    await assert.rejects(alone.call(method, params), (error: Error) => text.test(error.message));
  });
}

test("a blank text wakes nobody", async () => {
  await using alone = await host();

  assert.deepEqual(await alone.call("wake", { mode: "now", text: "  " }), { ok: false });
  assert.deepEqual(alone.use(SystemEvents).pending(), []);
});

test("a plugin queues for another session by any spelling of its key", async () => {
  await using alone = await host();
  const events = alone.use(SystemEvents);

  assert.equal(await events.enqueue("done", { sessionKey: "work", contextKey: "exec" }), true);
  assert.equal(await events.enqueue("done", { sessionKey: "agent:main:work" }), false);
  assert.deepEqual(
    events.pending("agent:main:work").map(({ text, contextKey }) => ({ text, contextKey })),
    [{ text: "done", contextKey: "exec" }],
  );
});

test("a source that says much gives way to the others, and keeps its own newest", async () => {
  await using alone = await host();
  const events = alone.use(SystemEvents);
  await events.enqueue("from nobody");
  for (let n = 0; n < 30; n++) await events.enqueue(`page ${n}`, { contextKey: "canvas" });
  for (let n = 0; n < 12; n++) await events.enqueue(`job ${n}`, { contextKey: `cron:${n}` });

  const texts = events.pending().map(({ text }) => text);

  const pages = Array.from({ length: 9 }, (_, n) => `page ${n + 21}`);
  const jobs = Array.from({ length: 10 }, (_, n) => `job ${n + 2}`);
  assert.deepEqual(texts, ["from nobody", ...pages, ...jobs]);
});
