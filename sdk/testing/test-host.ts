import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ensemble, localClient } from "../../kernel/plugin/ensemble.ts";
import type { Notes } from "../../kernel/plugin/notes.ts";
import { Scope } from "../../kernel/plugin/scope.ts";
import { at } from "../config/validate.ts";
import type { KernelHooks } from "../gateway.ts";
import type { Logger } from "../log.ts";
import type { Manifest } from "../manifest.ts";
import type { OperatorScope, Role } from "../method.ts";
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
  const ensemble = new Ensemble({
    version: SDK_VERSION,
    stateDir,
    // A new object each time: a test may change its settings in place.
    settings: { get: <T>(path: string) => at({ ...options.settings }, path) as T | undefined },
    log: recordingLogger(log),
  });
  const given = new Scope("given");
  for (const [token, implementation] of options.services ?? []) {
    ensemble.services.provide(token, implementation, given);
  }
  given.publish();
  const observer = localClient();
  ensemble.hooks.event.tap("test", ({ event, payload }, client) => {
    if (client === observer) events.push({ name: event, payload });
  });
  ensemble.listen(observer);
  const { notes } = await ensemble.add({ manifest, plugins: [plugin], config: options.config });

  let closing: Promise<string[]> | undefined;
  const close = () =>
    (closing ??= ensemble.close({ drainMs: 1_000, disposeMs: 1_000 }).finally(() => {
      if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
    }));
  return {
    events,
    log,
    hooks: ensemble.hooks,
    notes,
    stateDir,
    close,
    use: (token) => ensemble.services.handle(token),
    hooksOf: (token) => ensemble.services.hooks(token),
    call: (method, params, callOptions = {}) => ensemble.request(localClient(callOptions), method, params, callOptions),
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}

function recordingLogger(lines: { level: string; message: string }[]): Logger {
  const at = (level: string) => (message: string) => void lines.push({ level, message });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
