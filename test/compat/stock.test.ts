import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { fixture, startWith } from "./support.ts";

const CONFIG = { config: { channels: { loop: { token: "t" } } }, stock: true };

test("with the stock distro, a message goes in, a command answers, and the answer reaches deliver", async () => {
  await using gateway = await startWith([fixture("loop")], CONFIG);
  const client = await gateway.client();

  const said = await client.request("loop.say", { id: "m1", text: "/ping one" });
  const again = await client.request("loop.say", { id: "m1", text: "/ping one" });

  assert.deepEqual(said, {
    result: { queuedFinal: true, counts: { tool: 0, block: 0, final: 1 } },
    delivered: ["pong loop one!"],
  });
  assert.deepEqual(again, { result: { queuedFinal: false, counts: { tool: 0, block: 0, final: 0 } }, delivered: [] });
  assert.deepEqual(await client.request("loop.state", {}), { sent: [], heard: ["7: /ping one"] });
});

test("with the stock distro, send goes out through the channel's outbound", async () => {
  await using gateway = await startWith([fixture("loop")], CONFIG);
  const client = await gateway.client();

  await client.request("send", { channel: "loop", to: "room-7", message: "hello", idempotencyKey: "k1" });

  const { sent } = await eventually("the message", async () => {
    const state = await client.request<{ sent: string[] }>("loop.state", {});
    return state.sent.length > 0 && state;
  });
  assert.deepEqual(sent, ["room-7: hello!"]);
});

test("with the stock distro, the accounts of a channel show in the runtime snapshot", async () => {
  await using gateway = await startWith([fixture("loop")], CONFIG);
  const client = await gateway.client();

  const snapshot = await client.request<{ channels: Record<string, { running: boolean; accountId: string }> }>(
    "loop.channels",
    {},
  );

  const { accountId, running } = snapshot.channels["loop"] ?? {};
  assert.deepEqual([accountId, running], ["default", true]);
});
