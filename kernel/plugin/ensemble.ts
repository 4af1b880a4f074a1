import { randomUUID } from "node:crypto";
import { GatewayError } from "openclaw/plugin-sdk";
import type {
  Client,
  ErrorCode,
  ErrorShape,
  KernelHooks,
  Logger,
  Manifest,
  OperatorScope,
  Plugin,
  Role,
  Settings,
} from "openclaw/plugin-sdk";
import { createHooks } from "../hooks.ts";
import { EventTable } from "../wire/events.ts";
import { Dispatcher } from "../wire/methods.ts";
import { createPluginGateway } from "./api.ts";
import { Faults, running } from "./faults.ts";
import { Scope } from "./scope.ts";
import type { CloseLimits } from "./scope.ts";
import { Services } from "./services.ts";

export interface EnsembleParts {
  readonly version: string;
  readonly stateDir: string;
  readonly settings: Settings;
  readonly log: Logger;
  /** What a plugin is called when something goes wrong that only the process sees. By default its id. */
  readonly nameOf?: (id: string) => string;
}

/** One plugin as it is activated: its code, its manifest, and what stands under `plugins.entries.<id>.config`. */
export interface Member {
  readonly manifest: Manifest;
  readonly plugins: readonly Plugin[];
  readonly config?: unknown;
}

export interface ClientOptions {
  readonly scopes?: readonly OperatorScope[] | undefined;
  readonly role?: Role | undefined;
}

export interface AskOptions {
  /** Called with the first answer of a two-phase method. */
  readonly onAccepted?: ((payload: unknown) => void) | undefined;
}

/**
 * Plugins under the rules of the kernel, among themselves: hooks, services and events are their own, and there is no
 * socket, no configuration file and no reload. For tests of plugins, and for rehearsals.
 */
export class Ensemble {
  readonly hooks: Readonly<KernelHooks> = createHooks();
  readonly services: Services = new Services(() => undefined);
  readonly events: EventTable = new EventTable(this.hooks);
  readonly #parts: EnsembleParts;
  readonly #faults: Faults;
  readonly #dispatcher: Dispatcher;
  readonly #scopes: Scope[] = [];

  constructor(parts: EnsembleParts) {
    this.#parts = parts;
    this.#faults = new Faults(parts.log);
    this.#dispatcher = new Dispatcher({ hooks: this.hooks, announcedScope: () => undefined, log: () => undefined });
  }

  /** Activate a plugin and show what it offers. Rejects with what its activation threw. */
  async add({ manifest, plugins, config }: Member): Promise<Scope> {
    const { version, stateDir, settings, log, nameOf = String } = this.#parts;
    const scope = new Scope(nameOf(manifest.id));
    this.#scopes.push(scope);
    const gateway = createPluginGateway(manifest, config, scope, {
      version,
      hooks: this.hooks,
      services: this.services,
      events: this.events,
      faults: this.#faults,
      settings,
      stateDir,
      log: () => log,
    });
    await running.run(scope, async () => {
      for (const plugin of plugins) await plugin.activate(gateway);
    });
    scope.publish();
    return scope;
  }

  /** Call a method as `client` would. A refusal rejects with a `GatewayError`. */
  request(client: Client, method: string, params?: unknown, { onAccepted }: AskOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const send = (text: string) => {
        const answer = JSON.parse(text) as Answer;
        const accepted = (answer.payload as { status?: unknown } | undefined)?.status === "accepted";
        if (answer.ok && accepted && onAccepted) return onAccepted(answer.payload);
        if (answer.ok) return resolve(answer.payload);
        const { code = "UNAVAILABLE", message = "", details } = answer.error ?? {};
        reject(
          new GatewayError(code as ErrorCode, message, {
            ...(typeof details === "object" && details !== null && { details: details as Record<string, unknown> }),
            payload: answer.payload,
          }),
        );
      };
      this.#dispatcher.dispatch({ client, send }, { type: "req", id: "1", method, params });
    });
  }

  /** Let `client` hear the events. */
  listen(client: Client): void {
    const ignore = () => undefined;
    this.events.receivers.set(client.connId, {
      client,
      bufferedBytes: 0,
      sendFrame: ignore,
      closeSlow: ignore,
      close: ignore,
    });
  }

  /** Close every plugin, the last to come first. Resolves with what they left behind. */
  async close(limits: CloseLimits): Promise<string[]> {
    const problems: string[] = [];
    for (const scope of this.#scopes.splice(0).reverse()) problems.push(...(await scope.close(limits)));
    this.#dispatcher.close();
    return problems;
  }
}

/** A client of this machine that is connected to nothing. */
export function localClient({ scopes = ["operator.admin"], role = "operator" }: ClientOptions = {}): Client {
  return {
    connId: randomUUID(),
    role,
    scopes: new Set(scopes),
    caps: new Set(),
    connect: { minProtocol: 3, maxProtocol: 3, client: { id: "test", version: "1", platform: "test", mode: "test" } },
    isLocal: true,
    remoteIp: undefined,
    host: "127.0.0.1",
    deviceId: undefined,
    isSecure: false,
    connectedAtMs: 0,
  };
}

interface Answer {
  readonly ok: boolean;
  readonly payload?: unknown;
  readonly error?: ErrorShape;
}
