import { errorText } from "openclaw/plugin-sdk";
import type {
  KernelHooks,
  ListenInfo,
  Logger,
  Manifest,
  Plugin,
  PluginGateway,
  PluginPhase,
  PluginState,
} from "openclaw/plugin-sdk";
import { entryFiles } from "./discovery.ts";
import { running } from "./faults.ts";
import type { Loaded, Loader } from "./loader.ts";
import { contributions, ManifestError } from "./manifest.ts";
import type { Decision } from "./policy.ts";
import { Scope, within } from "./scope.ts";
import type { CloseLimits } from "./scope.ts";

const ACTIVATE_MS = 30_000;
const ACTIVATE_WARN_MS = 5_000;
const RELOAD_LIMITS: CloseLimits = { drainMs: 10_000, disposeMs: 5_000 };
const MAX_DIAGNOSTICS = 20;

export interface RecordParts {
  readonly hooks: Readonly<KernelHooks>;
  readonly loader: Loader;
  readonly log: Logger;
  /** Stock plugins are imported afresh too, because their sources are being edited. */
  readonly watch: boolean;
  readonly createGateway: (manifest: Manifest, config: unknown, scope: Scope) => PluginGateway;
  /** What the user wrote under `plugins.entries.<id>.config`. */
  readonly ownConfig: (id: string) => unknown;
  /** Set once the port is open. */
  readonly listening: () => ListenInfo | undefined;
  readonly faults: (id: string) => number;
}

/** One activation of a plugin's code, with everything it holds. */
interface Generation {
  readonly plugins: readonly Plugin[];
  readonly manifest: Manifest;
  readonly config: unknown;
  readonly scope: Scope;
}

const NO_MANIFEST: Manifest = { id: "" };

/** The life of one plugin. Its steps run one after the other; plugins never wait for each other here. */
export class PluginRecord {
  readonly id: string;
  readonly #parts: RecordParts;
  #decision: Decision;
  #state: PluginPhase = "ready";
  #reason: string | undefined;
  #error: string | undefined;
  #current: Generation | undefined;
  #generation = 0;
  #loadMs: number | undefined;
  #reloadable = true;
  readonly #diagnostics: string[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  constructor(decision: Decision, parts: RecordParts) {
    this.id = decision.candidate.id;
    this.#decision = decision;
    this.#parts = parts;
    this.#state = decision.state ?? "ready";
    this.#reason = decision.reason;
    this.#error = decision.candidate.error?.message;
  }

  get decision(): Decision {
    return this.#decision;
  }

  /** What is found and configured now. The running generation keeps what it was made with. */
  set decision(decision: Decision) {
    this.#decision = decision;
  }

  get manifest(): Manifest {
    return this.#decision.candidate.manifest ?? NO_MANIFEST;
  }

  get state(): PluginPhase {
    return this.#state;
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  /** Why it does not run, for people. */
  get problem(): string {
    return `plugin "${this.id}" is ${this.#state}: ${this.#error ?? this.#reason}`;
  }

  get isActive(): boolean {
    return this.#current !== undefined;
  }

  /** Enabled, and able to serve on first use. */
  get isUsable(): boolean {
    return this.#decision.enabled && this.#state !== "failed" && this.#state !== "invalid";
  }

  /** Plugins that say nothing of what they contribute cannot be activated by use. */
  get startsAtOnce(): boolean {
    const { activation, contributes } = this.manifest;
    return activation === "startup" || (activation === undefined && contributes === undefined);
  }

  /** Run `step` after the steps before it, whatever came of those. */
  serial<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(step, step);
    this.#queue = next.catch(handled);
    return next;
  }

  /** Enabled and waiting for its first use. */
  enable(): void {
    this.#move("ready");
  }

  /** First generation. `prepare` brings up what the plugin requires. Rejects, and stays `failed`, on any error. */
  async activate(prepare: () => Promise<void>): Promise<void> {
    this.#move("activating");
    try {
      await prepare();
      this.#publish(await this.#begin());
    } catch (error) {
      this.#error = error instanceof ManifestError ? error.message : errorText(error);
      this.#parts.log.error(`plugin "${this.id}" failed: ${this.#error}`, { plugin: this.id, err: error });
      this.#move("failed", error instanceof ManifestError ? error.reason : "activate_failed");
      throw error;
    }
  }

  /** New generation for the old one. On any error the old one keeps serving, and the error is thrown. */
  async swap(): Promise<void> {
    const old = this.#current as Generation;
    if (this.manifest.reload === "stop-first") return this.#exchange(old);
    const next = await this.#begin().catch((error: unknown) => this.#keep(error));
    old.scope.retract();
    try {
      this.#publish(next);
    } catch (error) {
      old.scope.publish();
      this.#current = old;
      void next.scope.close(RELOAD_LIMITS);
      this.#keep(error);
    }
    void this.#drain(old);
  }

  /** Take everything back. The plugin is in `state` at once; what still runs drains behind it. */
  async retire(state: PluginPhase, reason: string, error?: string): Promise<void> {
    const old = this.#current;
    this.#current = undefined;
    this.#error = error;
    old?.scope.retract();
    if (error) this.#parts.log.error(`plugin "${this.id}" is ${state}: ${error}`);
    this.#move(state, reason);
    if (old) await this.#drain(old);
  }

  /** For the end of the gateway. Resolves with what went wrong. */
  async close(limits: CloseLimits): Promise<string[]> {
    const old = this.#current;
    this.#current = undefined;
    const problems = (await old?.scope.close(limits)) ?? [];
    return problems.map((problem) => `${this.id}: ${problem}`);
  }

  describe(): PluginState {
    const { candidate, enabled } = this.#decision;
    const { manifest } = candidate;
    const declared = manifest ? contributions(manifest) : {};
    const methods = this.#current ? this.#registered() : [];
    const contributes =
      methods.length > 0
        ? { ...declared, methods: [...new Set([...(declared["methods"] ?? []), ...methods])] }
        : declared;
    return {
      id: this.id,
      name: manifest?.name ?? this.id,
      description: manifest?.description,
      version: manifest?.version,
      group: candidate.group,
      origin: candidate.origin,
      source: candidate.folder,
      enabled,
      state: this.#state,
      reason: this.#reason,
      error: this.#error,
      activation: this.startsAtOnce ? "startup" : "lazy",
      generation: this.#generation,
      loadMs: this.#loadMs,
      contributes,
      diagnostics: [...this.#diagnostics, ...(this.#current ? mismatches(this.id, declared["methods"], methods) : [])],
      faults: this.#parts.faults(this.id),
    };
  }

  /** For what only one may hold: old before new, and the old again if the new one fails. */
  async #exchange(old: Generation): Promise<void> {
    this.#move("draining", "reload");
    this.#current = undefined;
    await this.#drain(old);
    try {
      this.#publish(await this.#begin());
    } catch (error) {
      this.#publish(await this.#run(old.plugins, old.manifest, old.config));
      this.#keep(error);
    }
  }

  #publish(next: Generation): void {
    next.scope.publish();
    this.#current = next;
    this.#error = undefined;
    this.#move("active");
    this.#tellListening();
  }

  /** Say that the new generation failed and the old one goes on. */
  #keep(error: unknown): never {
    this.#error = errorText(error);
    this.#note(`reload failed, the previous generation keeps running: ${this.#error}`);
    const message = `reload of plugin "${this.id}" failed; the previous generation keeps running: ${this.#error}`;
    this.#parts.log.error(message, { plugin: this.id, err: error });
    this.#move("active", "reload_failed");
    throw error;
  }

  async #drain({ scope, manifest }: Generation): Promise<void> {
    const problems = await scope.close(RELOAD_LIMITS);
    if (problems.length === 0) return;
    for (const problem of problems) this.#note(problem);
    this.#parts.log.warn(`plugin "${manifest.id}" did not close cleanly`, { plugin: manifest.id, problems });
    this.#move("zombie", "close_incomplete");
  }

  /** Import the code and activate it with its ways in held back. */
  async #begin(): Promise<Generation> {
    const { manifest } = this;
    const startedAt = performance.now();
    const slow = setTimeout(
      () => this.#parts.log.warn(`plugin "${this.id}" has not activated after ${ACTIVATE_WARN_MS} ms`),
      ACTIVATE_WARN_MS,
    );
    try {
      const files = entryFiles(this.#decision.candidate.folder, manifest);
      const loaded = await Promise.all(files.map((file) => this.#load(file)));
      this.#reloadable = loaded.every((one) => one.reloadable);
      const plugins = loaded.map((one) => one.plugin);
      const next = await this.#run(plugins, manifest, this.#parts.ownConfig(this.id));
      this.#generation++;
      this.#loadMs = Math.round(performance.now() - startedAt);
      return next;
    } finally {
      clearTimeout(slow);
    }
  }

  #load(file: string): Promise<Loaded> {
    const { origin, folder } = this.#decision.candidate;
    if (origin === "bundled" && !this.#parts.watch) return this.#parts.loader.native(file);
    if (!this.#reloadable) throw new Error("its modules cannot be loaded anew in this process; restart the gateway");
    return this.#parts.loader.fresh(file, folder);
  }

  async #run(plugins: readonly Plugin[], manifest: Manifest, config: unknown): Promise<Generation> {
    const scope = new Scope(manifest.id);
    const gateway = this.#parts.createGateway(manifest, config, scope);
    try {
      const work = running.run(scope, async () => {
        for (const plugin of plugins) await plugin.activate(gateway);
      });
      if (await within(work, ACTIVATE_MS)) throw new Error(`activation took longer than ${ACTIVATE_MS} ms`);
      return { plugins, manifest, config, scope };
    } catch (error) {
      void scope.close(RELOAD_LIMITS);
      throw error;
    }
  }

  /** A generation that comes after the port was opened hears of it too. */
  #tellListening(): void {
    const info = this.#parts.listening();
    if (!info) return;
    for (const tap of this.#parts.hooks.listening.taps) {
      // tapable types tap functions as plain ones; these are the guarded ones of tap.ts.
      if (tap.name === this.id) void (tap.fn as (info: ListenInfo) => unknown)(info);
    }
  }

  #registered(): string[] {
    const offers = [...this.#parts.hooks.method.offers.values()];
    return offers.filter(({ owner }) => owner === this.id).map(({ key }) => key);
  }

  #note(text: string): void {
    this.#diagnostics.push(text);
    this.#diagnostics.splice(0, this.#diagnostics.length - MAX_DIAGNOSTICS);
  }

  #move(state: PluginPhase, reason?: string): void {
    const previous = this.#state;
    this.#state = state;
    this.#reason = reason;
    if (previous !== state) this.#parts.hooks.pluginState.call(this.describe(), previous);
  }
}

/** Methods announced but not there, or there but not announced. */
function mismatches(id: string, declared: readonly string[] | undefined, registered: readonly string[]): string[] {
  if (!declared) return [];
  const missing = declared.filter((name) => !registered.includes(name));
  const extra = registered.filter((name) => !declared.includes(name));
  return [
    ...missing.map((name) => `method "${name}" is declared in the manifest of "${id}" but not registered`),
    ...extra.map((name) => `method "${name}" of "${id}" is registered but not declared in its manifest`),
  ];
}

function handled(): void {
  // Whoever asked for the step got the error; the queue only needs to know that it is over.
}
