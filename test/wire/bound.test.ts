import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENT_RECEIVE_BYTES } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { connectParams, loggedIn, RawClient } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

const MIB = 1_048_576;

test("one client too many is told so and how to have more, and has its place when another goes", async () => {
  await using gateway = await startToyGateway([], { config: { gateway: { maxClients: 2 } } });
  await using first = await loggedIn(gateway);
  await using second = await loggedIn(gateway);
  await using third = await RawClient.open(gateway.url);
  await third.challenge();

  const refused = await third.connect(connectParams(gateway.token));
  const closed = await third.closed();
  second.socket.close();
  await second.closed();

  const message = "too many clients (2); close some, or raise gateway.maxClients";
  const { error } = refused;
  assert.deepEqual([error?.code, error?.message, error?.["retryable"]], ["UNAVAILABLE", message, true]);
  assert.deepEqual(closed, { code: 1008, reason: message });
  await eventually("there is room", async () => {
    await using next = await RawClient.open(gateway.url);
    await next.challenge();
    return (await next.connect(connectParams(gateway.token))).ok;
  });
  assert.equal((await first.request("health")).ok, true);
});

test("an answer that no client would take is an error that names the method and the way out", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);

  const { ok, error } = await client.request("toy.bytes", { count: CLIENT_RECEIVE_BYTES });
  const next = await client.request("toy.bytes", { count: MIB });

  assert.deepEqual({ ok, code: error?.code }, { ok: false, code: "INVALID_REQUEST" });
  assert.match(
    error?.message ?? "",
    /^the answer of toy\.bytes is too large \(\d+ > 26214400 bytes\); ask with a smaller limit, or page by page$/,
  );
  assert.equal(next.ok, true);
});

test("R-37 a client that still reads a long answer is not slow: what is broadcast meanwhile reaches it", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using busy = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  busy.send({ type: "req", id: "long", method: "toy.bytes", params: { count: 24 * MIB } });
  busy.socket.pause();
  await other.request("toy.emit", { event: "toy.open", bytes: 1_000 });
  await other.event("toy.open");

  busy.socket.resume();

  assert.equal((await busy.response("long", 20_000)).ok, true);
  await busy.event("toy.open");
  assert.equal((await busy.request("health")).ok, true);
});
