import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHooks } from "../../kernel/hooks.ts";
import { createPluginGateway } from "../../kernel/plugin/api.ts";
import { Faults, running } from "../../kernel/plugin/faults.ts";
import type { Notes } from "../../kernel/plugin/notes.ts";
import { Scope } from "../../kernel/plugin/scope.ts";
import { Services } from "../../kernel/plugin/services.ts";
import { EventTable } from "../../kernel/wire/events.ts";
import { Dispatcher } from "../../kernel/wire/methods.ts";
import { at } from "../config/validate.ts";
import { GatewayError } from "../error.ts";
import type { ErrorCode, ErrorShape } from "../error.ts";
import type { KernelHooks } from "../gateway.ts";
import type { Logger } from "../log.ts";
import type { Manifest } from "../manifest.ts";
import type { Client, OperatorScope, Role } from "../method.ts";
import type { Plugin } from "../plugin.ts";
import type { ServiceToken } from "../service.ts";
import { SDK_VERSION } from "../version.ts";

export interface TestEvent {
  readonly name: string;
  readonly payload: unknown;
}

export interface TestHostOptions {
  /** Overrides of the manifest; by default id `test` and every permission. */
  readonly manifest?: Partial<Manifest>;
  /** What stands under `plugins.entries.<id>.config`. */
  readonly config?: unknown;
  /** The whole configuration, for `gateway.settings`. */
  readonly settings?: object;
  /** Services the plugin uses. */
  readonly services?: readonly (readonly [ServiceToken<object>, object])[];
  /** Kept by the caller; by default a folder that goes with the host. */
  readonly stateDir?: string;
}

export interface TestCallOptions {
  readonly scopes?: readonly OperatorScope[];
  readonly role?: Role;
  /** Called with the first answer of a two-phase method. */
  readonly onAccepted?: (payload: unknown) => void;
}

/** One plugin under the real rules of the kernel, without sockets. */
export interface TestHost extends AsyncDisposable {
  /** Call a method as a client would. A refusal rejects with a `GatewayError`. */
  call(method: string, params?: unknown, options?: TestCallOptions): Promise<unknown>;
  /** Broadcast so far. */
  readonly events: readonly TestEvent[];
  /** Lines the plugin logged. */
  readonly log: readonly { readonly level: string; readonly message: string }[];
  readonly hooks: Readonly<KernelHooks>;
  /** What the plugin told the operator, as `plugins list` shows it. */
  readonly notes: Notes;
  /** A handle to a service the plugin provides. */
  use<A extends object, H extends object>(token: ServiceToken<A, H>): A;
  /** The raw hooks of a service, to fire what the plugin taps. */
  hooksOf<A extends object, H extends object>(token: ServiceToken<A, H>): H;
  readonly stateDir: string;
  /** Close the plugin. Resolves with what it left behind. */
  close(): Promise<string[]>;
}

/** Activate `plugin` in a host of its own. Rejects with what its activation threw. */
export async function createTestHost(plugin: Plugin, options: TestHostOptions = {}): Promise<TestHost> {
  const manifest: Manifest = { id: "test", permissions: ["config", "plugins", "gateway", "auth"], ...options.manifest };
  const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), "openclaw-test-"));
  const log: { level: string; message: string }[] = [];
  const events: TestEvent[] = [];
  const logger = recordingLogger(log);
  const hooks = createHooks();
  const faults = new Faults(logger);
  const services = new Services(() => undefined);
  const table = new EventTable(hooks);
  const dispatcher = new Dispatcher({ hooks, announcedScope: () => undefined, log: () => undefined });
  const given = new Scope("given");
  for (const [token, implementation] of options.services ?? []) services.provide(token, implementation, given);
  given.publish();
  hooks.event.tap("test", ({ event, payload }, client) => {
    if (client === OBSERVER) events.push({ name: event, payload });
  });
  table.receivers.set("observer", {
    client: OBSERVER,
    bufferedBytes: 0,
    sendFrame: () => undefined,
    closeSlow: () => undefined,
    close: () => undefined,
  });

  const scope = new Scope(manifest.id);
  const gateway = createPluginGateway(manifest, options.config, scope, {
    version: SDK_VERSION,
    hooks,
    services,
    events: table,
    faults,
    stateDir,
    // A new object each time: a test may change its settings in place.
    settings: { get: <T>(path: string) => at({ ...options.settings }, path) as T | undefined },
    log: () => logger,
  });
  await running.run(scope, async () => plugin.activate(gateway));
  scope.publish();

  let closing: Promise<string[]> | undefined;
  const close = () =>
    (closing ??= scope.close({ drainMs: 1_000, disposeMs: 1_000 }).finally(() => {
      dispatcher.close();
      if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
    }));
  return {
    events,
    log,
    hooks,
    notes: scope.notes,
    stateDir,
    close,
    use: (token) => services.handle(token),
    hooksOf: (token) => services.hooks(token),
    call: (method, params, callOptions) => call(dispatcher, method, params, callOptions),
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}

const OBSERVER = clientOf({ scopes: ["operator.admin"] });

function clientOf({ scopes = ["operator.admin"], role = "operator" }: TestCallOptions): Client {
  return {
    connId: "test",
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

function call(
  dispatcher: Dispatcher,
  method: string,
  params: unknown,
  options: TestCallOptions = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const send = (text: string) => {
      const answer = JSON.parse(text) as Answer;
      const accepted = (answer.payload as { status?: unknown } | undefined)?.status === "accepted";
      if (answer.ok && accepted && options.onAccepted) return options.onAccepted(answer.payload);
      if (answer.ok) return resolve(answer.payload);
      const { code = "UNAVAILABLE", message = "", details } = answer.error ?? {};
      reject(
        new GatewayError(code as ErrorCode, message, {
          ...(typeof details === "object" && details !== null && { details: details as Record<string, unknown> }),
          payload: answer.payload,
        }),
      );
    };
    dispatcher.dispatch({ client: clientOf(options), send }, { type: "req", id: "1", method, params });
  });
}

function recordingLogger(lines: { level: string; message: string }[]): Logger {
  const at = (level: string) => (message: string) => void lines.push({ level, message });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
