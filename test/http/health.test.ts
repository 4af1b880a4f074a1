import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { createDeviceKey } from "../wire/device-key.ts";
import { deviceToken } from "../wire/device-login.ts";

const LIVE = ["/__openclaw__/health", "/health", "/healthz"];
const READY = ["/ready", "/readyz", "/__openclaw__/ready"];

test("probes are answered without a secret, tell none and are not loaded before the first one", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${gateway.port}${path}`, init);
  const state = async () => {
    const { plugins } = await client.request<{ plugins: { id: string; state: string }[] }>("plugins.list", {});
    return plugins.find(({ id }) => id === "health-http")?.state;
  };
  assert.equal(await state(), "ready");

  for (const path of LIVE) {
    const answer = await ask(path);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    const exact = path === "/__openclaw__/health" ? { ok: true } : { ok: true, status: "live" };
    assert.deepEqual(await answer.json(), exact);
    assert.equal((await ask(path, { method: "HEAD" })).status, 200);
    assert.equal((await ask(path, { method: "POST" })).status, 405);
  }
  for (const path of READY) {
    const answer = await ask(path);
    const { uptimeMs, ...rest } = (await answer.json()) as { uptimeMs: number };
    assert.equal(answer.status, 200);
    assert.ok(uptimeMs >= 0);
    assert.deepEqual(rest, { ready: true, failing: [] });
  }
  assert.equal(await state(), "active");
});

test("a gateway whose configuration or required plugin is broken is alive and not ready, and says why", async () => {
  await using gateway = await startTestGateway({ config: { gateway: { reload: { debounceMs: 10 } } } });
  const ready = async () => {
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/ready`);
    return { status: answer.status, ...((await answer.json()) as { failing: { id: string; reason: string }[] }) };
  };
  assert.equal((await ready()).status, 200);

  gateway.writeConfig("{ this is no configuration");
  const broken = await eventually("it is not ready", async () => {
    const answer = await ready();
    return answer.status === 503 && answer;
  });
  assert.ok(broken.failing.length > 0);
  assert.ok(!JSON.stringify(broken).includes(gateway.home), "no place of this machine");
  assert.equal((await fetch(`http://127.0.0.1:${gateway.port}/health`)).status, 200);

  gateway.writeConfig({ plugins: { entries: { usage: { enabled: true, required: true } } } });
  await eventually("it is ready again", async () => (await ready()).status === 200);
});

test("whoever shows the secret, or a device that may read, is told the whole of health; nobody else is", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const ask = async (path: string, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://127.0.0.1:${gateway.port}${path}`, { headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const auth = { token: gateway.token };
  const reader = await deviceToken(gateway, { key: createDeviceKey(), auth, scopes: ["operator.read"] });
  const pairer = await deviceToken(gateway, { key: createDeviceKey(), auth, scopes: ["operator.pairing"] });
  const live = { status: 200, body: { ok: true, status: "live" } };

  for (const token of [gateway.token, reader]) {
    const { status, body } = await ask("/healthz?verbose=1", token);
    const told = await client.request<Record<string, unknown>>("health", {});
    assert.equal(status, 200);
    // What it says of plugins and of the time goes on changing.
    assert.deepEqual(Object.keys(body).toSorted(), [...Object.keys(told), "status"].toSorted());
    assert.deepEqual([body["status"], body["defaultAgentId"]], ["live", "main"]);
  }
  assert.deepEqual(await ask("/health?verbose=1"), live);
  for (const path of ["/health", "/health?verbose=0"]) assert.deepEqual(await ask(path, gateway.token), live);
  assert.deepEqual(await ask("/__openclaw__/health?verbose=1", gateway.token), { status: 200, body: { ok: true } });
  assert.equal((await ask("/health?verbose=1", pairer)).status, 403);
  const wrong = await ask("/health?verbose=1", "0".repeat(32));
  assert.deepEqual([wrong.status, Object.keys(wrong.body)], [401, ["error"]]);
  assert.deepEqual(await ask("/health", "0".repeat(32)), live);
});

test("a gateway that asks for no secret tells the whole of health to everybody on its machine", async () => {
  await using gateway = await startTestGateway({ config: { gateway: { auth: { mode: "none" } } } });

  const answer = await fetch(`http://127.0.0.1:${gateway.port}/health?verbose=1`);

  assert.equal("channels" in ((await answer.json()) as object), true);
});
