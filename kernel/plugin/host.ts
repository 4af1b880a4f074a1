import { existsSync, realpathSync } from "node:fs";
import { sep } from "node:path";
import { errorText, KeyedHook } from "openclaw/plugin-sdk";
import type { ConfigIssue, ListenInfo, Manifest, PluginState, ReloadOutcome } from "openclaw/plugin-sdk";
import {
  byId,
  contributions,
  decidePlugins,
  declaredMethods,
  describePlugin,
  isEssential,
  ManifestError,
  missingPlugins,
} from "openclaw/plugin-sdk/plugins";
import type { Candidate, Decision, PluginsConfig, PolicyFlags } from "openclaw/plugin-sdk/plugins";
import type { Member } from "./ensemble.ts";
import type { Faults } from "./faults.ts";
import { PluginRecord } from "./record.ts";
import type { RecordParts } from "./record.ts";
import { within } from "./scope.ts";
import type { Services } from "./services.ts";

/** Longest wait for running calls when the gateway stops. */
const STOP_DRAIN_MS = 5_000;
/** For all of them to close, and what each has at least: the last to close is the store. */
const STOP_CLOSE_MS = 6_000;
const STOP_LEAST_MS = 500;

/** What the host needs of the configuration of a moment. */
export interface HostConfig {
  readonly plugins: PluginsConfig;
  /** Every plugin folder that was found, best origin first. */
  readonly candidates: readonly Candidate[];
  /** Problems in sections that belong to one plugin, by its id. */
  readonly issues: ReadonlyMap<string, readonly ConfigIssue[]>;
  /** Everything a generation is made with, as text to compare. */
  readonly fingerprint: (manifest: Manifest) => string;
}

export interface HostParts extends Omit<RecordParts, "ownConfig" | "listening" | "faults"> {
  readonly services: Services;
  readonly faults: Faults;
  readonly flags: PolicyFlags;
  /** `fresh`: look at the plugin folders again, though the configuration is the same. */
  readonly config: (options: { readonly fresh: boolean }) => HostConfig;
}

/** What a plugin should be. Text to compare: it is brought there once, and again when this changes. */
type Aim = string;

/** All plugins: which run, what they announce, who provides what. A plugin that fails loses itself and nothing else. */
export class PluginHost {
  readonly #parts: HostParts;
  readonly #recordParts: RecordParts;
  readonly #records = new Map<string, PluginRecord>();
  readonly #aims = new Map<string, Aim>();
  /** What was last attempted, and what the running generation was made with. */
  readonly #tried = new Map<string, Aim>();
  readonly #made = new Map<string, Aim>();
  readonly #activating = new Map<string, Promise<void>>();
  /** Taken out of the list, not closed yet. */
  readonly #gone = new Set<PluginRecord>();
  #shadowed: readonly PluginRecord[] = [];
  #config: HostConfig = { plugins: {}, candidates: [], issues: new Map(), fingerprint: () => "" };
  #listening: ListenInfo | undefined;
  #started = false;

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.#recordParts = {
      ...parts,
      ownConfig: (id) => this.#config.plugins.entries?.[id]?.config,
      listening: () => this.#listening,
      faults: (id) => parts.faults.count(id),
    };
    parts.faults.tripped = (owner, reason) => this.#trip(owner, reason);
    parts.faults.ownerOf = (file) => this.#holding(file)[0]?.id;
    parts.faults.placeOf = (owner, error) => this.#records.get(owner)?.placeOf(error);
  }

  /** Let a key of `table` that is only announced activate its plugin. */
  announce(table: object): void {
    for (const hook of Object.values(table)) {
      if (!(hook instanceof KeyedHook)) continue;
      hook.activate = async (key) => {
        const announcer = this.#announcer(hook.contribution, key);
        if (announcer) await this.ensure(announcer.id);
      };
      hook.announced = () => this.announced(hook.contribution);
      hook.announcer = (key) => this.announcer(hook.contribution, key);
    }
  }

  /**
   * Bring the running plugins in line with the configuration. Resolves with the ids that changed, once they have.
   * What is decided is decided at once: calls that follow each other need not wait for each other.
   */
  async reconcile(): Promise<string[]> {
    this.#config = this.#parts.config({ fresh: false });
    const ids = this.#decide().filter((id) => this.#aims.get(id) !== this.#tried.get(id) || this.#isWaiting(id));
    await Promise.all(ids.map((id) => this.#conform(id)));
    return ids;
  }

  /** Activate what runs from the start. Resolves when each has ended well or badly. */
  async start(): Promise<void> {
    this.#started = true;
    const first = [...this.#records.values()].filter(({ state, startsAtOnce }) => state === "ready" && startsAtOnce);
    await Promise.all(first.map(({ id }) => this.ensure(id).catch(reported)));
  }

  /** The port is open: tell every tap, now and for generations that come later. */
  async listening(info: ListenInfo): Promise<void> {
    this.#listening = info;
    await this.#parts.hooks.listening.promise(info);
  }

  /** Activate `id` and what it requires. A plugin that failed stays failed until something about it changes. */
  ensure(id: string): Promise<void> {
    const record = this.#records.get(id);
    if (!record || record.isActive) return Promise.resolve();
    const running = this.#activating.get(id);
    if (running) return running;
    const activation = record.serial(async () => {
      if (record.isActive) return;
      if (record.state !== "ready") throw new Error(record.problem);
      await this.#renew(record);
    });
    const tracked = activation.finally(() => this.#activating.delete(id));
    this.#activating.set(id, tracked);
    return tracked;
  }

  /** Read the manifest and the code anew and swap them in. A failure leaves the old generation serving. */
  async reload(id: string): Promise<ReloadOutcome> {
    const startedAt = performance.now();
    const error = await this.#reload(id).then(
      () => undefined,
      (cause: unknown) => (cause instanceof Error ? cause.message : errorText(cause)),
    );
    const record = this.#records.get(id);
    return {
      id,
      ok: error === undefined,
      state: record?.state ?? "missing",
      durationMs: Math.round(performance.now() - startedAt),
      ...(error !== undefined && { error }),
    };
  }

  /**
   * Stock plugins `ids` and those that provide what they require, the providers first, without what the user configured
   * for them. Activates those that do not run. Who else provides may keep its data anywhere: with those it rejects.
   */
  async cast(ids: readonly string[], seen: Set<string> = new Set()): Promise<Member[]> {
    const cast: Member[] = [];
    for (const id of ids) {
      const record = this.#records.get(id);
      if (!record?.isUsable || seen.has(id)) continue;
      seen.add(id);
      if (record.decision.candidate.origin !== "bundled") throw new Error(`plugin "${id}" is not a stock plugin`);
      await this.ensure(id);
      const providers = [...this.#records.values()].filter((one) => one.isActive && uses(record, one));
      const others = await this.cast(
        providers.map((one) => one.id),
        seen,
      );
      cast.push(...others, { manifest: record.manifest, plugins: record.plugins });
    }
    return cast;
  }

  /** Reload every plugin that has run, or should, and whose folder holds one of `files`. */
  async sourceChanged(files: readonly string[]): Promise<void> {
    const touched = new Set(files.flatMap((file) => this.#holding(file)));
    const ids = [...touched].filter(({ decision, state }) => decision.enabled && state !== "ready").map(({ id }) => id);
    await Promise.all(ids.map((id) => this.reload(id)));
  }

  /** Folders of the plugins that are enabled. */
  get folders(): string[] {
    const enabled = [...this.#records.values()].filter(({ decision }) => decision.enabled);
    return enabled.map(({ decision }) => decision.candidate.folder);
  }

  list(): PluginState[] {
    const states = [...this.#records.values(), ...this.#shadowed].map((record) => record.describe());
    return byId([...states, ...missingPlugins(this.#config.plugins, new Set(this.#records.keys()))]);
  }

  /** Scope that a method needs according to the manifest that announces it. */
  announcedScope(method: string): string | undefined {
    const announcer = this.#announcer("methods", method);
    return announcer && declaredMethods(announcer.manifest).get(method);
  }

  /** Id of the plugin whose manifest announces `name`, active or not. `services` are what it provides. */
  announcer(contribution: string, name: string): string | undefined {
    return this.#announcer(contribution, name)?.id;
  }

  /** Names of one kind, announced by plugins that run or would run on first use. */
  announced(contribution: string): string[] {
    return [...this.#records.values()]
      .filter(({ isUsable }) => isUsable)
      .flatMap(({ manifest }) => contributions(manifest)[contribution] ?? []);
  }

  /** Close every plugin, users before the providers they require. Resolves with what went wrong. */
  async close(): Promise<string[]> {
    const problems: string[] = [];
    const deadline = performance.now() + STOP_CLOSE_MS;
    const limits = { ...this.#parts.limits, drainMs: Math.min(this.#parts.limits.drainMs, STOP_DRAIN_MS) };
    const open = new Set([...this.#records.values(), ...this.#gone]);
    while (open.size > 0) {
      const unused = [...open].filter((record) => ![...open].some((user) => user !== record && uses(user, record)));
      const batch = unused.length > 0 ? unused : [...open];
      for (const record of batch) open.delete(record);
      const leftMs = Math.max(deadline - performance.now(), STOP_LEAST_MS);
      await Promise.all(
        batch.map(async (record) => {
          const closing = record.close(limits).then((found) => problems.push(...found));
          if (await within(closing, leftMs)) problems.push(`${record.id}: did not close in time and is left behind`);
        }),
      );
    }
    return problems;
  }

  /** Take over what the configuration and the folders say now. Returns the ids of all plugins, those gone included. */
  #decide(): string[] {
    const decisions = decidePlugins(this.#config.candidates, this.#config.plugins, this.#parts.flags);
    const [shadowed, found] = [true, false].map((is) => decisions.filter(({ state }) => (state === "shadowed") === is));
    this.#shadowed = (shadowed as Decision[]).map((one) => new PluginRecord(one, this.#recordParts));
    const left = new Map(this.#records);
    for (const decision of found as Decision[]) {
      const record = this.#recordOf(decision);
      left.delete(record.id);
      this.#aim(record, decision);
    }
    for (const record of left.values()) this.#aim(record, { ...record.decision, ...GONE });
    return [...this.#records.keys()];
  }

  /** A manifest that cannot be read while it is edited names no id; the folder tells whose it is. */
  #recordOf(decision: Decision): PluginRecord {
    const { id, folder, manifest } = decision.candidate;
    const records = manifest ? [] : [...this.#records.values()];
    const known = records.find((one) => one.decision.candidate.folder === folder) ?? this.#records.get(id);
    const record = known ?? new PluginRecord(decision, this.#recordParts);
    this.#records.set(record.id, record);
    return record;
  }

  #aim(record: PluginRecord, decision: Decision): void {
    const { enabled, reason, candidate } = decision;
    const { folder, manifest } = candidate;
    record.decision = decision;
    const made = [folder, manifest, manifest && this.#config.fingerprint(manifest)];
    const aim = enabled ? JSON.stringify([...made, this.#invalid(decision)]) : `off ${reason}`;
    this.#aims.set(record.id, aim);
    if (!enabled) record.abandon();
  }

  /** Bring one plugin where it should be by then; several calls in a row do it once. */
  async #conform(id: string): Promise<void> {
    const record = this.#records.get(id) as PluginRecord;
    await record.serial(async () => {
      const aim = this.#aims.get(id) as Aim;
      if (this.#tried.get(id) === aim && !this.#isWaiting(id)) return;
      this.#tried.set(id, aim);
      const { decision } = record;
      const problem = this.#invalid(decision);
      if (!decision.enabled) this.#leave(record);
      else if (problem && record.isActive) record.keep(problem.reason, problem.message);
      else if (problem) record.retire("invalid", problem.reason, problem.message);
      else if (record.isActive && this.#made.get(id) === aim) record.resume();
      else if (record.isActive || (this.#started && (record.startsAtOnce || this.#isNeeded(record)))) {
        await this.#renew(record).catch(reported);
      } else record.enable();
    });
  }

  #leave(record: PluginRecord): void {
    const { state, reason } = record.decision;
    record.retire(state ?? "disabled", reason ?? "disabled");
    if (reason !== GONE.reason) return;
    this.#records.delete(record.id);
    this.#gone.add(record);
    void record.closed().then(() => this.#gone.delete(record));
  }

  async #reload(id: string): Promise<void> {
    this.#config = this.#parts.config({ fresh: true });
    this.#decide();
    const record = this.#records.get(id);
    if (!record) throw new Error(`plugin not found: ${id}`);
    const problem = this.#invalid(record.decision);
    if (problem) await this.#conform(id);
    if (problem || !record.decision.enabled) throw new Error(problem?.message ?? record.problem);
    this.#parts.quarantine.forgive(id);
    this.#tried.set(id, this.#aims.get(id) as Aim);
    await record.serial(() => this.#renew(record));
  }

  #renew(record: PluginRecord): Promise<void> {
    const aim = this.#aims.get(record.id) as Aim;
    return record.renew(() => this.#requireServices(record)).then(() => void this.#made.set(record.id, aim));
  }

  /** It failed for want of a service, which may be there now. */
  #isWaiting(id: string): boolean {
    const record = this.#records.get(id);
    return record?.state === "failed" && record.reason === "missing_dependency";
  }

  /** An active plugin uses what this one provides. */
  #isNeeded(record: PluginRecord): boolean {
    return [...this.#records.values()].some((user) => user.isActive && uses(user, record));
  }

  /** Plugins whose folder holds `file`. */
  #holding(file: string): PluginRecord[] {
    return [...this.#records.values()].filter(({ decision: { candidate } }) =>
      [candidate.folder, real(candidate.folder)].some((folder) => file.startsWith(folder + sep)),
    );
  }

  #invalid(decision: Decision): { reason: string; message: string } | undefined {
    const [issue] = this.#config.issues.get(decision.candidate.id) ?? [];
    const { state, reason = "invalid", error = "" } = describePlugin(decision, issue);
    return state === "invalid" ? { reason, message: error } : undefined;
  }

  async #requireServices(record: PluginRecord): Promise<void> {
    for (const service of record.manifest.requires ?? []) {
      if (this.#parts.services.provided(service)) continue;
      const provider = [...this.#records.values()].find(
        (one) => one.decision.enabled && one.manifest.provides?.includes(service),
      );
      if (!provider)
        throw new ManifestError(
          "missing_dependency",
          `requires service "${service}", which no enabled plugin provides`,
        );
      const provided = this.ensure(provider.id).catch((cause: unknown) => {
        const why = cause instanceof Error ? cause.message : errorText(cause);
        const message = `requires service "${service}" of plugin "${provider.id}", which failed: ${why}`;
        throw new ManifestError("missing_dependency", message, cause);
      });
      // Plugins that require each other come up side by side.
      if (this.#dependsOn(provider, record)) provided.catch(reported);
      else await provided;
    }
  }

  /** Does `user` require `provider`, be it through others? */
  #dependsOn(user: PluginRecord, provider: PluginRecord, seen: Set<PluginRecord> = new Set()): boolean {
    if (user === provider || seen.has(user)) return user === provider;
    seen.add(user);
    const next = [...this.#records.values()].filter((one) => one.decision.enabled && uses(user, one));
    return next.some((one) => this.#dependsOn(one, provider, seen));
  }

  #trip(owner: string, reason: string): void {
    const record = this.#records.get(owner);
    if (!record?.isActive || isEssential(record.decision.candidate)) return;
    void record.serial(async () => {
      if (record.isActive) record.retire("failed", "too_many_faults", reason);
    });
  }

  #announcer(contribution: string, key: string): PluginRecord | undefined {
    const namesOf = (manifest: Manifest) =>
      contribution === "services" ? manifest.provides : contributions(manifest)[contribution];
    const announcers = [...this.#records.values()].filter(
      ({ decision, manifest }) => decision.enabled && namesOf(manifest)?.includes(key),
    );
    // A name of the stock distro cannot be taken by announcing it too.
    return announcers.find(({ decision }) => decision.candidate.origin === "bundled") ?? announcers[0];
  }
}

/** Decision about a plugin that is not found any more. */
const GONE = { enabled: false, state: "disabled", reason: "removed" } as const;

function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function uses(user: PluginRecord, provider: PluginRecord): boolean {
  return user.manifest.requires?.some((service) => provider.manifest.provides?.includes(service)) ?? false;
}

function reported(): void {
  // The failure is in the plugin's state and in the log; whoever waits only needs to know that it is over.
}
