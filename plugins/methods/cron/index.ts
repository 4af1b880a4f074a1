import { Cron, definePlugin, errorText, Messaging, System } from "openclaw/plugin-sdk";
import type { CronApi } from "openclaw/plugin-sdk";
import { systemClock } from "./clock.ts";
import { CronEventShape } from "./job/shape.ts";
import { registerMethods } from "./methods.ts";
import type { CronService } from "./service.ts";

/** Jobs are looked at when the gateway is up: nobody waits for them at its start. */
const START_AFTER_MS = 250;

export default definePlugin((gateway) => {
  const system = gateway.use(System);
  const tell = gateway.event<object>("cron", { droppable: true, payload: CronEventShape });
  const clock = systemClock();
  gateway.own("timers", () => clock.stop());
  const issuesChanged = () => {
    try {
      system.healthChanged();
    } catch {
      // Nobody tells of health here.
    }
  };

  let opened: Promise<CronService> | undefined;
  let current: CronService | undefined;
  let isUp = false;

  /** Reads the jobs when they are first asked for, and has them run from then on if the gateway is up. */
  function service(): Promise<CronService> {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function open(): Promise<CronService> {
    const { CronService: Service } = await import("./service.ts");
    current = await Service.open({ gateway, clock, tell, issuesChanged });
    if (isUp) await current.start();
    return current;
  }

  async function begin(): Promise<void> {
    isUp = true;
    if (opened) await (await opened).start();
    else await service();
  }

  async function configured(paths: readonly string[]): Promise<void> {
    if (!opened || !paths.some((path) => path === "cron" || path.startsWith("cron."))) return;
    const before = await opened;
    if (paths.some((path) => path === "cron" || path.startsWith("cron.store"))) {
      await before.close(false);
      opened = undefined;
      await service();
    } else await before.configured();
  }

  const failed = (what: string) => (error: unknown) => {
    if (!gateway.signal.aborted) gateway.log.error(`${what}: ${errorText(error)}`, { err: error });
  };
  const api: CronApi = {
    status: async () => (await service()).status(),
    list: async (options) => (await service()).list(options),
    add: async (job, author) => (await service()).add(job, author),
    update: async (id, patch, author) => (await service()).update(id, patch, author),
    remove: async (id) => (await service()).remove(id),
    run: async (id, mode) => (await service()).run(id, mode),
    runs: async (id, limit) => (await service()).runs(id, limit),
  };
  gateway.provide(Cron, api);
  registerMethods(gateway, service);

  gateway.hooks.of(Messaging).delivered.tap((entry) => current?.delivered(entry));
  gateway.hooks.of(System).health.tap((report) => {
    const issues = current?.issues ?? [];
    if (issues.length === 0) return undefined;
    const known = (report["issues"] ?? []) as readonly object[];
    return { ...report, issues: [...known, ...issues.map((message) => ({ path: "cron", message }))] };
  });
  gateway.hooks.listening.tap(() => {
    gateway.setTimeout(() => void begin().catch(failed("jobs could not be started")), START_AFTER_MS);
  });
  gateway.hooks.configChanged.tap(({ paths }) => void configured(paths).catch(failed("cron could not be configured")));
  gateway.hooks.stopping.tap(() => current?.close(false));
  gateway.own("jobs", async () => {
    const isUnwanted = gateway.settings.get<boolean>("plugins.entries.cron.enabled") === false;
    await (await opened?.catch(() => undefined))?.close(isUnwanted);
  });
});
