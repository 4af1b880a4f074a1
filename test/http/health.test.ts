import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";

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
