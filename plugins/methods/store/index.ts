import { join } from "node:path";
import { definePlugin, Store } from "openclaw/plugin-sdk";
import { SqliteStore } from "./sqlite-store.ts";
import type { Durability } from "./sqlite-store.ts";

export default definePlugin((gateway) => {
  const durability = () => gateway.settings.get<Durability>("store.durability") ?? "process";
  const store = new SqliteStore({
    file: join(gateway.paths.stateDir, "openclaw.sqlite"),
    durability: durability(),
    log: gateway.log,
  });
  gateway.own("database", () => store.close());
  gateway.hooks.configChanged.tap(() => void (store.durability = durability()));
  gateway.provide(Store, store);
});
