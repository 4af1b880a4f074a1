import { existsSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { FSWatcher } from "chokidar";
import { errorText } from "openclaw/plugin-sdk";
import type { ConfigIssue, KernelHooks, Logger, ReloadPlan } from "openclaw/plugin-sdk";
import { at, ConfigError, diff, issueText, planReload, withhold } from "openclaw/plugin-sdk/config";
import type { ConfigStore, Loaded, Overrides, Source } from "openclaw/plugin-sdk/config";

/** How long an edit settles before it counts, unless `gateway.reload.debounceMs` says otherwise. */
export const DEBOUNCE_MS = 300;
/** Between two looks at files that the system does not watch for us (reliability.md R-50). */
const POLL_MS = 5_000;

export type ReloadMode = "off" | "hot" | "hybrid" | "restart";

export interface ReloadParts {
  readonly store: ConfigStore;
  readonly hooks: Readonly<KernelHooks>;
  readonly log: Logger;
  /** Bring the plugins in line with the configuration that now runs. */
  readonly reconcile: () => Promise<readonly string[]>;
  readonly restart: (reason: string) => void;
  /** Why a gateway could not start on the file as it is; `undefined` if it could. */
  readonly restartProblem: () => Promise<string | undefined>;
  /** From now on this is the configuration. */
  readonly accepted: (loaded: Loaded) => void;
}

/** Holds the running configuration and applies edits of the file to it. A bad file changes nothing. */
export class ReloadLoop {
  readonly #parts: ReloadParts;
  readonly #started: Loaded;
  /** What the file says; `#running` with the overrides in it. */
  #file: Loaded;
  #running: Loaded;
  #isWatching = false;
  readonly #watchers: FSWatcher[] = [];
  readonly #files = new Set<string>();
  readonly #names = new Set<string>();
  readonly #directories = new Set<string>();
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  /** What is wrong with the file on disk while an older version runs. */
  issues: readonly ConfigIssue[] = [];
  /** Paths that wait for a restart in mode `hot`. */
  restartPending: readonly string[] = [];
  /** Values that run over the file's while this loop lives. */
  overrides: Overrides = new Map();

  constructor(running: Loaded, parts: ReloadParts) {
    this.#started = running;
    this.#file = running;
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
    this.#follow(this.#running.source);
    this.#isWatching = true;
    await this.#see([...this.#directories]).catch((error: unknown) => this.#lookNowAndThen(error));
    if (this.#closed) return;
    // An edit may have come before anybody watched.
    if (this.issues.length === 0) await this.apply();
  }

  /** Resolves when every change in these directories from now on is noticed. */
  async #see(directories: readonly string[]): Promise<void> {
    const { watch } = await import("chokidar");
    if (this.#closed) return;
    const watcher = watch([...directories], {
      depth: 0,
      ignoreInitial: true,
      ignored: (path) => !this.#directories.has(path) && !this.#files.has(path),
    });
    this.#watchers.push(watcher);
    watcher.on("all", () => this.#settle());
    // A directory in the place of a file is no event of the former kind.
    watcher.on("raw", (_event, name) => this.#names.has(basename(name ?? "")) && this.#settle());
    await new Promise<void>((resolve) => {
      watcher.once("ready", () => resolve());
      watcher.on("error", (error) => {
        this.#lookNowAndThen(error);
        resolve();
      });
    });
  }

  /** The system watches no more files, or not these. */
  #lookNowAndThen(error: unknown): void {
    if (this.#closed || this.#poll) return;
    const { log, store } = this.#parts;
    log.warn(`config is not watched, looking at it every ${POLL_MS / 1000} s: ${errorText(error)}`);
    let { hash } = store.read().source;
    this.#poll = setInterval(() => {
      const seen = store.read().source.hash;
      if (seen !== hash) this.#settle();
      hash = seen;
    }, POLL_MS);
  }

  /** Keep a copy of the running configuration to fall back on. A disk that takes none is told, no more. */
  async keepGood(): Promise<void> {
    const { log, store } = this.#parts;
    await store.rememberGood(this.#running).catch((error: unknown) => {
      log.warn(`no copy of this configuration could be kept: ${errorText(error)}`);
    });
  }

  /** See directories that an edit brought in, and what came to them before anybody saw them. */
  async #seeMore({ source, issues }: Loaded): Promise<void> {
    const added = this.#follow(source);
    if (added.length === 0 || !this.#isWatching) return;
    await this.#see(added);
    if (this.#closed) return;
    const now = this.#parts.store.read();
    const isSame = now.source.hash === source.hash && JSON.stringify(now.issues) === JSON.stringify(issues);
    if (!isSame) this.#settle();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    await Promise.all(this.#watchers.map((watcher) => watcher.close()));
    await this.#queue.catch(() => undefined);
  }

  /**
   * Read the file and apply what changed. Called after an edit settled, and by writers at once. Resolves when the
   * plugins are where they should be; a slow one holds nobody else up.
   */
  async apply(): Promise<void> {
    const failed = (error: unknown) =>
      this.#parts.log.error(`config reload failed: ${errorText(error)}`, { err: error });
    const step = this.#queue.then(() => this.#apply()).catch(failed);
    this.#queue = step;
    const { reconciled } = (await step) ?? {};
    if (!reconciled) return;
    await reconciled.catch(failed);
    // Also the sign for commands that the gateway works with what they wrote. One that ended keeps nothing.
    if (!this.#closed) await this.keepGood();
  }

  /** Run with these values over the file's instead of those before, whatever `gateway.reload.mode` says of the file. */
  async override(overrides: Overrides): Promise<{ readonly plan: ReloadPlan; readonly changed: readonly string[] }> {
    const step = this.#queue.then(() => this.#override(overrides));
    this.#queue = step.catch(() => undefined);
    return step;
  }

  async #override(overrides: Overrides): Promise<{ readonly plan: ReloadPlan; readonly changed: readonly string[] }> {
    const next = this.#parts.store.overlay(this.#file, overrides);
    const changed = diff(this.#running.source.resolved, next.source.resolved);
    const plan = planReload(changed, [...this.#running.manifests, ...next.manifests]);
    if (plan.restart.length > 0)
      throw new ConfigError(`${plan.restart.join(", ")} needs a restart, which forgets what is set for this run`);
    this.overrides = new Map(overrides);
    this.#runWith(next, plan).catch((error: unknown) =>
      this.#parts.log.error(`config: not every plugin follows what is set for this run: ${errorText(error)}`),
    );
    return { plan, changed };
  }

  /** What the overrides make of a new file; none of them where one does not fit it. */
  #over(file: Loaded): { readonly next: Loaded; readonly overrides: Overrides } {
    try {
      return { next: this.#parts.store.overlay(file, this.overrides), overrides: this.overrides };
    } catch (error) {
      this.#parts.log.warn(`config: what was set for this run does not fit the new file: ${errorText(error)}`);
      return { next: file, overrides: new Map() };
    }
  }

  /** Know the files of `source`, links followed. Returns their directories that are new. */
  #follow({ sought }: Source): string[] {
    const paths = sought.flatMap((path) => (existsSync(path) ? [path, realpathSync(path)] : [path]));
    for (const path of paths) this.#files.add(path);
    for (const path of paths) this.#names.add(basename(path));
    const added = [...new Set(paths.map(dirname))].filter((directory) => !this.#directories.has(directory));
    for (const directory of added) this.#directories.add(directory);
    return added;
  }

  #settle(): void {
    const debounceMs = this.get<number>("gateway.reload.debounceMs") ?? DEBOUNCE_MS;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.apply(), debounceMs);
  }

  async #apply(): Promise<{ readonly reconciled: Promise<unknown> } | undefined> {
    const { store, log } = this.#parts;
    const read = store.read();
    const { path, exists, text } = read.source;
    this.#seeMore(read).catch((error: unknown) => log.error(`cannot watch what ${path} includes`, { err: error }));
    // A writer may be replacing the file: a missing or an empty one means wait, never "no configuration".
    if (!exists || (text.trim() === "" && read.issues.length === 0)) {
      if (this.#running.source.text.trim() !== "")
        log.warn(`config file ${path} is ${exists ? "empty" : "gone"}; the running configuration stays`);
      return undefined;
    }
    const file = withhold(read, this.#file);
    if (file.source.hash === this.#file.source.hash) {
      this.issues = [];
      return undefined;
    }
    if (file.issues.length > 0) {
      this.issues = file.issues;
      log.error(
        `config reload: ${path} is wrong, the running configuration stays: ${file.issues.map(issueText).join("; ")}`,
      );
      return undefined;
    }
    this.issues = [];
    const { next, overrides } = this.#over(file);
    const changed = diff(this.#running.source.resolved, next.source.resolved);
    const plan = planReload(changed, [...this.#running.manifests, ...next.manifests]);
    if (!(await this.#carriesOut(plan, changed))) return undefined;
    this.#file = file;
    this.overrides = overrides;
    if (plan.restart.length > 0) log.warn(`restart required: ${plan.restart.join(", ")}`);
    const reconciled = this.#runWith(next, plan);
    reconciled.catch(() => undefined);
    return { reconciled };
  }

  /** Resolves when the plugins are where they should be. */
  #runWith(next: Loaded, plan: ReloadPlan): Promise<unknown> {
    const before = this.#running;
    this.#running = next;
    this.restartPending = planReload(diff(this.#started.source.resolved, next.source.resolved), next.manifests).restart;
    this.#parts.accepted(next);
    const values = { before: before.source.resolved, after: next.source.resolved };
    if (plan.hot.length > 0) this.#parts.hooks.configChanged.call({ paths: plan.hot, ...values });
    // Also when no value changed: what is wrong with a plugin's section may have.
    return this.#parts.reconcile();
  }

  /** Says what will be done. False when this configuration is not to run: it is ignored, or waits for a restart. */
  async #carriesOut(plan: ReloadPlan, changed: readonly string[]): Promise<boolean> {
    const { log, restart, restartProblem } = this.#parts;
    const mode = this.get<ReloadMode>("gateway.reload.mode") ?? "hybrid";
    const summary = `hot=[${plan.hot.join(", ")}] plugins=[${plan.plugins.join(", ")}] restart=[${plan.restart.join(", ")}]`;
    const effective = plan.hot.length + plan.plugins.length + plan.restart.length > 0;
    const ignored = mode === "off" && effective && !changed.includes("gateway.reload.mode");
    if (effective) log.info(`config reload: ${ignored ? "mode is off, ignored " : ""}${summary}`);
    const restarts = mode === "restart" ? effective : mode === "hybrid" && plan.restart.length > 0;
    const problem = restarts ? await restartProblem() : undefined;
    if (problem !== undefined) {
      this.issues = [{ path: "gateway", message: problem }];
      log.error(`config reload: a restart would fail, the running configuration stays: ${problem}`);
    } else if (restarts) restart("config");
    return !ignored && !restarts;
  }
}
