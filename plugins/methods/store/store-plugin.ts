import { join } from "node:path";
import { definePlugin, Gateway, isProvided, Store, System, Type, whenCalm } from "openclaw/plugin-sdk";
import type { Plugin, PluginGateway } from "openclaw/plugin-sdk";
import { DiskSpace } from "./disk-space.ts";
import { FILE_NAME } from "./file-name.ts";
import { SqliteStore } from "./sqlite-store.ts";
import type { Durability } from "./sqlite-store.ts";

const CHECK_MS = 10_000;
/** Before somebody writes; not before those who connect at once. */
const WHEN_CALM = { soonestMs: 250, latestMs: 1_000 };
/** reliability.md R-48. */
const WARN_BYTES = 200_000_000;
const CLOSE_BYTES = 50_000_000;

export interface StorePluginOptions {
  /** Bytes left on the disk; by default what the file system says. */
  readonly freeBytes?: () => Promise<number>;
}

/** The plugin, over any measure of the room left. */
export function createStorePlugin(options: StorePluginOptions = {}): Plugin {
  return definePlugin((gateway) => activate(gateway, options));
}

function activate(gateway: PluginGateway, { freeBytes }: StorePluginOptions): void {
  const { settings, log } = gateway;
  const { stateDir } = gateway.paths;
  const kernel = gateway.use(Gateway);
  /** Lets them go on. */
  let debugLogs: (() => void) | undefined;
  gateway.own("debug logs", () => debugLogs?.());
  const durability = () => settings.get<Durability>("store.durability") ?? "process";
  const space = new DiskSpace({
    directory: stateDir,
    limits: () => ({
      warnBytes: settings.get("store.warnFreeBytes") ?? WARN_BYTES,
      closeBytes: settings.get("store.minFreeBytes") ?? CLOSE_BYTES,
    }),
    log,
    ...(freeBytes && { freeBytes }),
    changed(intake) {
      hooks.intake.call(intake);
      debugLogs?.();
      debugLogs = intake.isOpen || !isProvided(kernel) ? undefined : kernel.holdDebugLogs();
      tellHealth();
    },
  });
  const store = new SqliteStore({ file: join(stateDir, FILE_NAME), durability: durability(), log, space });
  gateway.own("database", () => store.close());
  const hooks = gateway.provide(Store, store);
  gateway.hooks.listening.tap(() => whenCalm(gateway, () => store.prepareToWrite(), WHEN_CALM));
  gateway.setInterval(() => void space.check(), CHECK_MS);
  void space.check();
  gateway.hooks.configChanged.tap(() => {
    store.durability = durability();
    void space.check();
  });

  gateway.hooks.of(System).health.tap(async (report) => {
    const { issues, intake, freeBytes } = await store.health();
    const known = (report["issues"] ?? []) as readonly object[];
    return {
      ...report,
      store: { intake: intake.isOpen, ...(freeBytes !== undefined && { freeBytes }) },
      issues: [...known, ...issues.map((message) => ({ path: "store", message }))],
      ready: report["ready"] !== false && issues.length === 0,
    };
  });
  const system = gateway.use(System);
  const tellHealth = () => {
    try {
      system.healthChanged();
    } catch {
      // Nobody reports health here.
    }
  };

  gateway.method({
    name: "store.compact",
    scope: "operator.admin",
    params: Type.Object({}, { additionalProperties: false }),
    result: Type.Object({ ok: Type.Literal(true), reclaimedBytes: Type.Integer() }),
    handle: () => ({ ok: true, reclaimedBytes: store.compact() }),
  });
}
