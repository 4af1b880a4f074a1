import assert from "node:assert/strict";
import { test } from "node:test";
import type { HelloOk } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startGateway, testHome, TOKEN } from "../support/command-line.ts";
import { createDeviceKey } from "./device-key.ts";
import { deviceToken, outcome } from "./device-login.ts";
import { loggedIn } from "./raw-client.ts";

const OTHER = "another-token-0123456789abcdef";
/** The established gateway counted to 40 in a day; a burst must not make the next run begin below it. */
const BURST = 150;

test("S-14 another token in the file ends every session and is the only good one at once", async (t) => {
  using at = await testHome();
  await using _gateway = await startGateway(at);
  const url = `ws://127.0.0.1:${at.port}`;
  const key = createDeviceKey();
  const own = await deviceToken({ url }, { key, auth: { token: TOKEN } });
  await using client = await loggedIn({ url, token: TOKEN });
  const before = client.hello.snapshot;
  for (let n = 0; n < BURST; n++) await client.request("system-event", { text: "Node: lamp", host: "lamp" });
  const changedAt = performance.now();

  at.write(at.read().replace(TOKEN, OTHER));
  const closed = await client.closed();
  const { client: fresh, tookMs } = await eventually("the other token opens", async () => {
    const open = await loggedIn({ url, token: OTHER });
    return { client: open, tookMs: performance.now() - changedAt };
  });
  await using again = fresh;

  assert.deepEqual(closed, { code: 1012, reason: "service restart" });
  assert.deepEqual((await client.event("shutdown")).payload, {
    reason: "gateway restarting",
    restartExpectedMs: 1_500,
  });
  t.diagnostic(`after ${Math.round(tookMs)} ms`);
  assert.match(await outcome({ url }, { auth: { token: TOKEN } }), /^unauthorized: gateway token mismatch/);
  assert.equal(await outcome({ url }, { key, auth: { token: own } }), "ok", "the device keeps its token");
  // protocol.md §10 and §14: numbers of events begin anew, versions and the time that the process runs do not.
  const { stateVersion, uptimeMs }: HelloOk["snapshot"] = again.hello.snapshot;
  assert.ok(stateVersion.presence >= before.stateVersion.presence + BURST, JSON.stringify(stateVersion));
  assert.ok(stateVersion.health > before.stateVersion.health);
  assert.ok(uptimeMs > before.uptimeMs);
  assert.ok(((await again.event("health")).seq as number) < 50);
});
