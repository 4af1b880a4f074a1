import assert from "node:assert/strict";
import fs, { rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { createWorkshop, enabled, method, start } from "../plugins/workshop.ts";
import type { Workshop } from "../plugins/workshop.ts";

/** A configuration whose hot value is `name`, and a plugin that tells it. */
function named(shop: Workshop, name: string): object {
  const folder = shop.plugin("teller", method("teller.name", `gateway.settings.get("gateway.hostNames")[0]`));
  return { gateway: { reload: { debounceMs: 0 }, hostNames: [name] }, plugins: enabled(folder) };
}

async function runsWith(gateway: TestGateway, name: string): Promise<void> {
  const client = await gateway.client();
  await eventually(`${name} runs`, async () => (await client.request("teller.name")) === name, 15_000);
}

test("where the system watches no more files, edits are found by looking, and the gateway lives", async (t) => {
  using shop = createWorkshop();
  const watch = t.mock.method(fs, "watch", () => {
    throw Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), { code: "ENOSPC" });
  });
  syncBuiltinESMExports();
  t.after(() => {
    watch.mock.restore();
    syncBuiltinESMExports();
  });
  await using gateway = await start(shop, undefined, { config: named(shop, "before.example") });

  gateway.writeConfig(named(shop, "after.example"));

  await runsWith(gateway, "after.example");
  assert.ok(watch.mock.callCount() > 0);
});

test("a disk that takes no copy of the configuration costs the copy and nothing else", async () => {
  using shop = createWorkshop();
  const home = join(shop.folder, "home");
  const { stateDir, run } = await start(shop, undefined, { config: named(shop, "first.example"), home });
  await run.stop("to be continued");
  rmSync(join(stateDir, "backups"), { recursive: true });
  writeFileSync(join(stateDir, "backups"), "a file in the way");

  await using gateway = await start(shop, undefined, { home });
  gateway.writeConfig(named(shop, "second.example"));

  await runsWith(gateway, "second.example");
  assert.equal(gateway.run.state().ready, true);
});
