import { dirname } from "node:path";
import type { FSWatcher } from "chokidar";
import type { ConfigIssue, KernelHooks, Logger, ReloadPlan } from "openclaw/plugin-sdk";
import { at, diff, issueText, planReload } from "openclaw/plugin-sdk/config";
import type { ConfigStore, Json, Loaded } from "openclaw/plugin-sdk/config";

const DEBOUNCE_MS = 300;

export type ReloadMode = "off" | "hot" | "hybrid" | "restart";

export interface ReloadParts {
  readonly store: ConfigStore;
  readonly hooks: Readonly<KernelHooks>;
  readonly log: Logger;
  /** Bring the plugins in line with the configuration that now runs. */
  readonly reconcile: () => Promise<readonly string[]>;
  readonly restart: (reason: string) => void;
  /** From now on this is the configuration. */
  readonly accepted: (loaded: Loaded) => void;
}

/** Holds the running configuration and applies edits of the file to it. A bad file changes nothing. */
export class ReloadLoop {
  readonly #parts: ReloadParts;
  #running: Loaded;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  /** What is wrong with the file on disk while an older version runs. */
  issues: readonly ConfigIssue[] = [];
  /** Paths that wait for a restart in mode `hot`. */
  readonly restartPending: Set<string> = new Set();

  constructor(running: Loaded, parts: ReloadParts) {
    this.#running = running;
    this.#parts = parts;
  }

  /** The configuration as the gateway runs it. */
  get running(): Loaded {
    return this.#running;
  }

  /** Value of the running configuration at a dotted path. */
  get<T>(path: string): T | undefined {
    return at(this.#running.source.resolved, path) as T | undefined;
  }

  /** Watch the directories of all files: a replaced or re-created file keeps being seen. */
  async watch(): Promise<void> {
    const { watch } = await import("chokidar");
    const files = () => new Set(this.#running.source.files.map((file) => file.path));
    const directories = new Set([...files()].map(dirname));
    this.#watcher = watch([...directories], {
      depth: 0,
      ignoreInitial: true,
      ignored: (path) => !directories.has(path) && !files().has(path),
    });
    this.#watcher.on("all", () => this.#settle());
    await new Promise<void>((resolve) => this.#watcher?.once("ready", () => resolve()));
    // An edit may have come before anybody watched.
    if (this.issues.length === 0) await this.apply();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher?.close();
    await this.#queue.catch(() => undefined);
  }

  /** Read the file and apply what changed. Called after an edit settled, and by writers at once. */
  apply(): Promise<ReloadPlan | undefined> {
    const step = this.#queue.then(() => this.#apply());
    this.#queue = step.catch((error: unknown) =>
      this.#parts.log.error(`config reload failed: ${String(error)}`, { err: error }),
    );
    return step;
  }

  #settle(): void {
    const debounceMs = this.get<number>("gateway.reload.debounceMs") ?? DEBOUNCE_MS;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.apply(), debounceMs);
  }

  async #apply(): Promise<ReloadPlan | undefined> {
    const { store, log } = this.#parts;
    const next = store.read();
    // A writer may be replacing the file: a missing one means wait, never "empty".
    if (!next.source.exists) {
      if (this.#running.source.exists)
        log.warn(`config file ${next.source.path} is gone; the running configuration stays`);
      return undefined;
    }
    if (next.source.hash === this.#running.source.hash) {
      this.issues = [];
      return undefined;
    }
    if (next.issues.length > 0) {
      this.issues = next.issues;
      log.error(
        `config reload: ${next.source.path} is wrong, the running configuration stays: ${next.issues.map(issueText).join("; ")}`,
      );
      return undefined;
    }
    this.issues = [];
    const changed = diff(this.#running.source.resolved, next.source.resolved);
    const plan = planReload(changed, [...this.#running.manifests, ...next.manifests]);
    await this.#carryOut(plan, next, changed);
    return plan;
  }

  async #carryOut(plan: ReloadPlan, next: Loaded, changed: readonly string[]): Promise<void> {
    const { log, restart } = this.#parts;
    const mode = this.get<ReloadMode>("gateway.reload.mode") ?? "hybrid";
    const summary = `hot=[${plan.hot.join(", ")}] plugins=[${plan.plugins.join(", ")}] restart=[${plan.restart.join(", ")}]`;
    const effective = plan.hot.length + plan.plugins.length + plan.restart.length > 0;
    if (mode === "off" && effective && !changed.includes("gateway.reload.mode"))
      return log.info(`config reload: mode is off, ignored ${summary}`);
    if (mode === "restart" ? effective : mode === "hybrid" && plan.restart.length > 0) {
      log.info(`config reload: ${summary}`);
      return restart("config");
    }
    const before = this.#running;
    this.#running = next;
    this.#parts.accepted(next);
    for (const path of plan.restart) this.restartPending.add(path);
    if (plan.restart.length > 0) log.warn(`restart required: ${plan.restart.join(", ")}`);
    // Warnings may have changed without any value having done so; the plugins decide for themselves.
    const plugins = plan.plugins.length > 0 ? await this.#parts.reconcile() : [];
    if (effective) log.info(`config reload: ${summary}`, { changedPlugins: plugins });
    if (plan.hot.length > 0) this.#announce(plan.hot, before, next);
    await this.#parts.store.rememberGood(next);
  }

  #announce(paths: readonly string[], before: Loaded, next: Loaded): void {
    const [old, fresh]: Json[] = [before.source.resolved, next.source.resolved];
    this.#parts.hooks.configChanged.call({ paths, before: old, after: fresh });
  }
}
