import { Config, Gateway, GatewayError, Plugins } from "openclaw/plugin-sdk";
import type {
  Client,
  ConfigIssue,
  ConfigWriteResult,
  GatewayApi,
  GatewayState,
  KernelHooks,
  ReloadPlan,
} from "openclaw/plugin-sdk";
import { ConfigError, ConfigWriteError, planReload } from "openclaw/plugin-sdk/config";
import type { ConfigStore } from "openclaw/plugin-sdk/config";
import type { PluginHost } from "./plugin/host.ts";
import type { RehearsalParts } from "./plugin/rehearsal.ts";
import { Scope } from "./plugin/scope.ts";
import type { Services } from "./plugin/services.ts";
import { compileHooks } from "./plugin/tap.ts";
import type { ReloadLoop } from "./reload.ts";

export interface KernelServiceParts {
  readonly services: Services;
  readonly hooks: Readonly<KernelHooks>;
  readonly store: ConfigStore;
  readonly loop: ReloadLoop;
  readonly host: PluginHost;
  readonly state: () => GatewayState;
  readonly clients: () => readonly Client[];
  readonly disconnect: (connId: string, code: number, reason: string) => boolean;
  readonly restart: (reason: string, delayMs: number) => void;
  readonly stop: (reason: string) => void;
  readonly isOwnSecret: GatewayApi["isOwnSecret"];
  readonly tls: GatewayApi["tls"];
  readonly holdDebugLogs: GatewayApi["holdDebugLogs"];
  readonly rehearsal: Pick<RehearsalParts, "version" | "stateDir" | "log">;
}

/** What plugins can do with the gateway itself, through the same mechanism as any service. */
export function provideKernelServices(parts: KernelServiceParts): void {
  const { services, store, loop, host } = parts;
  const scope = new Scope("kernel");
  /** One after the other: they play at the same place. */
  let rehearsals: Promise<void> = Promise.resolve();

  services.provide(
    Config,
    {
      snapshot: () => Promise.resolve(withFileIssues(store.snapshot(store.read()), loop.issues)),
      async write(edit, options): Promise<ConfigWriteResult> {
        const { loaded, changed } = await store.write(edit, options).catch(refused);
        const plan = planReload(changed, [...loop.running.manifests, ...loaded.manifests]);
        // Applied here and now; the watcher sees a file whose hash is already running.
        await loop.apply();
        return { hash: loaded.source.hash, changed, plan };
      },
      async plan(edit): Promise<ReloadPlan> {
        try {
          return store.plan(edit);
        } catch (error) {
          return refused(error);
        }
      },
      async override(values, { actor }): Promise<ReloadPlan> {
        const { plan, changed } = await loop.override(values).catch(refused);
        if (changed.length > 0) store.auditOverrides(actor, changed, loop.running);
        return plan;
      },
      overrides: () => loop.overrides,
      schema: () => store.schema(loop.running),
    },
    scope,
  );
  services.provide(
    Plugins,
    {
      list: () => host.list(),
      reload: (id) => host.reload(id),
      rehearse({ plugins, settings = {} }, play) {
        const next = rehearsals.then(async () => {
          // Nobody waits for it: its code is loaded when a start is over.
          const { rehearse } = await import("./plugin/rehearsal.ts");
          const { rehearsal, state } = parts;
          await rehearse(await host.cast(plugins), play, { ...rehearsal, settings, state, plugins: () => host.list() });
          [parts.hooks, ...services.tables()].forEach(compileHooks);
        });
        rehearsals = next.catch(() => undefined);
        return next;
      },
    },
    scope,
  );
  services.provide(
    Gateway,
    {
      state: parts.state,
      clients: parts.clients,
      disconnect: parts.disconnect,
      restart: parts.restart,
      stop: parts.stop,
      isOwnSecret: parts.isOwnSecret,
      tls: parts.tls,
      holdDebugLogs: parts.holdDebugLogs,
    },
    scope,
  );
  scope.publish();
}

function refused(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  if (error instanceof ConfigWriteError) {
    throw new GatewayError("UNAVAILABLE", error.message, { details: { code: "WRITE_FAILED" }, cause: error });
  }
  const issues = error.issues.map(({ path, message, hint }) => ({ path, message, ...(hint && { hint }) }));
  throw new GatewayError("INVALID_REQUEST", error.message, {
    details: { code: issues.length > 0 ? "CONFIG_INVALID" : "CONFLICT", ...(issues.length > 0 && { issues }) },
    cause: error,
  });
}

function withFileIssues<T extends { readonly valid: boolean; readonly issues: readonly ConfigIssue[] }>(
  snapshot: T,
  issues: readonly ConfigIssue[],
): T {
  if (issues.length === 0 || snapshot.issues.length > 0) return snapshot;
  return { ...snapshot, valid: false, issues };
}
