import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { stateDirOf } from "./place.fixture.ts";

/** A plugin of an outside author: says what it sees of the sessions. */
const PROBE = `
import { definePlugin, Sessions, Type } from "openclaw/plugin-sdk";
export default definePlugin((gateway) => {
  const sessions = gateway.use(Sessions);
  const seen = [];
  let release;
  const method = (name, handle) => gateway.method({ name, scope: "operator.read", params: Type.Object({}), handle });
  method("probe.hold", () => {
    void sessions.lane("main", () => new Promise((resolve) => (release = resolve)).then(() => seen.push("held")));
    return {};
  });
  method("probe.follow", () => {
    void sessions.lane("main", async () => void seen.push("followed"));
    return {};
  });
  method("probe.release", () => release());
  method("probe.seen", () => ({ seen }));
  method("probe.touch", async () => ({ session: await sessions.update("main", () => ({ label: "touched" })) }));
});
`;

test("work and records outlive a reload of the sessions and of the store", async (context) => {
  const folder = stateDirOf(context);
  const bundled = join(folder, "bundled");
  mkdirSync(join(bundled, "methods"), { recursive: true });
  for (const id of ["plugins", "sessions", "store", "system"]) {
    symlinkSync(join(import.meta.dirname, "..", id), join(bundled, "methods", id));
  }
  const probe = join(folder, "probe");
  mkdirSync(probe);
  writeFileSync(join(probe, "index.js"), PROBE);
  writeFileSync(
    join(probe, "openclaw.plugin.json"),
    JSON.stringify({ id: "probe", activation: "startup", requires: ["sessions"] }),
  );
  const config = { plugins: { load: { paths: [probe] }, entries: { probe: { enabled: true } } } };
  await using gateway = await startTestGateway({ bundled, config });
  const client = await gateway.client();
  const reload = async (id: string) => {
    const outcome = await client.request<{ ok: boolean; error?: string }>("plugins.reload", { id });
    assert.deepEqual([outcome.ok, outcome.error], [true, undefined]);
  };

  await client.request("probe.hold", {});
  await reload("sessions");
  await client.request("probe.follow", {});
  await reload("store");
  assert.deepEqual(await client.request("probe.seen", {}), { seen: [] });
  await client.request("probe.release", {});
  await eventually("both have run", async () => {
    const { seen } = await client.request<{ seen: string[] }>("probe.seen", {});
    return seen.join() === "held,followed";
  });

  await client.request("probe.touch", {});
  await reload("store");
  const { session } = await client.request<{ session: object }>("probe.touch", {});
  const list = await client.request<{ sessions: { key: string; label: string }[] }>("sessions.list", {});
  assert.equal(list.sessions[0]?.label, "touched");
  assert.ok(session);
  const health = await client.request<{ sessions: { count: number } }>("health", { probe: true });
  assert.equal(health.sessions.count, 1);
});
