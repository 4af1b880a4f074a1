import assert from "node:assert/strict";
import { test } from "node:test";
import { heldBytes } from "./memory.ts";
import { loggedIn } from "./raw-client.ts";
import type { RawClient } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

const MIB = 1_048_576;

/** Stop reading: what the gateway sends piles up there once the sockets in between are full. */
function stall(client: RawClient): void {
  client.socket.pause();
}

/** Fill the way to `stalled` until the gateway holds more for it than it may; `other` sees every event. */
async function fill(other: RawClient, event: string): Promise<void> {
  // The system's socket buffers take several megabytes before anything stays with the gateway.
  for (let i = 0; i < 16; i++) {
    await other.request("toy.emit", { event, bytes: MIB });
    await other.event(event);
  }
}

test("a client that does not read misses what may be dropped and stays", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using slow = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  // The report that follows a login may not be dropped.
  await other.event("health");
  stall(slow);

  await fill(other, "toy.droppable");
  assert.equal((await other.request("toy.read")).ok, true);
  slow.socket.resume();

  // What it asks after that is answered on the same connection.
  assert.equal((await slow.request("toy.read")).ok, true);
  const received = slow.frames.filter(({ event }) => event === "toy.droppable").map(({ seq }) => seq as number);
  assert.ok(received.length < 16, `${received.length} arrived`);
  await other.request("toy.emit", { event: "toy.open" });
  assert.ok(((await slow.event("toy.open")).seq as number) > (received.at(-1) as number) + 1, "it can see the gap");
});

test("a client that does not read is closed at the first event that may not be lost", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using slow = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  stall(slow);

  await fill(other, "toy.open");
  slow.socket.resume();

  assert.deepEqual(await slow.closed(), { code: 1008, reason: "slow consumer" });
  assert.equal((await other.request("health")).ok, true);
});

test("a client that never reads again is cut, and nobody waits for it", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using slow = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  stall(slow);
  const startedAt = performance.now();

  await fill(other, "toy.open");
  const tookMs = performance.now() - startedAt;

  assert.ok(tookMs < 2_000, `the others waited ${tookMs} ms`);
  // The gateway stops although that client answers nothing.
  const stoppedAt = performance.now();
  await gateway.run.stop("gateway stopping");
  assert.ok(performance.now() - stoppedAt < 1_000);
});

test("what the gateway holds for a client that does not read is bounded", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using slow = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  await other.event("health");
  stall(slow);
  await fill(other, "toy.droppable");
  const before = heldBytes();

  for (let i = 0; i < 100; i++) {
    await other.request("toy.emit", { event: "toy.droppable", bytes: MIB });
    await other.event("toy.droppable");
  }

  const rise = heldBytes() - before;
  assert.ok(rise < 2 * MIB, `${Math.round(rise / MIB)} MiB more`);
});

test("who asks without reading the answers is not read from until it has caught up", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using greedy = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  stall(greedy);
  const before = heldBytes();

  // 400 MiB of answers, asked for in a few kilobytes, piece by piece so that none is refused as one too many.
  for (let i = 0; i < 400; i++) {
    greedy.send({ type: "req", id: i, method: "toy.bytes", params: { count: MIB } });
    if (i % 10 === 0) assert.equal((await other.request("health")).ok, true);
  }
  const held = heldBytes() - before;
  greedy.socket.resume();

  // In the end each is answered: none is lost.
  for (let i = 0; i < 400; i++) await greedy.response(i, 20_000);
  assert.ok(held < 32 * MIB, `${Math.round(held / MIB)} MiB held`);
});
