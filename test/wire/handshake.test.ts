import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";

test("a client with the token is let in and learns what the gateway can do", async () => {
  await using gateway = await startTestGateway();

  const client = await gateway.client();

  assert.equal(client.hello?.protocol, 3);
  assert.ok(client.hello?.features.methods.includes("health"));
  assert.deepEqual(client.hello?.policy, { maxPayload: 524_288, maxBufferedBytes: 1_572_864, tickIntervalMs: 30_000 });
  const health = await client.request<{ ok: boolean }>("health", {});
  assert.equal(health.ok, true);
});
