import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { GatewayError, Gateway, Plugins } from "openclaw/plugin-sdk";
import type { GatewayState, Logger, PluginState, Stage } from "openclaw/plugin-sdk";
import { at } from "openclaw/plugin-sdk/config";
import { Ensemble, localClient } from "./ensemble.ts";
import type { Member } from "./ensemble.ts";
import { Scope, within } from "./scope.ts";

/** V8 compiles what ran a few times, and notes what code sees from the eighth time on: here from the first. */
const AT_ONCE = ["--no-lazy-feedback-allocation", "--always-sparkplug"];
const AS_EVER = ["--lazy-feedback-allocation", "--no-always-sparkplug"];
/** Longest play: who never answers must not keep V8 and the next rehearsal waiting. */
const PLAY_MS = 15_000;
const LIMITS = { drainMs: 1_000, disposeMs: 1_000 };

export interface RehearsalParts {
  readonly version: string;
  readonly stateDir: string;
  readonly log: Logger;
  /** The configuration it is played on. */
  readonly settings: object;
  /** What the gateway really is: plugins may look, and change nothing. */
  readonly state: () => GatewayState;
  readonly plugins: () => readonly PluginState[];
}

/**
 * Let `play` use `cast` as it would use a gateway of nothing else, with a configuration of its own and a state
 * directory that goes afterwards. What runs meanwhile is compiled to stay. Rejects with what an activation or `play` threw.
 */
export async function rehearse(
  cast: readonly Member[],
  play: (stage: Stage) => Promise<void>,
  { version, stateDir: real, log, settings, state, plugins }: RehearsalParts,
): Promise<void> {
  // Where the next one finds what a killed gateway has left.
  const stateDir = join(real, "cache", "rehearsal");
  await rm(stateDir, { recursive: true, force: true });
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const ensemble = new Ensemble({
    version,
    stateDir,
    settings: { get: <T>(path: string) => at(settings, path) as T | undefined },
    log: quiet(log),
    // The plugins that serve are not to blame.
    nameOf: (id) => `rehearsal of ${id}`,
  });
  const client = localClient({ scopes: ["operator.admin"] });
  const kernel = new Scope("kernel");
  const never = () => {
    throw new GatewayError("INVALID_REQUEST", "a rehearsal changes nothing");
  };
  ensemble.services.provide(Plugins, { list: plugins, reload: never, rehearse: never }, kernel);
  ensemble.services.provide(
    Gateway,
    {
      state,
      clients: () => [client],
      disconnect: () => false,
      restart: never,
      stop: never,
      isOwnSecret: () => false,
      holdDebugLogs: () => () => undefined,
      tls: () => undefined,
    },
    kernel,
  );
  kernel.publish();
  ensemble.listen(client);
  try {
    for (const member of cast) await ensemble.add(member);
    await ensemble.hooks.listening.promise({ host: "127.0.0.1", port: 0 });
    AT_ONCE.forEach(setFlagsFromString);
    const request = (method: string, params: unknown) =>
      ensemble.request(client, method, params, { onAccepted: () => undefined });
    if (await within(play({ request }), PLAY_MS)) throw new Error(`it took longer than ${PLAY_MS} ms`);
  } finally {
    AS_EVER.forEach(setFlagsFromString);
    await ensemble.close(LIMITS);
    await rm(stateDir, { recursive: true, force: true });
  }
}

/** Whatever is said there is not news from the gateway. */
function quiet(log: Logger): Logger {
  const debug = (message: string, fields?: object) => log.debug(`rehearsal: ${message}`, fields);
  return { debug, info: debug, warn: debug, error: debug };
}
