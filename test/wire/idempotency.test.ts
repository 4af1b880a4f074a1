import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "openclaw/plugin-sdk";
import { Idempotency } from "../../kernel/wire/idempotency.ts";
import type { Outcome } from "../../kernel/wire/idempotency.ts";
import { loggedIn } from "./raw-client.ts";
import type { Frame, RawClient } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

const isEffect = (frame: Frame) => frame.event === "toy.heard" && frame.payload?.["what"] === "effect";

/** Everything of an answer but its id. */
function said(frame: Frame): object {
  const { id: _, ...rest } = frame;
  return rest;
}

function sendTen(clients: readonly RawClient[], method: string, params: object): void {
  for (let i = 0; i < 10; i++) clients[i % clients.length]?.send({ type: "req", id: `ten${i}`, method, params });
}

test("ten concurrent requests with one key are one effect and ten equal answers", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using first = await loggedIn(gateway);
  await using second = await loggedIn(gateway);
  const clients = [first, second];

  sendTen(clients, "toy.send", { idempotencyKey: "k", text: "hi", hold: true });
  await first.next("the effect", isEffect);
  await first.request("toy.read");
  await second.request("toy.read");
  await first.request("toy.release", { tag: "k" });

  for (let i = 0; i < 10; i++) {
    const answer = await (clients[i % 2] as RawClient).response(`ten${i}`);
    assert.deepEqual(said(answer), { type: "res", ok: true, payload: { effect: 1 } });
  }
  assert.ok(!first.frames.some(isEffect));
});

test("after the end the recorded answer is given again, to anybody", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using first = await loggedIn(gateway);
  await using second = await loggedIn(gateway);
  const params = { idempotencyKey: "k", text: "hi", more: { a: 1, b: 2 } };

  const answer = await first.request("toy.send", params);
  const again = await second.request("toy.send", params);
  // The same parameters in another order are the same parameters.
  const reordered = await second.request("toy.send", { more: { b: 2, a: 1 }, text: "hi", idempotencyKey: "k" });

  assert.deepEqual(answer.payload, { effect: 1 });
  assert.deepEqual(said(again), said(answer));
  assert.deepEqual(said(reordered), said(answer));
});

test("a used key with other parameters is refused, under another method it is another key", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  await client.request("toy.send", { idempotencyKey: "k", text: "hi" });

  const other = await client.request("toy.send", { idempotencyKey: "k", text: "bye" });
  const run = await client.request("toy.run", { idempotencyKey: "k" });
  await client.request("toy.release", { tag: "k" });

  assert.deepEqual(other.error, {
    code: "INVALID_REQUEST",
    message: "idempotency key was used with other parameters",
    details: { code: "CONFLICT" },
  });
  assert.deepEqual(run.payload, { runId: "k", status: "accepted" });
});

test("a refusal is not remembered, a failure is", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const send = async (idempotencyKey: string, fail: string) =>
    (await client.request("toy.send", { idempotencyKey, text: "", fail })).error?.message;

  assert.equal(await send("a", "refused"), "no such target (1)");
  assert.equal(await send("a", "refused"), "no such target (2)");
  assert.equal(await send("b", "down"), "Error: line is down (3)");
  assert.equal(await send("b", "down"), "Error: line is down (3)");
});

test("a repeated two-phase request gets the first answer during the run and the end after it", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  const accepted = { type: "res", ok: true, payload: { runId: "r", status: "accepted" } };
  const ended = { type: "res", ok: true, payload: { runId: "r", status: "ok", effect: 1 } };

  const first = await client.request("toy.run", { idempotencyKey: "r" });
  const during = await other.request("toy.run", { idempotencyKey: "r" });
  await client.request("toy.release", { tag: "r" });
  const end = await client.response(first.id);
  const after = await other.request("toy.run", { idempotencyKey: "r" });
  await other.request("toy.read");

  assert.deepEqual(said(first), accepted);
  assert.deepEqual(said(during), accepted);
  assert.deepEqual(said(end), ended);
  assert.deepEqual(said(after), ended);
  // The repeated requests had one answer each.
  assert.ok(!other.frames.some(({ type }) => type === "res"));
});

test("a repeated request that comes before the first answer gets it as soon as it is there", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const params = { idempotencyKey: "r", beforeAccept: true };
  client.send({ type: "req", id: "first", method: "toy.run", params });
  client.send({ type: "req", id: "early", method: "toy.run", params });
  await client.next("the effect", isEffect);

  await client.request("toy.release", { tag: "r accept" });

  assert.deepEqual((await client.response("first")).payload, { runId: "r", status: "accepted" });
  assert.deepEqual((await client.response("early")).payload, { runId: "r", status: "accepted" });
  await client.request("toy.release", { tag: "r" });
});

test("work with a key goes on when its client goes, and its end is there for the next", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  const params = { idempotencyKey: "k", text: "", hold: true };
  client.send({ type: "req", id: 1, method: "toy.send", params });
  await other.next("the effect", isEffect);

  client.socket.terminate();
  await other.next("word that it is gone", ({ payload }) => payload?.["tag"] === client.hello.server.connId);
  const again = other.request("toy.send", params);
  await other.request("toy.release", { tag: "k" });

  assert.deepEqual((await again).payload, { effect: 1 });
});

test("a method that is idempotent needs the key, whatever its schema says", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const wrong: [object, string][] = [
    [{}, "must have required property 'idempotencyKey'"],
    [{ idempotencyKey: "" }, "at /idempotencyKey: must NOT have fewer than 1 characters"],
    [{ idempotencyKey: 1 }, "at /idempotencyKey: must be string"],
    [{ idempotencyKey: "k".repeat(257) }, "at /idempotencyKey: must NOT have more than 256 characters"],
  ];

  for (const method of ["toy.unkeyed", "toy.run"]) {
    for (const [params, text] of wrong) {
      const { error } = await client.request(method, params);
      assert.equal(error?.message, `invalid ${method} params: ${text}`);
    }
  }
  assert.deepEqual((await client.request("toy.unkeyed", { idempotencyKey: "k" })).payload, { effect: 1 });
});

const DONE: Outcome = { ok: true, payload: "done" };

/** A cache at a time that only the test moves. */
function createCache() {
  const clock = { ms: 1_000 };
  const cache = new Idempotency(() => clock.ms);
  const use = (key: string, outcome?: Outcome) => {
    const begun = cache.begin(key, {});
    assert.notEqual(begun, "mismatch");
    if (begun !== "mismatch" && begun.first && outcome) cache.finish(begun.record, outcome);
    return begun !== "mismatch" && begun.first;
  };
  return { clock, cache, use, [Symbol.dispose]: () => cache.close() };
}

test("an answer is remembered for five minutes after its end, checked at every look", () => {
  using given = createCache();
  assert.equal(given.use("k", DONE), true);

  given.clock.ms += 300_000;
  assert.equal(given.use("k"), false);
  given.clock.ms += 1;
  assert.equal(given.use("k"), true);
});

test("what has not ended does not get old", () => {
  using given = createCache();
  given.use("k");

  given.clock.ms += 3_600_000;
  given.cache.sweep();

  assert.equal(given.use("k"), false);
});

test("a sweep forgets what is old or refused, then the oldest beyond a thousand", () => {
  using given = createCache();
  given.use("old", DONE);
  given.clock.ms += 300_001;
  given.use("running");
  given.use("refused", { ok: false, error: new GatewayError("INVALID_REQUEST", "no") });
  for (let i = 0; i < 1_200; i++) given.use(`k${i}`, DONE);
  assert.equal(given.cache.size, 1_203);

  given.cache.sweep();

  assert.equal(given.cache.size, 1_000);
  assert.equal(given.use("running"), false);
  assert.equal(given.use("k1199"), false);
  assert.equal(given.use("k0"), true);
});

test("however fast keys are made up, memory holds no more than ten thousand", () => {
  using given = createCache();

  for (let i = 0; i < 30_000; i++) given.use(`k${i}`, DONE);

  assert.ok(given.cache.size <= 10_000, String(given.cache.size));
});

test("the answers kept take 32 MiB at most: the oldest go first, the newest stays", () => {
  using given = createCache();
  const large: Outcome = { ok: true, payload: { text: "x".repeat(4 * 1_048_576) } };

  for (let i = 0; i < 10; i++) given.use(`k${i}`, large);

  assert.ok(given.cache.size < 9, `${given.cache.size} kept`);
  assert.equal(given.use("k9"), false);
  assert.equal(given.use("k0"), true);
});
