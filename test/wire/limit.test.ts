import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSocket } from "ws";
import { closeReason } from "../../kernel/wire/frames.ts";
import { connectParams, loggedIn, RawClient } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

const FIRST_FRAME = 65_536;
const FRAME = 524_288;

/** A request of exactly `bytes` bytes. */
function sized(bytes: number, frame: object): string {
  const bare = JSON.stringify({ ...frame, params: { filler: "" } });
  return bare.replace('"filler":""', `"filler":"${"x".repeat(bytes - bare.length)}"`);
}

test("the first message may have 64 KiB and no more", async () => {
  await using gateway = await startToyGateway();
  await using witness = await loggedIn(gateway);
  await using fits = await RawClient.open(gateway.url);
  const frame = { type: "req", id: "big", method: "connect" };

  fits.sendRaw(sized(FIRST_FRAME, frame));
  assert.match(String((await fits.response("big")).error?.message), /^invalid connect params: /);
  for (const bytes of [FIRST_FRAME + 1, 614_400, 31_457_280]) {
    await using client = await RawClient.open(gateway.url);
    client.sendRaw(sized(bytes, frame));
    assert.deepEqual(await client.closed(), { code: 1009, reason: "" }, `${bytes} bytes`);
    assert.ok(!client.frames.some(({ type }) => type === "res"));
    assert.equal((await witness.request("health")).ok, true);
  }
});

test("after the login a message may have 512 KiB and no more", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using witness = await loggedIn(gateway);
  await using client = await loggedIn(gateway);
  const frame = { type: "req", id: "big", method: "toy.read" };

  client.sendRaw(sized(FRAME, frame));
  assert.match(String((await client.response("big")).error?.message), /^invalid toy.read params: /);
  client.sendRaw(sized(FRAME + 1, frame));

  assert.deepEqual(await client.closed(), { code: 1009, reason: "" });
  assert.equal((await witness.request("health")).ok, true);
});

test("the limits hold for messages in pieces too", async () => {
  await using gateway = await startToyGateway();
  await using stranger = await RawClient.open(gateway.url);
  await using client = await loggedIn(gateway);
  const piece = "x".repeat(60_000);

  stranger.socket.send(piece, { fin: false });
  stranger.socket.send(piece, { fin: true });
  for (let i = 0; i < 9; i++) client.socket.send(piece, { fin: false });

  assert.equal((await stranger.closed()).code, 1009);
  assert.equal((await client.closed()).code, 1009);
});

test("neither side of the limit depends on the other connections", async () => {
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);
  await using stranger = await RawClient.open(gateway.url);

  stranger.sendRaw(sized(FIRST_FRAME + 1, { type: "req", id: 1, method: "connect" }));
  client.sendRaw(sized(FIRST_FRAME + 1, { type: "req", id: 1, method: "health" }));

  assert.equal((await stranger.closed()).code, 1009);
  assert.equal((await client.response(1)).ok, true);
});

test("compression is offered and not taken", async () => {
  await using gateway = await startToyGateway();
  const socket = new WebSocket(gateway.url, { perMessageDeflate: true });

  await new Promise((resolve) => socket.once("open", resolve));

  assert.equal(socket.extensions, "");
  socket.terminate();
});

test("a ping is answered, before the login and after", async () => {
  await using gateway = await startToyGateway();
  await using client = await RawClient.open(gateway.url);
  const pong = () => new Promise<string>((resolve) => client.socket.once("pong", (data) => resolve(String(data))));

  client.socket.ping("one");
  assert.equal(await pong(), "one");
  await client.connect(connectParams(gateway.token));
  client.socket.ping("two");
  assert.equal(await pong(), "two");
});

test("who pings without reading the pongs is cut", async () => {
  await using gateway = await startToyGateway();
  await using witness = await loggedIn(gateway);
  await using client = await RawClient.open(gateway.url);
  client.socket.pause();

  for (let i = 0; i < 400_000 && client.isOpen; i++) {
    client.socket.ping("x".repeat(125));
    if (i % 20_000 === 0) assert.equal((await witness.request("health")).ok, true);
  }
  client.socket.resume();

  assert.equal((await client.closed()).code, 1006);
});

test("a close reason ends at 120 bytes, between two characters", () => {
  for (const [text, bytes] of [
    ["x".repeat(120), 120],
    ["x".repeat(121), 120],
    ["ü".repeat(61), 120],
    [`x${"ü".repeat(61)}`, 119],
    ["€".repeat(41), 120],
    [`xx${"€".repeat(41)}`, 119],
    ["😀".repeat(31), 120],
    [`x${"😀".repeat(31)}`, 117],
    ["", 0],
  ] as const) {
    const reason = closeReason(text);
    assert.equal(Buffer.byteLength(reason), bytes, text);
    assert.ok(text.startsWith(reason), text);
  }
});
