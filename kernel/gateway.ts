import { rmSync } from "node:fs";
import { join } from "node:path";
import { errorText, limit, LogWriter, startTimeOf, writeFileAtomic } from "openclaw/plugin-sdk";
import type {
  ConfigIssue,
  GatewayState,
  HelloOk,
  FileLock,
  ListenInfo,
  Logger,
  Manifest,
  PluginState,
} from "openclaw/plugin-sdk";
import { boolFromEnv, ConfigStore, fingerprint, issueText } from "openclaw/plugin-sdk/config";
import type { Env, Json, Loaded, Paths } from "openclaw/plugin-sdk/config";
import { findPlugins, pluginsSection, unmetNeeds } from "openclaw/plugin-sdk/plugins";
import type { Candidate } from "openclaw/plugin-sdk/plugins";
import { isOwnSecret } from "./auth/shared.ts";
import type { SharedAuth } from "./auth/shared.ts";
import { Throttle } from "./auth/throttle.ts";
import { bindHosts, checkExposure, StartError } from "./bind.ts";
import { createHooks } from "./hooks.ts";
import { provideKernelServices } from "./kernel-services.ts";
import { createPluginGateway } from "./plugin/api.ts";
import { Faults } from "./plugin/faults.ts";
import { PluginHost } from "./plugin/host.ts";
import type { HostConfig } from "./plugin/host.ts";
import { Loader } from "./plugin/loader.ts";
import type { VirtualModules } from "./plugin/loader.ts";
import { Quarantine } from "./plugin/quarantine.ts";
import { PLUGIN_LIMITS } from "./plugin/record.ts";
import type { PluginLimits } from "./plugin/record.ts";
import { within } from "./plugin/scope.ts";
import { Services } from "./plugin/services.ts";
import { SourceWatch } from "./plugin/source-watch.ts";
import { ReloadLoop } from "./reload.ts";
import { logOptions, resolveAuth, resolveBind, resolvePort } from "./settings.ts";
import type { StartFlags } from "./settings.ts";
import {
  listenProblem,
  loadStartConfig,
  lockStateDir,
  portProblem,
  prepareStateDir,
  recentStarts,
  stormText,
} from "./start.ts";
import { loadTls, watchTls } from "./tls/material.ts";
import type { TlsMaterial } from "./tls/material.ts";
import { EventTable } from "./wire/events.ts";
import { accessRules, helloOf } from "./wire/hello.ts";
import { Dispatcher } from "./wire/methods.ts";
import { WireServer } from "./wire/server.ts";

export interface GatewayOptions extends StartFlags {
  readonly version: string;
  readonly paths: Paths;
  readonly env: Env;
  /** Folder of the stock distro: `<group>/<id>/`. */
  readonly bundled: string;
  readonly virtualModules: VirtualModules;
  readonly allowUnconfigured?: boolean;
  readonly useLastGood?: boolean;
  /** Nothing but the stock plugins, and no channels. Without it, after a storm of starts. */
  readonly safeMode?: boolean | undefined;
  /** Reload plugins when their sources change. */
  readonly watch?: boolean;
  readonly pluginLimits?: Partial<PluginLimits>;
  /** Asked for from inside: by the reload loop, a plugin or a client. */
  readonly onRestart?: (reason: string) => void;
  readonly onStop?: (reason: string) => void;
}

/** How long a first client waits for plugins that decide over its login and shape its first answer. */
const HELLO_WAIT_MS = 1_000;
const READY_WAIT_MS = 5_000;
const DRAIN_MS = 15_000;
/** For work that is told to end after that. */
const UNWIND_MS = 2_500;
/** For that, the sockets and the plugins. */
const CLOSE_MS = 10_000;

/** What a start decided before anything was opened. */
interface Decided {
  readonly loaded: Loaded;
  readonly issues: readonly ConfigIssue[];
  readonly remark: string | undefined;
  readonly auth: SharedAuth;
  readonly bind: string;
  readonly hosts: readonly string[];
  readonly port: number;
  readonly tls: TlsMaterial | undefined;
}

/** One gateway, from its checks to its stop. A process may run several, one after the other. */
export class GatewayRun {
  static #runs = 0;
  /** The first run of a process began with the process. */
  readonly #begunAt = GatewayRun.#runs++ === 0 ? 0 : performance.now();
  readonly #options: GatewayOptions;
  readonly log: LogWriter;
  readonly #say: Logger;
  readonly #store: ConfigStore;
  readonly #hooks = createHooks();
  readonly #events = new EventTable(this.#hooks);
  /** The plugin folders that a configuration reaches, as they were when it was read. */
  #found: { readonly config: Json; readonly candidates: readonly Candidate[] } | undefined;
  #sources: SourceWatch | undefined;
  // Set by start(), in this order.
  #decided!: Decided;
  #lock!: FileLock;
  #starts!: readonly number[];
  #loop!: ReloadLoop;
  #host!: PluginHost;
  #dispatcher!: Dispatcher;
  #server!: WireServer;
  #info!: ListenInfo;
  /** Resolves when the plugins that run from the start do. */
  readonly #started = Promise.withResolvers<void>();
  readonly #startedAt = Date.now();
  #unwatch: (() => void)[] = [];
  #restarting: NodeJS.Timeout | undefined;
  #ready = false;
  #stopping: Promise<string[]> | undefined;
  /** Plugins that run from the start have settled. */
  settled: Promise<void> = Promise.resolve();

  private constructor(options: GatewayOptions) {
    const { paths, env } = options;
    this.#options = options;
    this.log = new LogWriter(logOptions(options, env, {}, paths));
    this.#say = this.log.logger("gateway");
    this.#store = new ConfigStore({
      path: paths.configPath,
      stateDir: paths.stateDir,
      env,
      manifests: (config) => this.#discover(config),
      unmet: (config) => unmetNeeds(config, this.#found?.candidates ?? []),
    });
  }

  /** Check everything, then open the port. Throws a `StartError` that says what to do. */
  static async start(options: GatewayOptions): Promise<GatewayRun> {
    const run = new GatewayRun(options);
    prepareStateDir(options.paths.stateDir);
    run.#adopt(run.#decide());
    run.#lock = await lockStateDir(options.paths.stateDir, run.#decided.port);
    run.#starts = recentStarts(run.#runRecord, Date.now());
    try {
      run.#compose();
      await run.#host.reconcile();
      await run.#listen();
    } catch (error) {
      await run.#server?.close(1012, "service restart");
      run.#release();
      throw error;
    }
    run.#begin();
    return run;
  }

  get info(): ListenInfo {
    return this.#info;
  }

  get url(): string {
    const { host, port } = this.#info;
    return `${this.#decided.tls ? "wss" : "ws"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  }

  plugins(): readonly PluginState[] {
    return this.#host.list();
  }

  state(): GatewayState {
    const { paths, version } = this.#options;
    return {
      version,
      pid: process.pid,
      ...this.#info,
      bind: this.#decided.bind,
      authMode: this.#decided.auth.mode,
      tlsFingerprint: this.#decided.tls?.fingerprint,
      profile: paths.profile,
      stateDir: paths.stateDir,
      configPath: paths.configPath,
      logFile: this.log.file,
      uptimeMs: uptimeMs(),
      ready: this.#ready,
      issues: [...this.#storm(), ...this.#loop.issues, ...this.#requiredFailures()],
      restartPending: [...this.#loop.restartPending],
    };
  }

  /**
   * Refuse new work, wait for what runs, tell clients, close everything. Resolves with what went wrong. Twice is
   * harmless.
   */
  stop(reason: string, restartExpectedMs?: number): Promise<string[]> {
    return (this.#stopping ??= this.#stop(reason, restartExpectedMs));
  }

  /** Why the next run could not start, so that this one goes on; `undefined` if it could. */
  async restartProblem(): Promise<string | undefined> {
    try {
      const { hosts, port } = this.#decide();
      return (await listenProblem(hosts[0] as string, port, this.#info))?.message;
    } catch (error) {
      if (error instanceof StartError) return error.message;
      throw error;
    }
  }

  /** May a signal from outside restart this gateway? */
  restartAllowed(): boolean {
    return this.#loop.get("commands.restart") === true;
  }

  /** Reload the plugins that `file` belongs to. */
  sourceChanged(file: string): Promise<void> {
    return this.#host.sourceChanged([file]);
  }

  get #drainMs(): number {
    return this.#loop.get<number>("gateway.shutdownTimeoutMs") ?? DRAIN_MS;
  }

  /** A stop that takes longer hangs (reliability.md R-23: 25 s). */
  get stopLimitMs(): number {
    return this.#drainMs + CLOSE_MS;
  }

  async #stop(reason: string, restartExpectedMs?: number): Promise<string[]> {
    const budgetMs = this.#drainMs;
    clearTimeout(this.#restarting);
    this.#dispatcher.stopping = true;
    this.#sources?.close();
    await this.#loop.close();
    limit(this.#hooks.stopping, budgetMs + UNWIND_MS);
    const asked = this.#hooks.stopping.promise({ reason, restartExpectedMs, budgetMs });
    this.#events.broadcast("shutdown", { reason, ...(restartExpectedMs !== undefined && { restartExpectedMs }) });
    await Promise.all([asked, this.#drain(budgetMs)]);
    await this.#server.close(1012, "service restart");
    // While there is still somebody to hear it.
    this.#hooks.stopped.call();
    const problems = await this.#host.close();
    this.#release();
    for (const problem of problems) this.#say.warn(`stop: ${problem}`);
    return problems;
  }

  #release(): void {
    this.#dispatcher?.close();
    for (const undo of this.#unwatch) undo();
    // After a fatal error the next start counts this one.
    if (!process.exitCode) rmSync(this.#runRecord, { force: true });
    this.#lock.release();
  }

  /** What a start on the file of this moment would be, or a `StartError`. */
  #decide(): Decided {
    const { paths, env } = this.#options;
    const given = resolveAuth(this.#options, env, {});
    const hasCredentials = Boolean(given.token ?? given.password);
    const { loaded, issues, remark } = loadStartConfig(this.#store, { ...this.#options, hasCredentials });
    const config = loaded.source.resolved;
    const auth = resolveAuth(this.#options, env, config);
    const bind = resolveBind(this.#options, env, config);
    const hosts = bindHosts(bind.mode, bind.custom, bind.ipv6);
    checkExposure(hosts[0] as string, auth);
    const port = resolvePort(this.#options, env, config, paths);
    return { loaded, issues, remark, auth, bind: bind.mode, hosts, port, tls: loadTls(config, paths) };
  }

  #adopt(decided: Decided): void {
    const { loaded, auth, hosts, port } = (this.#decided = decided);
    this.#configureLog(loaded, auth);
    this.#info = { host: hosts[0] as string, port };
  }

  #configureLog(loaded: Loaded, { token = "", password = "" }: SharedAuth): void {
    const { env, paths } = this.#options;
    this.log.configure(logOptions(this.#options, env, loaded.source.resolved, paths));
    this.log.secrets = [...this.#store.secrets(loaded), token, password];
  }

  #compose(): void {
    const { paths, env, version } = this.#options;
    const hooks = this.#hooks;
    const events = this.#events;
    const faults = new Faults(this.log.logger("plugins"));
    const services = new Services((table) => this.#host.announce(table));
    const quarantine = new Quarantine(paths.stateDir);
    this.#loop = new ReloadLoop(this.#decided.loaded, {
      store: this.#store,
      hooks,
      log: this.#say,
      reconcile: async () => {
        const changed = await this.#host.reconcile();
        void this.#followSources();
        return changed;
      },
      restart: (reason) => this.#restart(reason, 0),
      restartProblem: () => this.restartProblem(),
      accepted: (loaded) => this.#configureLog(loaded, this.#decided.auth),
    });
    this.#loop.issues = this.#decided.issues;
    const settings = { get: <T>(path: string) => this.#loop.get<T>(path) };
    this.#host = new PluginHost({
      hooks,
      services,
      faults,
      log: this.log.logger("plugins"),
      loader: new Loader(join(paths.stateDir, "cache", "jiti"), this.#options.virtualModules),
      flags: {
        safeMode: this.#options.safeMode ?? this.#storm().length > 0,
        skipChannels: boolFromEnv(env, "OPENCLAW_SKIP_CHANNELS") || boolFromEnv(env, "OPENCLAW_SKIP_PROVIDERS"),
      },
      watch: this.#options.watch ?? false,
      limits: { ...PLUGIN_LIMITS, ...this.#options.pluginLimits },
      quarantine,
      config: ({ fresh }) => this.#hostConfig(fresh),
      createGateway: (manifest, own, scope) =>
        createPluginGateway(manifest, own, scope, {
          version,
          hooks,
          services,
          events,
          faults,
          settings,
          stateDir: paths.stateDir,
          announcer: (kind, name) => this.#host.announcer(kind, name),
          log: (subsystem) => this.log.logger(subsystem),
        }),
    });
    this.#host.announce(hooks);
    this.#dispatcher = new Dispatcher({
      hooks,
      announcedScope: (method) => this.#host.announcedScope(method),
      log: (message, fields) => this.#say.warn(message, fields),
    });
    this.#server = new WireServer({
      hooks,
      events,
      dispatcher: this.#dispatcher,
      throttle: new Throttle(),
      rules: () =>
        accessRules(this.#loop, this.#decided.auth, { port: this.#info.port, secure: this.#decided.tls !== undefined }),
      hello: (client, login) =>
        helloOf(client, login, { version, ...paths, uptimeMs: uptimeMs(), features: this.#features() }),
      ready: async () => void (await within(this.#started.promise, HELLO_WAIT_MS)),
      announced: () => this.#host.announced("http"),
      log: (level, message, fields) => this.log.write(level, "gateway/ws", message, fields),
    });
    provideKernelServices({
      services,
      hooks,
      store: this.#store,
      loop: this.#loop,
      host: this.#host,
      state: () => this.state(),
      clients: () => [...events.receivers.values()].map((receiver) => receiver.client),
      disconnect: (connId, code, reason) => events.disconnect(connId, code, reason),
      restart: (reason, delayMs) => this.#restart(reason, delayMs),
      stop: (reason) => this.#options.onStop?.(reason),
      isOwnSecret: (text) => isOwnSecret(this.#decided.auth, text),
      tls: () => this.#decided.tls,
      holdDebugLogs: () => this.log.holdDebug(),
      rehearsal: { version, stateDir: paths.stateDir, log: this.#say },
    });
    const fatal = (error: unknown) => {
      this.log.write("fatal", "gateway", `uncaught error: ${errorText(error)}`, { err: error });
      process.exitCode = 1;
      this.#options.onStop?.("fatal error");
    };
    this.#unwatch = [faults.watchProcess(fatal), quarantine.watchProcess()];
  }

  async #listen(): Promise<void> {
    const { hosts, port, tls } = this.#decided;
    const bound = await this.#server.listen(hosts, port, tls).catch((error: unknown) => {
      throw portProblem(error, hosts[0] as string, port);
    });
    this.#info = { host: bound.host, port: bound.port };
    for (const failed of bound.failed) this.#say.debug(`cannot listen on ${failed}; ${bound.host} serves alone`);
    if (tls) this.#unwatch.push(watchTls(tls, () => void this.#renewTls()));
    await this.#writeRunRecord();
  }

  /** What commands on this machine find the gateway by. */
  async #writeRunRecord(): Promise<void> {
    const { bind, tls } = this.#decided;
    const record = {
      pid: process.pid,
      startTime: startTimeOf(process.pid),
      port: this.#info.port,
      url: this.url,
      version: this.#options.version,
      startedAt: this.#startedAt,
      starts: this.#starts,
      bind,
      ...(tls && { tlsFingerprint: tls.fingerprint }),
    };
    await writeFileAtomic(this.#runRecord, `${JSON.stringify(record, null, 2)}\n`, { fsync: false });
  }

  /** Another certificate lies there: new connections get it. One that cannot be used changes nothing. */
  async #renewTls(): Promise<void> {
    const { loaded, tls: before } = this.#decided;
    try {
      const tls = loadTls(loaded.source.resolved, this.#options.paths);
      if (!tls || tls.fingerprint === before?.fingerprint) return;
      this.#server.renew(tls);
      this.#decided = { ...this.#decided, tls };
      this.#say.info(`TLS certificate renewed, SHA-256 ${tls.fingerprint}`);
      // Commands on this machine hold the gateway against what stands there.
      if (!this.#stopping) await this.#writeRunRecord();
    } catch (error) {
      this.#say.warn(`the TLS certificate stays as it is: ${errorText(error)}`);
    }
  }

  /** Plugins, then channels, then the watcher; the port is open already and answers meanwhile. */
  #begin(): void {
    const { paths } = this.#options;
    this.#say.info(`log file ${this.log.file ?? "(none)"}`);
    this.#say.info(`config ${paths.configPath}`);
    this.#say.info(`state directory ${paths.stateDir}`);
    this.#say.info(`listening on ${this.url} (PID ${process.pid})`);
    const { loaded, issues, remark, tls } = this.#decided;
    if (tls) this.#say.info(`TLS certificate SHA-256 ${tls.fingerprint}`);
    if (tls?.exposure !== undefined) this.#say.warn(tls.exposure);
    for (const { message } of this.#storm()) this.#say.error(message);
    if (remark !== undefined) this.#say[issues.length > 0 ? "error" : "info"](remark);
    for (const warning of loaded.warnings) this.#say.warn(`config: ${issueText(warning)}`);
    // Whoever edits a source right after it was imported is heard too.
    this.#started.resolve(
      this.#options.watch ? this.#followSources().then(() => this.#host.start()) : this.#host.start(),
    );
    this.settled = within(this.#started.promise, READY_WAIT_MS).then(async () => {
      if (this.#stopping) return;
      this.#announceChanges();
      await this.#host.listening(this.#info);
      if (this.#stopping) return;
      this.#ready = true;
      this.#sayReady();
      await this.#loop.keepGood();
      await this.#loop.watch();
    });
  }

  /** In watch mode: an edit of an enabled plugin's source reloads it. */
  async #followSources(): Promise<void> {
    if (!this.#options.watch || this.#stopping) return;
    const failed = (error: unknown) => this.#say.warn(`sources are not watched: ${errorText(error)}`);
    this.#sources ??= new SourceWatch((files) => void this.#host.sourceChanged(files), failed);
    await this.#sources.follow(this.#host.folders).catch(failed);
  }

  #sayReady(): void {
    const { pid, port, bind } = this.state();
    const ms = Math.round(performance.now() - this.#begunAt);
    const states = this.plugins().map(({ state }) => state);
    const running = states.filter((state) => state === "active" || state === "ready").length;
    const bad = states.filter((state) => state === "failed" || state === "invalid" || state === "missing").length;
    this.#say.info(`plugins: ${running} loaded, ${bad} failed`);
    this.#say.info(`ready (${ms} ms)`, { port, pid, url: this.url, bind });
  }

  /** Clients follow what the gateway can do; changes of one turn of the loop are told together. */
  #announceChanges(): void {
    const pending = new Map<string, PluginState>();
    this.#hooks.pluginState.tap("kernel", (plugin) => {
      if (pending.size === 0) {
        setImmediate(() => {
          const plugins = [...pending.values()].map(({ id, state, reason }) => ({ id, state, reason }));
          pending.clear();
          this.#events.broadcast("plugins.changed", { plugins, features: this.#features() });
        });
      }
      pending.set(plugin.id, plugin);
    });
  }

  #features(): HelloOk["features"] {
    return {
      methods: [...new Set([...this.#host.announced("methods"), ...this.#hooks.method.offers.keys()])],
      events: [...new Set([...this.#events.names, ...this.#host.announced("events")])],
    };
  }

  #restart(reason: string, delayMs: number): void {
    this.#restarting ??= setTimeout(async () => {
      const problem = await this.restartProblem();
      if (this.#stopping) return;
      if (problem === undefined) return this.#options.onRestart?.(reason);
      this.#restarting = undefined;
      this.#say.error(`restart refused, the running gateway stays: ${problem}`);
    }, delayMs);
  }

  /** Wait until accepted requests are answered, within the budget. */
  async #drain(budgetMs: number): Promise<void> {
    const deadline = performance.now() + budgetMs;
    while (this.#dispatcher.running > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  #discover(config: Json): Manifest[] {
    const candidates = findPlugins(config, this.#options.paths, this.#options.bundled);
    this.#found = { config, candidates };
    return candidates.flatMap(({ manifest }) => manifest ?? []);
  }

  #hostConfig(fresh: boolean): HostConfig {
    const { source, pluginIssues } = this.#loop.running;
    // Somebody may have read another configuration since, such as one that was only planned.
    if (fresh || this.#found?.config !== source.resolved) this.#discover(source.resolved);
    return {
      plugins: pluginsSection(source.resolved),
      candidates: this.#found?.candidates ?? [],
      issues: pluginIssues,
      fingerprint: (manifest) => fingerprint(source.resolved, manifest),
    };
  }

  /** It keeps ending by itself, and nobody has said how to start it. */
  #storm(): ConfigIssue[] {
    const message = this.#options.safeMode === undefined ? stormText(this.#starts) : undefined;
    return message === undefined ? [] : [{ path: "gateway", message }];
  }

  #requiredFailures(): ConfigIssue[] {
    const entries = pluginsSection(this.#loop.running.source.resolved).entries ?? {};
    const required = Object.keys(entries).filter((id) => entries[id]?.required);
    if (required.length === 0) return [];
    return this.#host
      .list()
      .filter(({ id, state }) => required.includes(id) && state !== "active" && state !== "ready")
      .map(({ id, state, error, reason }) => ({
        path: `plugins.entries.${id}`,
        message: `required plugin is ${state}: ${error ?? reason}`,
      }));
  }

  get #runRecord(): string {
    return join(this.#options.paths.stateDir, "gateway.json");
  }
}

function uptimeMs(): number {
  return Math.round(process.uptime() * 1_000);
}
