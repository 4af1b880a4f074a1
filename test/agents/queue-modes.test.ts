import assert from "node:assert/strict";
import { test } from "node:test";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { join } from "node:path";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi, Reply, SeenRequest } from "../fakes/openai-server.ts";
import { record } from "./asking.ts";

interface ChatEvent {
  readonly runId: string;
  readonly state: string;
  readonly stopReason?: string;
  readonly mergedInto?: string;
}

const DICE = { load: { paths: [join(import.meta.dirname, "dice")] }, entries: { dice: { enabled: true } } };

async function gatewayWith(model: FakeOpenAi, queue: object) {
  const config = { ...modelConfig(model), messages: { queue: { debounceMs: 50, ...queue } }, plugins: DICE };
  const gateway = await startTestGateway({ config });
  return { gateway, client: await gateway.client(), [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

function send(client: GatewayClient, message: string): Promise<object> {
  return client.request("chat.send", { sessionKey: "main", message, idempotencyKey: message.replaceAll(/\W/g, "-") });
}

/** A script that waits until the test lets it go on. */
function gate(then: (reply: Reply) => void) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    open: resolve,
    script: async (reply: Reply) => {
      await promise;
      then(reply);
    },
  };
}

function answer(reply: Reply): void {
  reply.text("done");
  reply.end();
}

/** What the user said in a request, newest last. */
function said({ body }: SeenRequest): string {
  return JSON.stringify(body.messages.filter(({ role }) => role === "user"));
}

function ends(events: readonly ChatEvent[]): ChatEvent[] {
  return events.filter(({ state }) => state !== "delta");
}

test("collect: what comes during a turn is answered together, and each message has its end", async () => {
  await using model = await startFakeOpenAi();
  const first = gate(answer);
  model.scripts.push(first.script);
  await using place = await gatewayWith(model, {});
  const events = record<ChatEvent>(place.client, "chat");
  await send(place.client, "one");
  await eventually("the first is asked", () => model.requests.length === 1);

  const queued = await send(place.client, "two");
  await send(place.client, "three");
  first.open();

  assert.partialDeepStrictEqual(queued, { status: "started", queued: { mode: "collect", position: 1 } });
  await eventually("all have ended", () => ends(events).length === 3);
  assert.equal(model.requests.length, 2);
  assert.match(said(model.requests[1] as SeenRequest), /\[\w{3} [^\]]+\] two.*\[\w{3} [^\]]+\] three/);
  assert.partialDeepStrictEqual(
    events.find(({ runId }) => runId === "three"),
    { state: "final", stopReason: "collected", mergedInto: "two" },
  );
  for (const text of ["two", "three"])
    assert.partialDeepStrictEqual(await send(place.client, text), { status: "ok" }, "a repeat is the same request");
});

test("followup: each message has a turn of its own, in order", async () => {
  await using model = await startFakeOpenAi();
  const first = gate(answer);
  model.scripts.push(first.script);
  await using place = await gatewayWith(model, { mode: "followup" });
  const events = record<ChatEvent>(place.client, "chat");
  for (const text of ["one", "two", "three"]) await send(place.client, text);
  first.open();

  await eventually("all have ended", () => ends(events).length === 3);

  assert.deepEqual(
    ends(events).map(({ runId, state }) => [runId, state]),
    [
      ["one", "final"],
      ["two", "final"],
      ["three", "final"],
    ],
  );
  assert.equal(model.requests.length, 3);
});

for (const { mode, requests } of [
  { mode: "steer", requests: 2 },
  { mode: "steer-backlog", requests: 3 },
]) {
  test(`${mode}: a running turn is told at its next tool call, which is not made`, async () => {
    await using model = await startFakeOpenAi();
    const first = gate((reply) => {
      reply.toolCall("call-1", "dice", '{"sides":6}');
      reply.end("tool_calls");
    });
    model.scripts.push(first.script);
    await using place = await gatewayWith(model, { mode });
    const events = record<ChatEvent>(place.client, "chat");
    await send(place.client, "roll");
    await eventually("the first is asked", () => model.requests.length === 1);
    await send(place.client, "stop rolling");
    first.open();

    await eventually("both have ended", () => ends(events).length === 2);

    assert.equal(model.requests.length, requests);
    assert.match(said(model.requests[1] as SeenRequest), /stop rolling/);
  });
}

test("steer: a message that comes during the last answer has a turn of its own", async () => {
  await using model = await startFakeOpenAi();
  const first = gate(answer);
  model.scripts.push(first.script);
  await using place = await gatewayWith(model, { mode: "steer" });
  const events = record<ChatEvent>(place.client, "chat");
  await send(place.client, "one");
  await eventually("the first is asked", () => model.requests.length === 1);
  await send(place.client, "two");
  first.open();

  await eventually("both have ended", () => ends(events).length === 2);

  assert.equal(model.requests.length, 2);
});

test("interrupt: the running turn is stopped, what waited is dropped, the newest is answered", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("a long answer"));
  await using place = await gatewayWith(model, { mode: "interrupt" });
  const events = record<ChatEvent>(place.client, "chat");
  await send(place.client, "one");
  await eventually("the first is asked", () => model.requests.length === 1);

  await send(place.client, "two");

  await model.requests[0]?.closed;
  await eventually("both have ended", () => ends(events).length === 2);
  assert.deepEqual(
    ends(events).map(({ runId, state }) => [runId, state]),
    [
      ["one", "aborted"],
      ["two", "final"],
    ],
  );
});

for (const { drop, dropped, told } of [
  { drop: "old", dropped: "two", told: /\] three/ },
  { drop: "new", dropped: "four", told: /\] two.*\] three/ },
  { drop: "summarize", dropped: "two", told: /left out, because too many came.*- two.*\] three/ },
]) {
  test(`too many messages, drop ${drop}: one ends as dropped`, async () => {
    await using model = await startFakeOpenAi();
    const first = gate(answer);
    model.scripts.push(first.script);
    await using place = await gatewayWith(model, { cap: 2, drop });
    const events = record<ChatEvent>(place.client, "chat");
    await send(place.client, "one");
    await eventually("the first is asked", () => model.requests.length === 1);
    for (const text of ["two", "three", "four"]) await send(place.client, text);
    await eventually("one is dropped", () => ends(events).some(({ stopReason }) => stopReason === "dropped"));
    first.open();

    await eventually("all have ended", () => ends(events).length === 4);

    assert.equal(events.find(({ stopReason }) => stopReason === "dropped")?.runId, dropped);
    assert.match(said(model.requests[1] as SeenRequest), told);
  });
}

test("/queue sets the mode of a session and tells it", async () => {
  await using model = await startFakeOpenAi();
  await using place = await gatewayWith(model, {});
  const texts = record<{ message?: { content: { text: string }[] } }>(place.client, "chat");
  for (const text of ["/queue steer debounce:2s cap:5 drop:old", "/queue sideways", "/queue default"]) {
    await send(place.client, text);
  }

  await eventually("three answers", () => texts.length === 3);

  const answers = texts.map(({ message }) => message?.content[0]?.text ?? "");
  assert.ok(answers.includes("Queue set: steer, debounce 2000 ms, cap 5, drop old."));
  assert.ok(answers.some((text) => text.startsWith('"sideways" is not known.')));
  assert.ok(answers.includes("Queue set: collect, debounce 50 ms, cap 20, drop summarize."));
});

test("messages.queue.debounceMsByChannel goes before debounceMs", async () => {
  await using model = await startFakeOpenAi();
  await using place = await gatewayWith(model, { debounceMsByChannel: { webchat: 70, telegram: 9 } });
  const events = record<ChatEvent & { message?: object }>(place.client, "chat");

  await send(place.client, "/queue");

  const { message } = await eventually("its answer", () => ends(events)[0] as (typeof events)[number] | undefined);
  assert.match(JSON.stringify(message), /collect, debounce 70 ms, cap 20/);
});

test("a message that was taken into another has had its end when that one is aborted", async () => {
  await using model = await startFakeOpenAi();
  const first = gate(answer);
  const second = gate(answer);
  model.scripts.push(first.script, second.script);
  await using place = await gatewayWith(model, {});
  const events = record<ChatEvent>(place.client, "chat");
  await send(place.client, "one");
  await eventually("the first turn runs", () => model.requests.length === 1);
  await send(place.client, "two");
  await send(place.client, "three");
  first.open();
  await eventually("the others are answered together", () => model.requests.length === 2);
  await eventually("one is told of it", () => events.some(({ stopReason }) => stopReason === "collected"));

  await place.client.request("chat.abort", { sessionKey: "main" });
  second.open();
  await send(place.client, "four");
  await eventually("the next is answered", () =>
    ends(events).some(({ runId, state }) => runId === "four" && state === "final"),
  );

  const told = ends(events).map(({ runId, state }) => `${runId} ${state}`);
  assert.deepEqual(told.toSorted(), ["four final", "one final", "three final", "two aborted"]);
});

test("/queue <mode> inside of a message counts for that message only, and is no part of what is said", async () => {
  await using model = await startFakeOpenAi();
  const first = gate(answer);
  const second = gate(answer);
  model.scripts.push(first.script, second.script);
  await using place = await gatewayWith(model, {});

  await send(place.client, "one");
  await eventually("the first turn", () => model.requests.length === 1);
  await send(place.client, "two");
  await send(place.client, "/queue followup three");
  first.open();
  await eventually("the second turn", () => model.requests.length === 2);
  second.open();
  await eventually("the third turn", () => model.requests.length === 3);

  const [, two, three] = model.requests.map(({ body }) => JSON.stringify(body.messages.at(-1)));
  assert.match(two ?? "", /\] two"/);
  assert.doesNotMatch(`${two}${three}`, /queue/);
  assert.match(three ?? "", /\] three"/);
  // The same request again is still known, by what it was.
  assert.partialDeepStrictEqual(await send(place.client, "/queue followup three"), { status: "ok" });
});
