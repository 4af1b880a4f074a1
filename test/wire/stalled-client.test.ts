import assert from "node:assert/strict";
import { test } from "node:test";
import { loggedIn } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

test("R-37 a client that takes nothing of a long answer for ten seconds is cut", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using stalled = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  const { connId } = stalled.hello.server;

  stalled.send({ type: "req", id: "long", method: "toy.bytes", params: { count: 24 * 1_048_576 } });
  stalled.socket.pause();

  // Looked at every ten seconds; then the socket has five to end in order.
  await other.next("word that it is gone", ({ payload }) => payload?.["tag"] === connId, 40_000);
  assert.equal((await other.request("health")).ok, true);
});
