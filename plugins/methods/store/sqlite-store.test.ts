import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import { testStore } from "./conformance.ts";
import { createStorePlugin } from "./store-plugin.ts";

for (const durability of ["process", "full"]) {
  testStore(`sqlite, durability ${durability}`, async () => {
    const stateDir = mkdtempSync(join(tmpdir(), "openclaw-store-"));
    let freeBytes = 1_000_000_000;
    const plugin = createStorePlugin({ freeBytes: async () => freeBytes });
    const open = () => createTestHost(plugin, { stateDir, settings: { store: { durability } } });
    let host = await open();
    return {
      store: host.use(Store),
      async reopen() {
        await host.close();
        host = await open();
        return host.use(Store);
      },
      async room(bytes) {
        freeBytes = bytes;
        host.hooks.configChanged.call({ paths: [], before: {}, after: {} });
        await host.use(Store).health();
      },
      async [Symbol.asyncDispose]() {
        await host.close();
        rmSync(stateDir, { recursive: true, force: true });
      },
    };
  });
}
