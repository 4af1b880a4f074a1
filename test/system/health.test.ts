import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { createWorkshop, enabled, reaches, start } from "../plugins/workshop.ts";

interface Condition {
  readonly ok: boolean;
  readonly ready: boolean;
  readonly degraded: boolean;
  readonly reasons: readonly { readonly path: string; readonly message: string }[];
}

const STOCK = ["methods/plugins", "methods/config", "methods/system"];

test("R-21 health and status say degraded and why while a plugin fails or is missing, and are whole again after", async () => {
  using shop = createWorkshop();
  const bundled = shop.bundled(...STOCK);
  const bad = shop.plugin("bad", `throw new Error("no such town")`, { activation: "startup" });
  const plugins = enabled(bad);
  await using gateway = await start(shop, plugins, { bundled });
  const client = await gateway.client();
  const ask = (method: string) => client.request<Condition>(method, {});
  await reaches(gateway, "bad", "failed");

  const failed = await ask("health");
  const status = await ask("status");
  plugins.entries["lost"] = { enabled: true };
  plugins.entries["bad"] = { enabled: false };
  gateway.writeConfig({ plugins, gateway: { reload: { debounceMs: 10 } } });
  const missing = await eventually("the missing one is told", async () => {
    const report = await ask("health");
    return report.reasons.some(({ path }) => path === "plugins.entries.lost") && report;
  });
  delete plugins.entries["lost"];
  gateway.writeConfig({ plugins, gateway: { reload: { debounceMs: 10 } } });
  const whole = await eventually("it is whole", async () => {
    const report = await ask("health");
    return !report.degraded && report;
  });

  const { ok, ready, degraded, reasons } = failed;
  assert.deepEqual({ ok, ready, degraded, paths: reasons.map(({ path }) => path) }, WITHOUT_BAD);
  assert.match(reasons[0]?.message ?? "", /^failed: .*no such town/);
  assert.deepEqual({ degraded: status.degraded, reasons: status.reasons }, { degraded, reasons });
  assert.deepEqual(
    missing.reasons.map(({ path }) => path),
    ["plugins.entries.lost"],
  );
  assert.deepEqual({ ready: whole.ready, reasons: whole.reasons }, { ready: true, reasons: [] });
});

const WITHOUT_BAD = { ok: true, ready: true, degraded: true, paths: ["plugins.entries.bad"] };

test("a required plugin that fails is told once, and the gateway is not ready", async () => {
  using shop = createWorkshop();
  const bundled = shop.bundled(...STOCK);
  const bad = shop.plugin("bad", `throw new Error("no such town")`, { activation: "startup" });
  const plugins = enabled(bad);
  plugins.entries["bad"] = { enabled: true, required: true };
  await using gateway = await start(shop, plugins, { bundled });
  const client = await gateway.client();
  await reaches(gateway, "bad", "failed");

  const { ready, degraded, reasons } = await client.request<Condition>("health", {});

  assert.deepEqual({ ready, degraded, count: reasons.length }, { ready: false, degraded: true, count: 1 });
  assert.match(reasons[0]?.message ?? "", /^required plugin is failed: /);
});

test("a report that was begun before something broke is neither handed out nor kept", async () => {
  using shop = createWorkshop();
  const bundled = shop.bundled(...STOCK);
  // Holds every report up until it is told to let go.
  const slow = shop.plugin(
    "slow",
    `const { System } = require("openclaw/plugin-sdk");
     globalThis.held = [];
     gateway.hooks.of(System).health.tapPromise(async (report) => {
       if (globalThis.hold) await new Promise((resolve) => globalThis.held.push(resolve));
       return report;
     });`,
    { activation: "startup" },
  );
  const plugins = enabled(slow);
  await using gateway = await start(shop, plugins, { bundled });
  const client = await gateway.client();
  const host = globalThis as { hold?: boolean; held?: (() => void)[] };
  host.hold = true;
  const early = client.request<Condition>("health", { probe: true });
  await eventually("a report waits", () => (host.held?.length ?? 0) > 0);

  plugins.entries["lost"] = { enabled: true };
  gateway.writeConfig({ plugins, gateway: { reload: { debounceMs: 10 }, port: "x" } });
  await eventually("the file is found wrong", () => gateway.run.state().issues.length > 0);
  host.hold = false;
  const late = await client.request<Condition>("health", {});
  for (const release of host.held ?? []) release();
  const first = await early;
  const kept = await client.request<Condition>("health", {});

  assert.equal(first.degraded, false);
  assert.deepEqual([late.degraded, kept.degraded], [true, true]);
});
