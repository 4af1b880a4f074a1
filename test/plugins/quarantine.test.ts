import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { configure, startChild } from "./gateway-child.ts";
import type { GatewayChild } from "./gateway-child.ts";
import { createWorkshop, enabled, entry } from "./workshop.ts";

const marks = (home: string) => readdirSync(join(home, ".openclaw/quarantine"));

function settles(gateway: GatewayChild, id: string) {
  return eventually(`${id} has settled`, async () => {
    const plugin = await gateway.plugin(id);
    return plugin.state !== "activating" && plugin.state !== "ready" && plugin;
  });
}

const DEADLY = { "when it is activated": entry("process.exit(7);"), "when it is imported": "process.exit(7);" };

for (const [when, text] of Object.entries(DEADLY)) {
  test(`a plugin that ends the process ${when} stays out of the next start, until its code changes`, async () => {
    using shop = createWorkshop();
    const deadly = shop.plugin("deadly", "");
    writeFileSync(join(deadly, "index.cjs"), text);
    const slow = shop.plugin("slow", "await new Promise((resolve) => setTimeout(resolve, 300));");
    configure(shop.folder, { plugins: enabled(deadly, slow) });

    const first = await startChild(shop.folder);
    const { how } = await first.ended;
    {
      await using second = await startChild(shop.folder);
      const { state, reason, error } = await settles(second, "deadly");
      assert.deepEqual([state, reason], ["failed", "crashed_last_start"]);
      assert.match(String(error), /activating it ended the gateway's process/);
      assert.equal((await settles(second, "slow")).state, "active", "one that was activated beside it is not blamed");
    }
    writeFileSync(join(deadly, "index.cjs"), entry(""));
    await using third = await startChild(shop.folder);
    const mended = await settles(third, "deadly");

    assert.equal(how, 7);
    assert.equal(mended.state, "active");
    assert.deepEqual(marks(shop.folder), []);
  });
}

test("a change of its configuration, or a reload by the operator, gives a plugin in quarantine another go", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("moody", `if (require("node:fs").existsSync(gateway.config.path)) process.exit(7);`);
  const trigger = shop.write({ trigger: "" });
  const plugins = (path: string) => ({
    load: { paths: [folder] },
    entries: { moody: { enabled: true, config: { path } } },
  });
  configure(shop.folder, { plugins: plugins(trigger) });

  await (
    await startChild(shop.folder)
  ).ended;
  {
    await using gateway = await startChild(shop.folder);
    assert.equal((await settles(gateway, "moody")).reason, "crashed_last_start");
    configure(shop.folder, { plugins: plugins(join(shop.folder, "nothing")) });
    await eventually("moody runs", async () => (await gateway.plugin("moody")).state === "active");
  }
  configure(shop.folder, { plugins: plugins(trigger) });
  await (
    await startChild(shop.folder)
  ).ended;
  await using gateway = await startChild(shop.folder);
  const client = await gateway.client();
  const before = await settles(gateway, "moody");
  const { rmSync } = await import("node:fs");
  rmSync(trigger);
  const { ok } = await client.request<{ ok: boolean }>("plugins.reload", { id: "moody" });

  assert.equal(before.reason, "crashed_last_start");
  assert.equal(ok, true);
  assert.equal((await gateway.plugin("moody")).state, "active");
});

test("a process that is killed while a plugin is activated blames nobody the first time, and the plugin the second", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("fatal", `process.kill(process.pid, "SIGKILL"); await new Promise(() => {});`);
  configure(shop.folder, { plugins: enabled(folder) });

  const ends = [];
  for (let n = 0; n < 2; n++) ends.push((await (await startChild(shop.folder)).ended).how);
  await using gateway = await startChild(shop.folder);

  assert.deepEqual(ends, ["SIGKILL", "SIGKILL"]);
  assert.equal((await settles(gateway, "fatal")).reason, "crashed_last_start");
});

test("a process that ends later, of a plugin that is long active, puts nobody in quarantine", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "sudden",
    `gateway.method({ name: "sudden.exit", scope: "operator.read", params: Type.Object({}), handle: () => process.exit(3) });`,
  );
  configure(shop.folder, { plugins: enabled(folder) });

  const first = await startChild(shop.folder);
  await settles(first, "sudden");
  (await first.client()).request("sudden.exit").catch(() => undefined);
  const { how } = await first.ended;
  await using second = await startChild(shop.folder);

  assert.equal(how, 3);
  assert.equal((await settles(second, "sudden")).state, "active");
});
