import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { loggedIn } from "./raw-client.ts";
import type { RawClient } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

/** What the toy says about the call with this tag. */
async function heard(witness: RawClient, tag: string): Promise<Record<string, unknown> | undefined> {
  const isTagged = (frame: { event?: string; payload?: { [key: string]: unknown } }) =>
    frame.event === "toy.heard" && frame.payload?.["tag"] === tag;
  return (await witness.next(`word of ${tag}`, isTagged)).payload;
}

test("what a handler throws becomes UNAVAILABLE with its name, cut at 240 characters", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const thrown = async (as: string, message: string) => (await client.request("toy.throw", { as, message })).error;
  const details = { code: "INTERNAL_ERROR" };
  const long = "x".repeat(300);

  assert.deepEqual(await thrown("TypeError", "no"), { code: "UNAVAILABLE", message: "TypeError: no", details });
  assert.deepEqual(await thrown("text", "plain"), { code: "UNAVAILABLE", message: "plain", details });
  assert.equal((await thrown("TypeError", "y".repeat(229)))?.message, `TypeError: ${"y".repeat(229)}`);
  assert.equal((await thrown("TypeError", long))?.message, `TypeError: ${"x".repeat(229)}...`);
});

test("a refusal made on purpose reaches the caller whole, with its payload beside it", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);

  const answer = await client.request("toy.throw", { as: "GatewayError", message: "x".repeat(300) });

  const { id: _, ...rest } = answer;
  assert.deepEqual(rest, {
    type: "res",
    ok: false,
    payload: { status: "error" },
    error: {
      code: "UNAVAILABLE",
      message: "x".repeat(300),
      details: { code: "BUSY" },
      retryable: true,
      retryAfterMs: 250,
    },
  });
});

test("an answer that JSON cannot hold is a failure of that call alone", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  await using witness = await loggedIn(gateway);

  for (const as of ["bigint", "loop", "details"]) {
    const { ok, error } = await client.request("toy.odd", { as });
    assert.deepEqual([ok, error?.code], [false, "UNAVAILABLE"], as);
    assert.match(String(error?.message), /^TypeError: /);
  }
  assert.equal((await witness.request("health")).ok, true);
  assert.equal(process.exitCode, undefined);
});

test("a handler that returns nothing answers without a payload", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);

  const { id: _, ...rest } = await client.request("toy.odd", { as: "nothing" });

  assert.deepEqual(rest, { type: "res", ok: true });
});

test("a schema that does not compile fails its own method", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);

  for (let i = 0; i < 2; i++) assert.equal((await client.request("toy.broken")).error?.code, "UNAVAILABLE");
  assert.equal((await client.request("toy.read")).ok, true);
});

test("polluting keys are refused at any depth of params, also when written with escapes", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const send = async (params: string) => {
    client.sendRaw(`{"type":"req","id":"p","method":"toy.echo","params":${params}}`);
    return (await client.response("p")).error?.message;
  };

  assert.equal(await send('{"more":{"about":"constructor and __proto__"}}'), undefined);
  assert.equal(await send('{"__proto__":{}}'), "invalid toy.echo params: at root: unexpected property '__proto__'");
  assert.equal(
    await send('{"more":{"a":[{"\\u0063onstructor":1}]}}'),
    "invalid toy.echo params: at /more/a/0: unexpected property 'constructor'",
  );
});

test("64 calls of one client may be open, the next is told to come back", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  for (let i = 0; i < 64; i++) client.send({ type: "req", id: i, method: "toy.accept", params: { tag: `t${i}` } });
  for (let i = 0; i < 64; i++) await client.response(i);
  for (let i = 0; i < 64; i++) client.send({ type: "req", id: i, method: "toy.wait", params: { tag: `w${i}` } });

  const refused = await client.request("health");

  assert.deepEqual(refused.error, {
    code: "UNAVAILABLE",
    message: "too many requests in flight (64)",
    details: { code: "BUSY" },
    retryable: true,
    retryAfterMs: 100,
  });
  assert.equal((await other.request("health")).ok, true);
  // What is accepted would hold up the stop.
  for (let i = 0; i < 64; i++) await other.request("toy.release", { tag: `t${i}` });
});

test("a call that ends makes room for the next", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  for (let i = 0; i < 63; i++) client.send({ type: "req", id: i, method: "toy.wait", params: { tag: `w${i}` } });
  client.send({
    type: "req",
    id: "held",
    method: "toy.send",
    params: { idempotencyKey: "held", text: "", hold: true },
  });
  assert.equal((await client.request("health")).ok, false);

  await other.request("toy.release", { tag: "held" });
  await client.response("held");

  assert.equal((await client.request("health")).ok, true);
});

test("a call without an answer in time is answered for its handler, whose signal aborts", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  using timers = mock.timers;
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const startedAt = performance.now();
  client.send({ type: "req", id: "late", method: "toy.late", params: { tag: "late" } });
  assert.equal((await client.request("health")).ok, true);
  await eventually("the deadline", () => performance.now() - startedAt > 60);

  timers.tick(1_000);
  const answer = await client.response("late");
  await client.request("toy.release", { tag: "late" });

  assert.deepEqual(answer.error, {
    code: "UNAVAILABLE",
    message: "toy.late timed out",
    details: { code: "TIMEOUT" },
    retryable: true,
  });
  // It asked for the signal only afterwards.
  assert.equal((await heard(client, "late"))?.["what"], "aborted");
  assert.ok(!client.frames.some(({ id }) => id === "late"), "one request, one answer");
});

test("an accepted call answers twice on one id and has no deadline", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  using timers = mock.timers;
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const startedAt = performance.now();
  const first = await client.request("toy.accept", { tag: "a" });
  await eventually("the deadline", () => performance.now() - startedAt > 60);

  timers.tick(1_000);
  await client.request("toy.release", { tag: "a" });
  const second = await client.response(first.id);

  assert.deepEqual(first.payload, { status: "accepted", tag: "a" });
  assert.deepEqual(second.payload, { status: "ok", tag: "a" });
});

test("accepting twice is the handler's mistake", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);

  const first = await client.request("toy.accept", { tag: "a", times: 2 });
  const second = await client.response(first.id);

  assert.equal(first.ok, true);
  assert.equal(second.error?.message, "Error: toy.accept was accepted already");
});

test("when a client goes its open calls are aborted, the accepted ones go on", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using witness = await loggedIn(gateway);
  await using client = await loggedIn(gateway);
  client.send({ type: "req", id: 1, method: "toy.wait", params: { tag: "open" } });
  await client.request("toy.accept", { tag: "accepted" });
  assert.equal((await heard(witness, "open"))?.["what"], "started");

  client.socket.terminate();

  assert.deepEqual(await heard(witness, "open"), { tag: "open", what: "aborted", reason: "client disconnected" });
  await witness.request("toy.release", { tag: "accepted" });
  assert.equal((await heard(witness, "accepted"))?.["what"], "alive");
});

test("a handler that asks for its signal after the client went finds it aborted", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using witness = await loggedIn(gateway);
  await using client = await loggedIn(gateway);
  client.send({ type: "req", id: 1, method: "toy.late", params: { tag: "asks" } });
  assert.equal((await client.request("toy.read")).ok, true);

  client.socket.terminate();
  await heard(witness, client.hello.server.connId);
  await witness.request("toy.release", { tag: "asks" });

  assert.equal((await heard(witness, "asks"))?.["what"], "aborted");
});

test("while the gateway stops new work is refused, reading goes on and running work ends", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  client.send({ type: "req", id: "work", method: "toy.send", params: { idempotencyKey: "k", text: "", hold: true } });
  await heard(client, "k");

  const stopped = gateway.run.stop("gateway stopping");
  await client.event("shutdown");
  const refused = await client.request("toy.write");
  const health = await client.request("health");
  await client.request("toy.release", { tag: "k" });

  assert.deepEqual(refused.error, {
    code: "UNAVAILABLE",
    message: "gateway is stopping",
    retryable: true,
    retryAfterMs: 1_500,
  });
  assert.equal(health.ok, true);
  assert.equal((await client.response("work")).ok, true);
  assert.deepEqual(await client.closed(), { code: 1012, reason: "service restart" });
  assert.deepEqual(await stopped, []);
});
