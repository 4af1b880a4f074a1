import { join } from "node:path";
import { errorText, KeyedHook } from "openclaw/plugin-sdk";
import type {
  ConfigIssue,
  KernelHooks,
  ListenInfo,
  Logger,
  Manifest,
  Plugin,
  PluginGateway,
  PluginPhase,
  PluginState,
  ReloadOutcome,
} from "openclaw/plugin-sdk";
import { entryFiles } from "./discovery.ts";
import type { Candidate } from "./discovery.ts";
import { running } from "./faults.ts";
import type { Faults } from "./faults.ts";
import type { Loader } from "./loader.ts";
import { contributions, declaredMethods, enginesProblem, ManifestError } from "./manifest.ts";
import { decide } from "./policy.ts";
import type { Decision, PluginsConfig, PolicyFlags } from "./policy.ts";
import { Scope, within } from "./scope.ts";
import type { Services } from "./services.ts";

const ACTIVATE_MS = 30_000;
const ACTIVATE_WARN_MS = 5_000;
export const RELOAD_LIMITS = { drainMs: 10_000, disposeMs: 5_000 };
export const STOP_LIMITS = { drainMs: 5_000, disposeMs: 5_000 };

export interface HostParts {
  readonly hooks: Readonly<KernelHooks>;
  readonly services: Services;
  readonly faults: Faults;
  readonly loader: Loader;
  readonly log: Logger;
  readonly flags: PolicyFlags;
  /** Stock plugins are imported afresh too, because their sources are being edited. */
  readonly watch: boolean;
  /** The configuration of this moment. */
  readonly config: () => HostConfig;
  readonly createGateway: (manifest: Manifest, config: unknown, scope: Scope) => PluginGateway;
}

export interface HostConfig {
  readonly plugins: PluginsConfig;
  /** Every plugin folder that was found, best origin first. */
  readonly candidates: readonly Candidate[];
  /** Problems in sections that belong to one plugin, by its id. */
  readonly issues: ReadonlyMap<string, readonly ConfigIssue[]>;
  /** Everything a plugin's activation depends on, as text to compare. */
  readonly fingerprint: (manifest: Manifest) => string;
}

interface Generation {
  readonly plugins: readonly Plugin[];
  readonly manifest: Manifest;
  readonly config: unknown;
  readonly scope: Scope;
}

interface Entry {
  decision: Decision;
  state: PluginPhase;
  reason: string | undefined;
  error: string | undefined;
  current: Generation | undefined;
  generation: number;
  loadMs: number | undefined;
  fingerprint: string;
  reloadable: boolean;
  diagnostics: string[];
  activating: Promise<void> | undefined;
  /** Life-cycle steps of one plugin run one after the other; plugins do not wait for each other. */
  queue: Promise<unknown>;
}

/** Finds, activates, swaps and retires plugins. A plugin that fails loses itself and nothing else. */
export class PluginHost {
  readonly #parts: HostParts;
  readonly #entries = new Map<string, Entry>();
  #shadowed: Decision[] = [];
  #config: HostConfig = { plugins: {}, candidates: [], issues: new Map(), fingerprint: () => "" };
  #listening: ListenInfo | undefined;
  #started = false;

  constructor(parts: HostParts) {
    this.#parts = parts;
    parts.faults.tripped = (owner, reason) => void this.#trip(owner, reason);
  }

  /** Wire a keyed table so that a key which is only announced activates its plugin. */
  announce(table: object): void {
    for (const hook of Object.values(table)) {
      if (!(hook instanceof KeyedHook)) continue;
      hook.activate = async (key) => {
        const id = this.announcer(hook.contribution, key);
        if (id) await this.ensure(id);
      };
    }
  }

  /** Bring the running plugins in line with the configuration. Resolves with the ids that changed. */
  async reconcile(): Promise<string[]> {
    this.#config = this.#parts.config();
    const decisions = decide(this.#config.candidates, this.#config.plugins, this.#parts.flags);
    this.#shadowed = decisions.filter((decision) => decision.state === "shadowed");
    const found = new Map(
      decisions
        .filter((decision) => decision.state !== "shadowed")
        .map((decision) => [decision.candidate.id, decision]),
    );
    const changed: string[] = [];
    const steps: Promise<void>[] = [];
    for (const [id, entry] of this.#entries) {
      if (found.has(id)) continue;
      changed.push(id);
      steps.push(
        this.#serial(entry, () => this.#retire(entry, "disabled", "removed")).then(() => void this.#entries.delete(id)),
      );
    }
    for (const [id, decision] of found) {
      const entry = this.#entries.get(id) ?? this.#add(decision);
      const step = this.#step(entry, decision);
      if (!step) continue;
      changed.push(id);
      steps.push(this.#serial(entry, step));
    }
    await Promise.all(steps);
    return changed;
  }

  /** Activate what runs from the start. Resolves when each has ended well or badly. */
  async start(): Promise<void> {
    this.#started = true;
    const first = [...this.#entries].filter(([, entry]) => entry.state === "ready" && startsAtOnce(entry));
    await Promise.all(first.map(([id]) => this.ensure(id).catch(ignore)));
  }

  /** The port is open: tell every tap, now and for plugins that come later. */
  async listening(info: ListenInfo): Promise<void> {
    this.#listening = info;
    await this.#parts.hooks.listening.promise(info);
  }

  /** Activate `id` and what it requires. Rejects with the reason; a plugin that failed stays failed until it changes. */
  ensure(id: string, above: readonly string[] = []): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry || entry.state === "active") return Promise.resolve();
    if (entry.activating) return above.includes(id) ? Promise.resolve() : entry.activating;
    if (entry.state !== "ready")
      return Promise.reject(new Error(`plugin "${id}" is ${entry.state}: ${entry.error ?? entry.reason}`));
    const activating = this.#serial(entry, () => this.#activate(entry, [...above, id]));
    entry.activating = activating.finally(() => (entry.activating = undefined));
    return entry.activating;
  }

  /** Load the code anew and swap it in. A failure leaves the old generation serving. */
  async reload(id: string): Promise<ReloadOutcome> {
    const entry = this.#entries.get(id);
    const startedAt = performance.now();
    const outcome = (ok: boolean, error?: string): ReloadOutcome => ({
      id,
      ok,
      state: entry?.state ?? "missing",
      durationMs: Math.round(performance.now() - startedAt),
      ...(error !== undefined && { error }),
    });
    if (!entry) return outcome(false, `plugin not found: ${id}`);
    if (!entry.decision.enabled) return outcome(false, `plugin "${id}" is ${entry.state}: ${entry.reason}`);
    try {
      await this.#serial(entry, () => this.#swap(entry));
      return outcome(true);
    } catch (error) {
      return outcome(false, errorText(error));
    }
  }

  /** Reload every plugin whose folder holds `file`. */
  async sourceChanged(file: string): Promise<void> {
    const ids = [...this.#entries].filter(
      ([, entry]) => entry.current && file.startsWith(join(entry.decision.candidate.folder, "/")),
    );
    await Promise.all(ids.map(([id]) => this.reload(id)));
  }

  list(): PluginState[] {
    const missing = this.#missing();
    return [
      ...[...this.#entries.values()].map((entry) => this.#describe(entry)),
      ...this.#shadowed.map((decision) => this.#describe(freshEntry(decision))),
      ...missing,
    ].toSorted((a, b) => a.id.localeCompare(b.id));
  }

  /** Id of the enabled plugin whose manifest announces `key`. */
  announcer(contribution: string, key: string): string | undefined {
    for (const [id, { decision }] of this.#entries) {
      if (decision.enabled && contributions(manifestOf(decision))[contribution]?.includes(key)) return id;
    }
    return undefined;
  }

  /** Scope that a method needs according to the manifests of enabled plugins. */
  announcedScope(method: string): string | undefined {
    const id = this.announcer("methods", method);
    const entry = id === undefined ? undefined : this.#entries.get(id);
    return entry && declaredMethods(manifestOf(entry.decision)).get(method);
  }

  /** Names of one kind, announced by plugins that run or would run on first use. */
  announced(contribution: string): string[] {
    return [...this.#entries.values()]
      .filter(({ state, decision }) => decision.enabled && state !== "failed" && state !== "invalid")
      .flatMap(({ decision }) => contributions(manifestOf(decision))[contribution] ?? []);
  }

  /** Close every plugin, users before the providers they require. */
  async close(): Promise<string[]> {
    const problems: string[] = [];
    const open = new Set([...this.#entries.keys()].filter((id) => this.#entries.get(id)?.current));
    while (open.size > 0) {
      const leaves = [...open].filter((id) => ![...open].some((user) => user !== id && this.#uses(user, id)));
      const batch = leaves.length > 0 ? leaves : [...open];
      for (const id of batch) open.delete(id);
      await Promise.all(batch.map(async (id) => problems.push(...(await this.#closeOne(id)))));
    }
    return problems;
  }

  #uses(user: string, provider: string): boolean {
    const required = this.#entries.get(user)?.current?.manifest.requires ?? [];
    const provided = this.#entries.get(provider)?.current?.manifest.provides ?? [];
    return required.some((service) => provided.includes(service));
  }

  async #closeOne(id: string): Promise<string[]> {
    const entry = this.#entries.get(id);
    const scope = entry?.current?.scope;
    if (!entry || !scope) return [];
    entry.current = undefined;
    const problems = await scope.close(STOP_LIMITS);
    return problems.map((problem) => `${id}: ${problem}`);
  }

  #add(decision: Decision): Entry {
    const entry = freshEntry(decision);
    this.#entries.set(decision.candidate.id, entry);
    return entry;
  }

  /** What the new decision asks for, or nothing. */
  #step(entry: Entry, decision: Decision): (() => Promise<void>) | undefined {
    const before = entry.decision;
    const fingerprint = `${decision.candidate.folder} ${decision.candidate.manifest ? this.#config.fingerprint(decision.candidate.manifest) : ""}`;
    const fresh = entry.fingerprint === "";
    const same = !fresh && entry.fingerprint === fingerprint && before.enabled === decision.enabled;
    entry.decision = decision;
    entry.fingerprint = fingerprint;
    if (!decision.enabled) {
      const reason = decision.reason ?? "disabled";
      if (!fresh && !before.enabled && entry.reason === reason) return undefined;
      return () => this.#retire(entry, decision.state ?? "disabled", reason);
    }
    const invalid = this.#invalid(decision);
    if (invalid) return () => this.#retire(entry, "invalid", invalid.reason, invalid.message);
    const retry = entry.state === "failed" && entry.reason === "missing_dependency";
    if (same && entry.state !== "invalid" && !retry) return undefined;
    return async () => {
      if (entry.current) return this.#swap(entry).catch(ignore);
      this.#move(entry, "ready", undefined);
      if (this.#started && startsAtOnce(entry)) await this.#activate(entry, [decision.candidate.id]).catch(ignore);
    };
  }

  #invalid({ candidate }: Decision): { reason: string; message: string } | undefined {
    if (candidate.error) return { reason: candidate.error.reason, message: candidate.error.message };
    const manifest = candidate.manifest as Manifest;
    const engines = enginesProblem(manifest);
    if (engines) return { reason: "engines", message: `plugin "${manifest.id}" ${engines}` };
    const [issue] = this.#config.issues.get(manifest.id) ?? [];
    return issue && { reason: "config_invalid", message: `${issue.path}: ${issue.message}` };
  }

  async #activate(entry: Entry, above: readonly string[]): Promise<void> {
    const { id } = entry.decision.candidate;
    this.#move(entry, "activating", undefined);
    try {
      await this.#requireServices(entry, above);
      entry.current = await this.#begin(entry);
      entry.current.scope.publish();
      this.#announceLate(id);
      this.#move(entry, "active", undefined);
    } catch (error) {
      await entry.current?.scope.close(RELOAD_LIMITS);
      entry.current = undefined;
      this.#fail(entry, error);
      throw error;
    }
  }

  /** New generation first, then one synchronous step that exchanges the two, then the old one drains. */
  async #swap(entry: Entry): Promise<void> {
    const old = entry.current;
    if (!old) {
      this.#move(entry, "ready", undefined);
      return this.#activate(entry, [entry.decision.candidate.id]);
    }
    if (manifestOf(entry.decision).reload === "stop-first") return this.#exchange(entry, old);
    const next = await this.#begin(entry).catch((error: unknown) => this.#kept(entry, error));
    old.scope.retract();
    try {
      next.scope.publish();
    } catch (error) {
      old.scope.publish();
      void next.scope.close(RELOAD_LIMITS);
      this.#kept(entry, error);
    }
    entry.current = next;
    this.#announceLate(entry.decision.candidate.id);
    this.#move(entry, "active", undefined);
    void this.#drain(entry, old);
  }

  /** For plugins that hold what only one may hold: old before new, and the old again if the new one fails. */
  async #exchange(entry: Entry, old: Generation): Promise<void> {
    this.#move(entry, "draining", "reload");
    entry.current = undefined;
    await this.#drain(entry, old);
    try {
      await this.#activate(entry, [entry.decision.candidate.id]);
    } catch (error) {
      entry.current = await this.#run(old.plugins, old.manifest, old.config);
      entry.current.scope.publish();
      this.#announceLate(old.manifest.id);
      this.#kept(entry, error);
    }
  }

  /** Report that the new generation failed and the old one goes on. */
  #kept(entry: Entry, error: unknown): never {
    const { id } = entry.decision.candidate;
    entry.diagnostics.push(`reload failed, the previous generation keeps running: ${errorText(error)}`);
    this.#parts.log.error(
      `reload of plugin "${id}" failed; the previous generation keeps running: ${errorText(error)}`,
      {
        plugin: id,
        err: error,
      },
    );
    entry.error = errorText(error);
    this.#move(entry, "active", "reload_failed");
    throw error;
  }

  async #drain(entry: Entry, generation: Generation): Promise<void> {
    const problems = await generation.scope.close(RELOAD_LIMITS);
    if (problems.length === 0) return;
    entry.diagnostics.push(...problems);
    this.#parts.log.warn(`plugin "${generation.manifest.id}" did not close cleanly`, {
      plugin: generation.manifest.id,
      problems,
    });
    if (entry.current === undefined || entry.state === "active") this.#move(entry, "zombie", "close_incomplete");
  }

  async #retire(entry: Entry, state: PluginPhase, reason: string, error?: string): Promise<void> {
    const old = entry.current;
    entry.current = undefined;
    entry.error = error;
    old?.scope.retract();
    this.#move(entry, old ? "draining" : state, reason);
    if (error) this.#parts.log.error(`plugin "${entry.decision.candidate.id}" is ${state}: ${error}`);
    if (!old) return;
    this.#move(entry, state, reason);
    await this.#drain(entry, old);
  }

  async #begin(entry: Entry): Promise<Generation> {
    const { candidate } = entry.decision;
    const manifest = manifestOf(entry.decision);
    const startedAt = performance.now();
    const slow = setTimeout(
      () => this.#parts.log.warn(`plugin "${candidate.id}" has not activated after ${ACTIVATE_WARN_MS} ms`),
      ACTIVATE_WARN_MS,
    );
    try {
      const loaded = await Promise.all(
        entryFiles(candidate.folder, manifest).map((file) => this.#load(file, candidate)),
      );
      entry.reloadable = loaded.every((one) => one.reloadable);
      const config = this.#config.plugins.entries?.[candidate.id]?.config;
      const generation = await this.#run(
        loaded.map((one) => one.plugin),
        manifest,
        config,
      );
      entry.generation++;
      entry.loadMs = Math.round(performance.now() - startedAt);
      return generation;
    } finally {
      clearTimeout(slow);
    }
  }

  #load(file: string, { origin, folder }: Candidate): ReturnType<Loader["native"]> {
    const native = origin === "bundled" && !this.#parts.watch;
    return native ? this.#parts.loader.native(file) : this.#parts.loader.fresh(file, folder);
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

  /** Providers first; plugins that require each other do not wait for each other. */
  async #requireServices(entry: Entry, above: readonly string[]): Promise<void> {
    for (const service of manifestOf(entry.decision).requires ?? []) {
      if (this.#parts.services.provided(service)) continue;
      const provider = [...this.#entries].find(
        ([, { decision }]) => decision.enabled && manifestOf(decision).provides?.includes(service),
      );
      const need = `requires service "${service}"`;
      if (!provider) throw new ManifestError("missing_dependency", `${need}, which no enabled plugin provides`);
      await this.ensure(provider[0], above).catch((cause: unknown) => {
        throw new ManifestError(
          "missing_dependency",
          `${need} of plugin "${provider[0]}", which failed: ${errorText(cause)}`,
          cause,
        );
      });
    }
  }

  /** A plugin that comes after the port was opened hears of it too. */
  #announceLate(id: string): void {
    const info = this.#listening;
    if (!info) return;
    // Tap functions are typed as plain functions by tapable; these are the guarded ones of tap.ts.
    for (const tap of this.#parts.hooks.listening.taps)
      if (tap.name === id) void (tap.fn as (i: ListenInfo) => unknown)(info);
  }

  #fail(entry: Entry, error: unknown): void {
    const { id } = entry.decision.candidate;
    entry.error = error instanceof ManifestError ? error.message : errorText(error);
    this.#parts.log.error(`plugin "${id}" failed: ${entry.error}`, { plugin: id, err: error });
    this.#move(entry, "failed", error instanceof ManifestError ? error.reason : "activate_failed");
  }

  async #trip(owner: string, reason: string): Promise<void> {
    const entry = this.#entries.get(owner);
    if (!entry?.current || manifestOf(entry.decision).essential) return;
    await this.#serial(entry, () => this.#retire(entry, "failed", "too_many_faults", reason));
  }

  #move(entry: Entry, state: PluginPhase, reason: string | undefined): void {
    const previous = entry.state;
    entry.state = state;
    entry.reason = reason;
    if (state === "active" && reason === undefined) entry.error = undefined;
    if (previous !== state) this.#parts.hooks.pluginState.call(this.#describe(entry), previous);
  }

  #serial<T>(entry: Entry, step: () => Promise<T>): Promise<T> {
    const next = entry.queue.then(step, step);
    entry.queue = next.catch(ignore);
    return next;
  }

  /** Ids that the configuration names and nothing was found for. */
  #missing(): PluginState[] {
    const { entries = {}, allow = [], deny = [], slots = {} } = this.#config.plugins;
    const named = new Set([...Object.keys(entries), ...allow, ...deny, ...Object.values(slots)]);
    const absent = [...named].filter((id) => !this.#entries.has(id) && id !== "-stock" && id !== "none");
    return absent.map((id) => ({ ...MISSING, id, name: id, error: `plugin not found: ${id}` }));
  }

  #describe(entry: Entry): PluginState {
    const { candidate, enabled } = entry.decision;
    const { manifest } = candidate;
    const owned = entry.current && this.#parts.hooks.method.offers.values();
    const methods = owned && [...owned].filter((offer) => offer.owner === candidate.id).map((offer) => offer.key);
    const declared = manifest ? contributions(manifest) : {};
    return {
      id: candidate.id,
      name: manifest?.name ?? candidate.id,
      description: manifest?.description,
      version: manifest?.version,
      group: candidate.group,
      origin: candidate.origin,
      source: candidate.folder,
      enabled,
      state: entry.state,
      reason: entry.reason,
      error: entry.error,
      activation: manifest && !startsAtOnce(entry) ? "lazy" : "startup",
      generation: entry.generation,
      loadMs: entry.loadMs,
      contributes: methods?.length
        ? { ...declared, methods: [...new Set([...(declared["methods"] ?? []), ...methods])] }
        : declared,
      diagnostics: [...entry.diagnostics, ...undeclared(candidate.id, declared["methods"], methods)].slice(-20),
      faults: this.#parts.faults.count(candidate.id),
    };
  }
}

const MISSING = {
  description: undefined,
  version: undefined,
  group: "",
  origin: "config",
  source: "",
  enabled: false,
  state: "missing",
  reason: "not_found",
  activation: "lazy",
  generation: 0,
  loadMs: undefined,
  contributes: {},
  diagnostics: [],
  faults: 0,
} as const;

function freshEntry(decision: Decision): Entry {
  return {
    decision,
    state: decision.state ?? "ready",
    reason: decision.reason,
    error: decision.candidate.error?.message,
    current: undefined,
    generation: 0,
    loadMs: undefined,
    fingerprint: "",
    reloadable: true,
    diagnostics: [],
    activating: undefined,
    queue: Promise.resolve(),
  };
}

const NO_MANIFEST: Manifest = { id: "" };

function manifestOf(decision: Decision): Manifest {
  return decision.candidate.manifest ?? NO_MANIFEST;
}

/** Plugins that say nothing of what they contribute cannot be activated by use. */
function startsAtOnce({ decision }: Entry): boolean {
  const { activation, contributes } = manifestOf(decision);
  return activation === "startup" || (activation === undefined && contributes === undefined);
}

/** A method announced but not there, or there but not announced. */
function undeclared(
  id: string,
  declared: readonly string[] | undefined,
  registered: readonly string[] | undefined,
): string[] {
  if (!declared || !registered) return [];
  const missing = declared.filter((name) => !registered.includes(name));
  const extra = registered.filter((name) => !declared.includes(name));
  return [
    ...missing.map((name) => `method "${name}" is declared in the manifest of "${id}" but not registered`),
    ...extra.map((name) => `method "${name}" of "${id}" is registered but not declared in its manifest`),
  ];
}

function ignore(): void {
  // The failure is in the plugin's state and in the log; whoever waits only needs to know it is over.
}
