import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import { testStore } from "./conformance.ts";
import plugin from "./index.ts";

for (const durability of ["process", "full"]) {
  testStore(`sqlite, durability ${durability}`, async () => {
    const stateDir = mkdtempSync(join(tmpdir(), "openclaw-store-"));
    const open = () => createTestHost(plugin, { stateDir, settings: { store: { durability } } });
    let host = await open();
    return {
      store: host.use(Store),
      async reopen() {
        await host.close();
        host = await open();
        return host.use(Store);
      },
      async [Symbol.asyncDispose]() {
        await host.close();
        rmSync(stateDir, { recursive: true, force: true });
      },
    };
  });
}
