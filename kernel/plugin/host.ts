import { join } from "node:path";
import { errorText, KeyedHook } from "openclaw/plugin-sdk";
import type { ConfigIssue, ListenInfo, Manifest, PluginState, ReloadOutcome } from "openclaw/plugin-sdk";
import type { Candidate } from "./discovery.ts";
import type { Faults } from "./faults.ts";
import { contributions, declaredMethods, enginesProblem, ManifestError } from "./manifest.ts";
import { decide } from "./policy.ts";
import type { Decision, PluginsConfig, PolicyFlags } from "./policy.ts";
import { PluginRecord } from "./record.ts";
import type { RecordParts } from "./record.ts";
import type { CloseLimits } from "./scope.ts";
import type { Services } from "./services.ts";

const STOP_LIMITS: CloseLimits = { drainMs: 5_000, disposeMs: 5_000 };

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

export interface HostParts extends Pick<RecordParts, "hooks" | "loader" | "log" | "watch" | "createGateway"> {
  readonly services: Services;
  readonly faults: Faults;
  readonly flags: PolicyFlags;
  readonly config: () => HostConfig;
}

/** All plugins: which run, what they announce, who provides what. A plugin that fails loses itself and nothing else. */
export class PluginHost {
  readonly #parts: HostParts;
  readonly #recordParts: RecordParts;
  readonly #records = new Map<string, PluginRecord>();
  readonly #fingerprints = new Map<string, string>();
  readonly #activating = new Map<string, Promise<void>>();
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
    parts.faults.tripped = (owner, reason) => void this.#trip(owner, reason);
  }

  /** Let a key of `table` that is only announced activate its plugin. */
  announce(table: object): void {
    for (const hook of Object.values(table)) {
      if (!(hook instanceof KeyedHook)) continue;
      hook.activate = async (key) => {
        const announcer = this.#announcer(hook.contribution, key);
        if (announcer) await this.ensure(announcer.id);
      };
    }
  }

  /** Bring the running plugins in line with the configuration. Resolves with the ids that changed. */
  async reconcile(): Promise<string[]> {
    this.#config = this.#parts.config();
    const decisions = decide(this.#config.candidates, this.#config.plugins, this.#parts.flags);
    const found = decisions.filter(({ state }) => state !== "shadowed");
    this.#shadowed = decisions
      .filter(({ state }) => state === "shadowed")
      .map((one) => new PluginRecord(one, this.#recordParts));
    const ids = new Set(found.map(({ candidate }) => candidate.id));
    const gone = [...this.#records.values()].filter(({ id }) => !ids.has(id));
    const steps = [
      ...gone.map((record) => ({ record, step: () => this.#remove(record) })),
      ...found.flatMap((decision) => {
        const known = this.#records.get(decision.candidate.id);
        const record = known ?? this.#add(decision);
        const step = this.#step(record, decision, known === undefined);
        return step ? [{ record, step }] : [];
      }),
    ];
    await Promise.all(steps.map(({ record, step }) => record.serial(step)));
    return steps.map(({ record }) => record.id);
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
  ensure(id: string, above: readonly string[] = []): Promise<void> {
    const record = this.#records.get(id);
    if (!record || record.isActive) return Promise.resolve();
    const running = this.#activating.get(id);
    // Plugins that require each other do not wait for each other.
    if (running) return above.includes(id) ? Promise.resolve() : running;
    if (record.state !== "ready") return Promise.reject(new Error(record.problem));
    return this.#track(
      record,
      record.serial(() => record.activate(() => this.#requireServices(record, [...above, id]))),
    );
  }

  /** Load the code anew and swap it in. A failure leaves the old generation serving. */
  async reload(id: string): Promise<ReloadOutcome> {
    const record = this.#records.get(id);
    const startedAt = performance.now();
    let error: string | undefined;
    if (!record) error = `plugin not found: ${id}`;
    else if (!record.decision.enabled) error = record.problem;
    else await record.serial(() => this.#renew(record)).catch((cause: unknown) => (error = errorText(cause)));
    return {
      id,
      ok: error === undefined,
      state: record?.state ?? "missing",
      durationMs: Math.round(performance.now() - startedAt),
      ...(error !== undefined && { error }),
    };
  }

  /** Reload every active plugin whose folder holds `file`. */
  async sourceChanged(file: string): Promise<void> {
    const touched = [...this.#records.values()].filter(
      ({ isActive, decision }) => isActive && file.startsWith(join(decision.candidate.folder, "/")),
    );
    await Promise.all(touched.map(({ id }) => this.reload(id)));
  }

  list(): PluginState[] {
    const states = [...this.#records.values(), ...this.#shadowed].map((record) => record.describe());
    return [...states, ...this.#missing()].toSorted((a, b) => a.id.localeCompare(b.id));
  }

  /** Scope that a method needs according to the manifest that announces it. */
  announcedScope(method: string): string | undefined {
    const announcer = this.#announcer("methods", method);
    return announcer && declaredMethods(announcer.manifest).get(method);
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
    const open = new Set([...this.#records.values()].filter(({ isActive }) => isActive));
    while (open.size > 0) {
      const unused = [...open].filter((record) => ![...open].some((user) => user !== record && uses(user, record)));
      const batch = unused.length > 0 ? unused : [...open];
      for (const record of batch) open.delete(record);
      const closed = await Promise.all(batch.map((record) => record.close(STOP_LIMITS)));
      problems.push(...closed.flat());
    }
    return problems;
  }

  #add(decision: Decision): PluginRecord {
    const record = new PluginRecord(decision, this.#recordParts);
    this.#records.set(record.id, record);
    return record;
  }

  async #remove(record: PluginRecord): Promise<void> {
    await record.retire("disabled", "removed");
    this.#records.delete(record.id);
    this.#fingerprints.delete(record.id);
  }

  /** What the new decision asks of a plugin, or nothing. */
  #step(record: PluginRecord, decision: Decision, isNew: boolean): (() => Promise<void>) | undefined {
    const { manifest, folder } = decision.candidate;
    const fingerprint = `${folder} ${manifest ? this.#config.fingerprint(manifest) : ""}`;
    const same = this.#fingerprints.get(record.id) === fingerprint && record.decision.enabled === decision.enabled;
    this.#fingerprints.set(record.id, fingerprint);
    record.decision = decision;
    if (!decision.enabled) {
      const reason = decision.reason ?? "disabled";
      if (!isNew && same && record.reason === reason) return undefined;
      return () => record.retire(decision.state ?? "disabled", reason);
    }
    const invalid = this.#invalid(decision);
    if (invalid) return () => record.retire("invalid", invalid.reason, invalid.message);
    const waiting = record.state === "failed" && record.reason === "missing_dependency";
    if (same && record.state !== "invalid" && !waiting) return undefined;
    return async () => {
      if (record.isActive || (this.#started && record.startsAtOnce)) await this.#renew(record).catch(reported);
      else record.enable();
    };
  }

  async #renew(record: PluginRecord): Promise<void> {
    if (record.isActive) return record.swap();
    record.enable();
    return this.#track(
      record,
      record.activate(() => this.#requireServices(record, [record.id])),
    );
  }

  /** While `activation` runs, others who need the plugin wait for it. */
  #track(record: PluginRecord, activation: Promise<void>): Promise<void> {
    const tracked = activation.finally(() => this.#activating.delete(record.id));
    this.#activating.set(record.id, tracked);
    return tracked;
  }

  #invalid({ candidate }: Decision): { reason: string; message: string } | undefined {
    if (candidate.error) return { reason: candidate.error.reason, message: candidate.error.message };
    const manifest = candidate.manifest as Manifest;
    const engines = enginesProblem(manifest);
    if (engines) return { reason: "engines", message: `plugin "${manifest.id}" ${engines}` };
    const [issue] = this.#config.issues.get(manifest.id) ?? [];
    return issue && { reason: "config_invalid", message: `${issue.path}: ${issue.message}` };
  }

  async #requireServices({ manifest }: PluginRecord, above: readonly string[]): Promise<void> {
    for (const service of manifest.requires ?? []) {
      if (this.#parts.services.provided(service)) continue;
      const provider = [...this.#records.values()].find(
        (one) => one.decision.enabled && one.manifest.provides?.includes(service),
      );
      if (!provider)
        throw new ManifestError(
          "missing_dependency",
          `requires service "${service}", which no enabled plugin provides`,
        );
      await this.ensure(provider.id, above).catch((cause: unknown) => {
        const message = `requires service "${service}" of plugin "${provider.id}", which failed: ${errorText(cause)}`;
        throw new ManifestError("missing_dependency", message, cause);
      });
    }
  }

  async #trip(owner: string, reason: string): Promise<void> {
    const record = this.#records.get(owner);
    if (!record?.isActive || record.manifest.essential) return;
    await record.serial(() => record.retire("failed", "too_many_faults", reason));
  }

  #announcer(contribution: string, key: string): PluginRecord | undefined {
    return [...this.#records.values()].find(
      ({ decision, manifest }) => decision.enabled && contributions(manifest)[contribution]?.includes(key),
    );
  }

  /** Ids that the configuration names and nothing was found for. */
  #missing(): PluginState[] {
    const { entries = {}, allow = [], deny = [], slots = {} } = this.#config.plugins;
    const named = new Set([...Object.keys(entries), ...allow, ...deny, ...Object.values(slots)]);
    const absent = [...named].filter((id) => !this.#records.has(id) && id !== "-stock" && id !== "none");
    return absent.map((id) => ({ ...MISSING, id, name: id, error: `plugin not found: ${id}` }));
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

function uses(user: PluginRecord, provider: PluginRecord): boolean {
  return user.manifest.requires?.some((service) => provider.manifest.provides?.includes(service)) ?? false;
}

function reported(): void {
  // The failure is in the plugin's state and in the log; whoever waits only needs to know that it is over.
}
