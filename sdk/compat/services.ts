import type { PluginService, PluginServiceContext } from "./contract.ts";
import { late } from "./deadline.ts";
import type { Established } from "./established.ts";

const START_MS = 30_000;
/** How long the end of a plugin waits for a service that is still starting. */
const SETTLE_MS = 2_000;

/**
 * `api.registerService`: started after the channels, one after the other, stopped in reverse order. A
 * service that does not come up in time, or throws, holds up nobody else.
 */
export function createRegisterService(plugin: Established): (service: PluginService) => void {
  const { gateway, logger } = plugin;
  let queue: Promise<void> = Promise.resolve();

  return (service) => {
    const id = String(service?.id ?? "").trim();
    if (id === "" || typeof service.start !== "function") {
      return gateway.diagnose(`registerService: "${id}" was skipped; a service needs an id and start`);
    }
    if (typeof service.stop !== "function") {
      gateway.diagnose(`service "${id}" has no stop; what it starts outlives a reload, such as its setInterval timers`);
    }
    const context: PluginServiceContext = {
      config: plugin.config(),
      workspaceDir: plugin.workspaceDir(),
      stateDir: gateway.paths.stateDir,
      logger,
    };
    let starting: Promise<void> | undefined;
    plugin.needsStart("services");
    gateway.contributes("services", id);
    gateway.own(`service ${id}`, async () => {
      if (!starting) return;
      await late(starting, SETTLE_MS);
      await service.stop?.(context);
    });

    const start = async () => {
      if (gateway.signal.aborted) return;
      // Its own failure is logged here and is no reason not to stop it.
      starting = (async () => void (await service.start(context)))().catch((error: unknown) => {
        logger.error(`service "${id}" failed to start`, { err: error });
      });
      if (await late(starting, START_MS))
        gateway.diagnose(`service "${id}" has not started after ${START_MS / 1_000} s`);
    };
    plugin.onListening(() => (queue = queue.then(start)));
  };
}
