import assert from "node:assert/strict";
import { test } from "node:test";
import { defineCollection, Gateway, Store, System } from "openclaw/plugin-sdk";
import type { HealthReport } from "openclaw/plugin-sdk";
import { createTestHost, eventually } from "openclaw/plugin-sdk/testing";
import { createStorePlugin } from "./store-plugin.ts";

const REPORT = { ok: true, issues: [{ path: "other", message: "theirs" }], ready: true } as unknown as HealthReport;

test("users of the store hear when intake closes and opens, and health says why", async () => {
  let freeBytes = 1_000;
  let told = 0;
  const system = { health: async () => REPORT, healthChanged: () => void told++ };
  const settings = { store: { minFreeBytes: 10_000 } };
  await using host = await createTestHost(createStorePlugin({ freeBytes: async () => freeBytes }), {
    settings,
    services: [[System, system]],
  });
  const heard: boolean[] = [];
  host.hooksOf(Store).intake.tap("test", ({ isOpen }) => void heard.push(isOpen));
  const look = () => host.hooks.configChanged.call({ paths: [], before: {}, after: {} });

  look();
  await eventually("intake closes", async () => !(await host.use(Store).health()).intake.isOpen);
  const closed = await host.hooksOf(System).health.promise(REPORT, { probe: false });
  freeBytes = 1_000_000_000;
  look();
  await eventually("intake opens", async () => (await host.use(Store).health()).intake.isOpen);
  const open = await host.hooksOf(System).health.promise(REPORT, { probe: false });

  assert.equal(heard.at(-1), true);
  assert.ok(told >= 2);
  assert.equal(closed["ready"], false);
  assert.deepEqual(closed["store"], { intake: false, freeBytes: 1_000 });
  const issues = closed["issues"] as { path: string; message: string }[];
  assert.deepEqual(
    issues.map(({ path }) => path),
    ["other", "store"],
  );
  assert.match(issues[1]?.message ?? "", /no new messages are taken in: 0 MB left on the disk/);
  assert.deepEqual([open["ready"], open["issues"]], [true, REPORT["issues"]]);
});

test("debug lines are held while there is too little room, and let go with the plugin (R-48)", async () => {
  let freeBytes = 1_000;
  const held = new Set<symbol>();
  const holdDebugLogs = () => {
    const hold = Symbol("hold");
    held.add(hold);
    return () => void held.delete(hold);
  };
  const host = await createTestHost(createStorePlugin({ freeBytes: async () => freeBytes }), {
    services: [[Gateway, { holdDebugLogs }]],
  });
  const look = () => host.hooks.configChanged.call({ paths: [], before: {}, after: {} });

  await eventually("they are held", () => held.size === 1);
  freeBytes = 60_000_000;
  look();
  await eventually("they are let go", () => held.size === 0);
  freeBytes = 1_000;
  look();
  await eventually("they are held again", () => held.size === 1);
  await host.close();

  assert.equal(held.size, 0);
});

test("compact gives back what removed records took", async () => {
  await using host = await createTestHost(createStorePlugin());
  const store = host.use(Store);
  const things = defineCollection<string>("things");
  const ids = Array.from({ length: 500 }, (_, n) => `t${n}`);
  await store.commit(ids.map((id) => things.put(id, "x".repeat(10_000))));
  await store.commit(ids.slice(1).map((id) => things.remove(id)));

  const { reclaimedBytes } = (await host.call("store.compact")) as { reclaimedBytes: number };

  assert.ok(reclaimedBytes > 4_000_000, String(reclaimedBytes));
  assert.equal(await store.count(things), 1);
});
