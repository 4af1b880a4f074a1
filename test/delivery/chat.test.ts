import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "openclaw/plugin-sdk";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";

interface ChatEvent {
  readonly runId: string;
  readonly sessionKey: string;
  readonly state: string;
  readonly seq: number;
  readonly message?: { readonly content: readonly { readonly text: string }[] };
}

function chatOf(client: GatewayClient): ChatEvent[] {
  const seen: ChatEvent[] = [];
  client.on("event", ({ event, payload }) => void (event === "chat" && seen.push(payload as ChatEvent)));
  return seen;
}

test("chat.send answers at once, and a repeated key tells what has become of it", async () => {
  await using model = await startFakeOpenAi();
  let finish = () => {};
  model.scripts.push((reply) => {
    reply.text("slowly");
    return new Promise<void>((resolve) => {
      finish = () => {
        reply.end();
        resolve();
      };
    });
  });
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const chat = chatOf(client);
  const send = (message = "hello") =>
    client.request("chat.send", { sessionKey: "main", message, idempotencyKey: "c-1" });

  assert.deepEqual(await send(), { runId: "c-1", status: "started" });
  assert.deepEqual(await send(), { runId: "c-1", status: "in_flight" });
  await assert.rejects(send("another"), { message: "idempotency key was used with other parameters" });
  await eventually("the model is asked", () => model.requests.length === 1);
  finish();
  await eventually("the end", () => chat.some(({ state }) => state === "final"));

  assert.deepEqual(await send(), { runId: "c-1", status: "ok" });
  assert.ok(chat.every(({ sessionKey }) => sessionKey === "agent:main:main"));
});

test("messages sent while a run is active wait for it and keep their own run id and order", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({
    config: { ...modelConfig(model), messages: { queue: { mode: "followup" } } },
  });
  const client = await gateway.client();
  const chat = chatOf(client);
  const keys = Array.from({ length: 10 }, (_, i) => `burst-${i}`);

  await Promise.all(
    keys.map((idempotencyKey, i) =>
      client.request("chat.send", { sessionKey: "new", message: `m${i}`, idempotencyKey }),
    ),
  );

  await eventually("ten ends", () => chat.filter(({ state }) => state === "final").length === 10);
  assert.deepEqual(
    chat.filter(({ state }) => state === "final").map(({ runId }) => runId),
    keys,
  );
  const { messages } = await client.request<{ messages: { role: string; content: { text: string }[] }[] }>(
    "chat.history",
    { sessionKey: "new" },
  );
  assert.deepEqual(
    messages.filter(({ role }) => role === "user").map(({ content }) => content[0]?.text),
    keys.map((_, i) => `m${i}`),
  );
});

test("a stop word stops what runs and what waits, and starts nothing", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("endless"));
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  await client.request("chat.send", { sessionKey: "main", message: "one", idempotencyKey: "s-1" });
  await client.request("chat.send", { sessionKey: "main", message: "two", idempotencyKey: "s-2" });
  await eventually("the model is asked", () => model.requests.length === 1);

  const stopped = await client.request("chat.send", { sessionKey: "main", message: " Stop ", idempotencyKey: "s-3" });

  assert.deepEqual(stopped, { ok: true, aborted: true, runIds: ["s-1", "s-2"] });
  await model.requests[0]?.closed;
  await client.request("chat.send", { sessionKey: "main", message: "three", idempotencyKey: "s-4" });
  await eventually("the next one runs", () => model.requests.length === 2);
});

test("history of an unknown session is empty, injected text is part of it, and limits are checked", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  assert.partialDeepStrictEqual(await client.request("chat.history", { sessionKey: "nobody" }), {
    sessionKey: "nobody",
    messages: [],
  });
  await assert.rejects(client.request("chat.history", { sessionKey: "main", limit: 2000 }), {
    message: "invalid chat.history params: at /limit: must be <= 1000",
  });
  await assert.rejects(client.request("chat.inject", { sessionKey: "agent:main:none", message: "x" }), {
    message: "session not found",
  });
  await assert.rejects(client.request("chat.send", { sessionKey: "main", message: "  ", idempotencyKey: "e" }), {
    message: "message or attachment required",
  });

  await client.request(
    "agent",
    { message: "hello", sessionKey: "main", idempotencyKey: "i-1" },
    { onAccepted: () => undefined },
  );
  const chat = chatOf(client);
  const { messageId } = await client.request<{ messageId: string }>("chat.inject", {
    sessionKey: "main",
    message: "note this",
    label: "note",
  });

  await eventually("the event", () => chat.length === 1);
  assert.partialDeepStrictEqual(chat, [{ runId: `inject-${messageId}`, seq: 0, state: "final" }]);
  const { messages } = await client.request<{ messages: { content: { text: string }[] }[] }>("chat.history", {
    sessionKey: "main",
    limit: 1,
  });
  assert.equal(messages[0]?.content[0]?.text, "[note]\n\nnote this");
});

test("a message sent to webchat appears in the session, and a bad session key is the sender's error", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  await client.request(
    "agent",
    { message: "hello", sessionKey: "main", idempotencyKey: "w-1" },
    { onAccepted: () => undefined },
  );

  const sent = await client.request("send", {
    channel: "webchat",
    to: "main",
    message: "delivered",
    idempotencyKey: "w-2",
  });

  assert.partialDeepStrictEqual(sent, { channel: "webchat", chatId: "agent:main:main" });
  await assert.rejects(
    client.request("send", { channel: "webchat", to: "../etc/passwd", message: "x", idempotencyKey: "w-3" }),
    (error: unknown) => error instanceof GatewayError && error.code === "INVALID_REQUEST",
  );
});

test("messages are answered while the store, the sessions and the messaging plugin are reloaded under them", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  let closed = false;
  client.on("disconnected", () => (closed = true));
  const ids = ["store", "sessions", "messaging", "agents", "chat", "webchat"];

  for (const [index, id] of ids.entries()) {
    const ask = (when: string) =>
      client.request<{ status: string }>(
        "agent",
        { message: "hello", sessionKey: "main", idempotencyKey: `${when}-${index}` },
        { onAccepted: () => undefined },
      );
    const during = ask("during");
    assert.partialDeepStrictEqual(await client.request("plugins.reload", { id }), { ok: true });
    assert.deepEqual([(await during).status, (await ask("after")).status], ["ok", "ok"], `after a reload of ${id}`);
  }

  assert.equal(closed, false);
  const { messages } = await client.request<{ messages: { role: string }[] }>("chat.history", { sessionKey: "main" });
  assert.equal(messages.filter(({ role }) => role === "user").length, ids.length * 2);
});

test("a turn that runs while messaging is reloaded is run once and its caller hears of its end", async () => {
  await using model = await startFakeOpenAi();
  let finish = () => {};
  model.scripts.push((reply) => {
    reply.text("half");
    return new Promise<void>((resolve) => {
      finish = () => {
        reply.end();
        resolve();
      };
    });
  });
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const run = client.request<{ status: string }>(
    "agent",
    { message: "hello", sessionKey: "main", idempotencyKey: "long" },
    { onAccepted: () => undefined },
  );
  await eventually("the model is asked", () => model.requests.length === 1);

  await client.request("plugins.reload", { id: "messaging" });
  await client.request("plugins.reload", { id: "messaging" });
  finish();

  assert.equal((await run).status, "ok");
  assert.equal(model.requests.length, 1);
});
