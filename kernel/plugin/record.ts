import { errorText, GatewayError } from "openclaw/plugin-sdk";
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
import { describePlugin, ManifestError, pluginEntries, startsAtOnce } from "openclaw/plugin-sdk/plugins";
import type { Decision } from "openclaw/plugin-sdk/plugins";
import { running } from "./faults.ts";
import type { Loader } from "./loader.ts";
import { placeIn } from "./place.ts";
import type { Quarantine } from "./quarantine.ts";
import { Scope, within } from "./scope.ts";
import type { CloseLimits } from "./scope.ts";

/** How long a plugin may take (kernel-notes §6). */
export interface PluginLimits extends CloseLimits {
  /** Milliseconds for the import of its code, and again for its activation. */
  readonly activateMs: number;
}

export const PLUGIN_LIMITS: PluginLimits = { activateMs: 30_000, drainMs: 10_000, disposeMs: 5_000 };
const WARN_MS = 5_000;
const MAX_DIAGNOSTICS = 20;

export interface RecordParts {
  readonly hooks: Readonly<KernelHooks>;
  readonly loader: Loader;
  readonly log: Logger;
  /** Stock plugins are imported afresh too, because their sources are being edited. */
  readonly watch: boolean;
  readonly limits: PluginLimits;
  readonly quarantine: Quarantine;
  readonly createGateway: (manifest: Manifest, config: unknown, scope: Scope) => PluginGateway;
  /** What the user wrote under `plugins.entries.<id>.config`. */
  readonly ownConfig: (id: string) => unknown;
  /** Set once the port is open. */
  readonly listening: () => ListenInfo | undefined;
  readonly faults: (id: string) => number;
}

/** One import of a plugin's code and what it was made with. Its scope owns everything that the code adds. */
interface Generation {
  readonly plugins: readonly Plugin[];
  readonly manifest: Manifest;
  readonly config: unknown;
  readonly scope: Scope;
  readonly startedAt: number;
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
  /** Of a generation that is not active yet. */
  #staged: Scope | undefined;
  /** Retired generations that have not closed yet. */
  readonly #leaving = new Set<Promise<void>>();
  #closed = false;
  #generation = 0;
  #loadMs: number | undefined;
  readonly #diagnostics: string[] = [];
  /** What one generation leaves to the next. */
  readonly #kept = new Map<string, unknown>();
  /** What the last generation said that did not come up. */
  #failedNotes: readonly string[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  constructor(decision: Decision, parts: RecordParts) {
    this.id = decision.candidate.id;
    this.#decision = decision;
    this.#parts = parts;
    this.#state = decision.state ?? "ready";
    this.#reason = decision.reason;
    this.#error = decision.candidate.error?.message;
  }

  /** The line of the plugin's own code that an error came from; nothing for a bundle, which nobody reads. */
  placeOf(error: unknown): string | undefined {
    const { folder, origin } = this.#decision.candidate;
    return origin === "bundled" ? undefined : placeIn(folder, error);
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

  /** The code of the running generation. */
  get plugins(): readonly Plugin[] {
    return this.#current?.plugins ?? [];
  }

  /** Enabled, and able to serve on first use. */
  get isUsable(): boolean {
    return this.#decision.enabled && this.#state !== "failed" && this.#state !== "invalid";
  }

  get startsAtOnce(): boolean {
    return startsAtOnce(this.manifest);
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

  /**
   * New generation for the old one, if there is one. `prepare` brings up what the plugin requires. On any error an
   * old generation keeps serving, a plugin without one is `failed`, and the error is thrown.
   */
  async renew(prepare: () => Promise<void>): Promise<void> {
    const old = this.#current;
    const { quarantine, watch } = this.#parts;
    const { folder, origin } = this.#decision.candidate;
    const reload = this.manifest.reload ?? old?.manifest.reload;
    if (!old) this.#move("activating");
    try {
      if (this.#closed) throw new Error("the gateway is stopping");
      if (old && reload === "restart") throw new Error("its manifest asks for a restart of the gateway");
      await prepare();
      const config = this.#parts.ownConfig(this.id);
      if (origin !== "bundled" || watch) quarantine.enter(this.id, folder, [folder, this.manifest, config]);
      const next = await this.#load(config);
      if (reload === "stop-first") await this.#exchange(next, old);
      else await this.#publish(await this.#activate(next), old);
      if (old) this.#drain(old);
    } catch (error) {
      const text = error instanceof ManifestError ? error.message : this.#blamed(error);
      if (this.#current) this.keep(reasonOf(error) ?? "reload_failed", text, error);
      else this.#fail(reasonOf(error) ?? "activate_failed", text, error);
      throw error;
    } finally {
      quarantine.leave(this.id);
      this.#staged = undefined;
    }
  }

  /** Stop waiting for a generation that is about to become active: it is not wanted any more. */
  abandon(): void {
    void this.#staged?.close(this.#parts.limits);
  }

  /** A change cannot be carried out: the generation that runs keeps serving. */
  keep(reason: string, error: string, cause?: unknown): void {
    this.#error = error;
    const text = `reload of plugin "${this.id}" failed; the previous generation keeps running: ${error}`;
    this.#parts.log.error(text, { plugin: this.id, ...(cause !== undefined && { err: cause }) });
    this.#move("active", reason);
  }

  /** A change that could not be carried out was taken back. */
  resume(): void {
    this.#error = undefined;
    this.#move("active");
  }

  /** Take everything back. The plugin is in `state` at once; what still runs drains behind it. */
  retire(state: PluginPhase, reason: string, error?: string): void {
    const old = this.#current;
    this.#current = undefined;
    this.#error = error;
    old?.scope.retract();
    this.#kept.clear();
    if (error) this.#parts.log.error(`plugin "${this.id}" is ${state}: ${error}`);
    this.#move(state, reason);
    if (old) this.#drain(old);
  }

  /** Resolves when nothing retired is left to close. */
  async closed(): Promise<void> {
    await Promise.all(this.#leaving);
  }

  /** For the end of the gateway: nothing can be activated any more. Resolves with what went wrong. */
  async close(limits: CloseLimits): Promise<string[]> {
    this.#closed = true;
    const open = [this.#current?.scope, this.#staged];
    this.#current = undefined;
    const problems = await Promise.all(open.map((scope) => scope?.close(limits) ?? []));
    await this.closed();
    return problems.flat().map((problem) => `${this.id}: ${problem}`);
  }

  describe(): PluginState {
    const found = describePlugin(this.#decision);
    const declared = found.contributes;
    const methods = this.#current ? this.#registered() : [];
    const notes = this.#current?.scope.notes;
    return {
      ...found,
      id: this.id,
      name: this.manifest.name ?? this.id,
      state: this.#state,
      reason: this.#reason,
      error: this.#error,
      generation: this.#generation,
      loadMs: this.#loadMs,
      contributes: notes?.merge(declared) ?? declared,
      diagnostics: [
        ...new Set([...this.#diagnostics, ...this.#failedNotes, ...(notes?.diagnostics ?? [])]),
        ...(this.#current ? mismatches(this.id, declared["methods"], methods) : []),
      ],
      unsupported: [...(notes?.unsupported ?? [])],
      faults: this.#parts.faults(this.id),
    };
  }

  /** For what only one may hold: old before new, and the old again if the new one fails. */
  async #exchange(next: Generation, old: Generation | undefined): Promise<void> {
    if (old) {
      this.#current = undefined;
      this.#move("draining", "reload");
      this.#drain(old);
    }
    await this.closed();
    try {
      await this.#publish(await this.#activate(next));
    } catch (error) {
      if (old) await this.#bringBack(old, error);
      throw error;
    }
  }

  async #bringBack(old: Generation, error: unknown): Promise<void> {
    try {
      await this.#publish(await this.#activate({ ...old, scope: this.#stage() }));
    } catch (cause) {
      const text = `${errorText(error)}; and the previous generation did not come back: ${errorText(cause)}`;
      throw new Error(text, { cause });
    }
  }

  /** Show `next` instead of `old`, in one step. */
  async #publish(next: Generation, old?: Generation): Promise<void> {
    old?.scope.retract();
    try {
      next.scope.publish();
    } catch (error) {
      old?.scope.publish();
      await next.scope.close(this.#parts.limits);
      throw error;
    }
    this.#current = next;
    this.#error = undefined;
    this.#failedNotes = [];
    this.#generation++;
    this.#loadMs = Math.round(performance.now() - next.startedAt);
    this.#move("active");
    this.#tellListening();
  }

  /** What was thrown, on one line, and where in the plugin: its author reads it. */
  #blamed(error: unknown): string {
    const text = errorText(error).replaceAll(/\s+/g, " ");
    const place = this.placeOf(error);
    return place === undefined ? text : `${text} (${place})`;
  }

  #fail(reason: string, text: string, cause: unknown): void {
    if (this.#closed) return;
    this.#error = text;
    this.#parts.log.error(`plugin "${this.id}" failed: ${text}`, { plugin: this.id, err: cause });
    this.#move("failed", reason);
  }

  /** Close a generation behind the one that follows it. */
  #drain({ scope }: Generation): void {
    const closing = scope.close(this.#parts.limits).then((problems) => {
      this.#leaving.delete(closing);
      if (problems.length === 0) return;
      for (const problem of problems) this.#note(problem);
      const text = `plugin "${this.id}" did not close cleanly; restart the gateway to be rid of what it left behind`;
      this.#parts.log.warn(text, { plugin: this.id, problems });
      if (this.#state === "active") this.#move("active", this.#reason ?? "close_incomplete");
      else if (this.#state === "disabled") this.#move("zombie", "close_incomplete");
    });
    this.#leaving.add(closing);
  }

  #stage(): Scope {
    return (this.#staged = new Scope(this.id, this.#kept));
  }

  /** Import the code, as the plugin: what its modules start belongs to it too. */
  async #load(config: unknown): Promise<Generation> {
    const { loader, limits, watch } = this.#parts;
    const { origin, folder } = this.#decision.candidate;
    const { manifest } = this;
    const startedAt = performance.now();
    const scope = this.#stage();
    try {
      // What was built shares modules with the gateway: a second copy of them would be another SDK.
      const native = (file: string) => origin === "bundled" && (!watch || file.endsWith(".js"));
      const load = (file: string) => (native(file) ? loader.native(file) : loader.fresh(file, folder));
      const files = pluginEntries(folder, manifest);
      const plugins = await this.#bounded("import", scope, () => Promise.all(files.map(load)));
      return { plugins, manifest, config, scope, startedAt };
    } catch (error) {
      await scope.close(limits);
      throw error;
    }
  }

  /** Run the code with its ways in held back. */
  async #activate(next: Generation): Promise<Generation> {
    const { scope, manifest, config, plugins } = next;
    try {
      const gateway = this.#parts.createGateway(manifest, config, scope);
      await this.#bounded("activation", scope, async () => {
        for (const plugin of plugins) await plugin.activate(gateway);
      });
      return next;
    } catch (error) {
      this.#failedNotes = [...scope.notes.diagnostics];
      await scope.close(this.#parts.limits);
      throw error;
    }
  }

  async #bounded<T>(what: string, scope: Scope, work: () => Promise<T>): Promise<T> {
    const { limits, log } = this.#parts;
    const slow = setTimeout(() => log.warn(`${what} of plugin "${this.id}" takes more than ${WARN_MS} ms`), WARN_MS);
    const calledOff = new Promise<never>((_, reject) =>
      scope.signal.addEventListener("abort", () => reject(new Error(`${what} was called off`)), { once: true }),
    );
    try {
      const result = Promise.race([running.run(scope, work), calledOff]);
      if (await within(result, limits.activateMs)) {
        throw new Error(`${what} took longer than ${limits.activateMs} ms`);
      }
      return await result;
    } finally {
      clearTimeout(slow);
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
    this.#parts.hooks.pluginState.call(this.describe(), previous);
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof ManifestError) return error.reason;
  const code = error instanceof GatewayError ? error.details?.["code"] : undefined;
  return code === "permission_denied" ? code : undefined;
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
