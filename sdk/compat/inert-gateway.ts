import { GatewayError } from "../error.ts";
import type { PluginGateway } from "../gateway.ts";
import type { Logger } from "../log.ts";
import type { Manifest } from "../manifest.ts";
import type { ServiceToken } from "../service.ts";

/** A plugin in a process that only wants its commands. */
export interface CommandLinePlugin {
  readonly manifest: Manifest;
  /** Absolute path of the entry file. */
  readonly source: string;
  /** Value of the configuration at a dotted path, empty for the whole. */
  readonly get: <T>(path: string) => T | undefined;
  readonly stateDir: string;
  readonly version: string;
  readonly log: Logger;
}

/** A gateway that takes everything and does nothing. Services of it are missing. */
export function inertGateway({ manifest, get, stateDir, version, log }: CommandLinePlugin): PluginGateway {
  const { id } = manifest;
  const point = { tap: ignore, tapPromise: ignore, for: () => point };
  // One tap is as good as another here, so the tables need no names.
  const points = new Proxy({}, { get: () => point }) as never;
  return {
    id,
    manifest,
    version,
    config: get<Record<string, { config?: unknown }>>("plugins.entries")?.[id]?.config,
    settings: { get },
    paths: {
      stateDir,
      state: () => {
        throw new Error(`plugin "${id}" has no state folder here; a gateway is not running in this process`);
      },
    },
    log,
    signal: new AbortController().signal,
    hooks: new Proxy({}, { get: (_, name) => (name === "of" ? () => points : point) }) as never,
    use: missing,
    provide: missing,
    method: ignore,
    route: ignore,
    event: () => ignore,
    validate: () => undefined,
    diagnose: (text) => log.debug(text),
    contributes: ignore,
    keep: (_name, create) => create(),
    own: ignore,
    setTimeout: (fn, ms) => setTimeout(fn, ms),
    setInterval: (fn, ms) => setInterval(fn, ms),
  };
}

function ignore(): void {}

function missing<A extends object>({ name }: ServiceToken<A, object>): never {
  return new Proxy(
    {},
    {
      get() {
        const details = { code: "SERVICE_MISSING", service: name };
        throw new GatewayError("UNAVAILABLE", `service "${name}" runs in the gateway, not here`, { details });
      },
    },
  ) as never;
}
