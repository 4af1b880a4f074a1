import { existsSync } from "node:fs";
import { CliError, ConnectionError, GatewayClient, table, terminalText } from "openclaw/plugin-sdk";
import type { CliArgs, CliConfig, CliContext, CliTarget, ConnectOptions, LocalGateway } from "openclaw/plugin-sdk";
import {
  ConfigError,
  ConfigStore,
  ConfigWriteError,
  parsePath,
  readSource,
  tilde,
  valueAt,
} from "openclaw/plugin-sdk/config";
import type { Env, Loaded, Paths, Source } from "openclaw/plugin-sdk/config";
import {
  findPlugins,
  missingPluginIssues,
  plannedPlugins,
  pluginsSection,
  unmetNeeds,
} from "openclaw/plugin-sdk/plugins";
import { localGateway, localTarget, startProblem } from "./local-gateway.ts";
import { ownDevice } from "./own-device.ts";
import { takenOver } from "./take-over.ts";
import { resolveTargets } from "./target.ts";
import type { Target } from "./target.ts";

/** The machine a command runs on, before its flags are known. */
export interface Surroundings {
  readonly paths: Paths;
  readonly env: Env;
  readonly version: string;
  readonly bundled: string;
}

/** The configuration store a command reads and edits, with the schemas of all plugins it can reach. */
export function commandStore({ paths, env, bundled }: Surroundings): ConfigStore {
  return new ConfigStore({
    path: paths.configPath,
    stateDir: paths.stateDir,
    env,
    manifests: (config) => findPlugins(config, paths, bundled).flatMap(({ manifest }) => manifest ?? []),
    unmet: (config) => unmetNeeds(config, findPlugins(config, paths, bundled)),
  });
}

/** `ownTimeout`: the command gives `--timeout` a meaning of its own. */
export function createContext(args: CliArgs, around: Surroundings, store: ConfigStore, ownTimeout = false): CliContext {
  const { paths, env, version } = around;
  const json = args["json"] === true;
  const flagTimeoutMs = ownTimeout ? undefined : (args["timeout"] as number | undefined);
  const short = (path: string) => tilde(path, paths.home);
  // Checking costs more than reading, and most commands need no more than a value or two.
  let source: Source | undefined;
  let loaded: Loaded | undefined;
  const values = () => (source ??= readSource(paths.configPath, env)).resolved;
  const checked = () => (loaded ??= store.read());
  let gateway: LocalGateway | undefined;
  const local = () => (gateway ??= localGateway(env, values(), paths));
  const targets = () => resolveTargets(args, env, values(), localTarget(local(), env));

  const note = (text: string) => void process.stderr.write(`${terminalText(text)}\n`);

  const config: CliConfig = {
    get exists() {
      return checked().source.exists;
    },
    get valid() {
      return checked().issues.length === 0;
    },
    get issues() {
      return checked().issues;
    },
    get: <T>(path: string) => valueAt(values(), parsePath(path) ?? []) as T | undefined,
    async write(edit, options = {}) {
      source = loaded = undefined;
      const written = await store.write({ set: edit }, { actor: "cli", ...options }).catch(refused);
      const { changed } = written;
      const isPending = local().running !== undefined && !(await takenOver(store, written.loaded, changed));
      if (isPending) note("the gateway has not taken this over yet; look at: openclaw config validate");
      return { changed, isPending };
    },
    snapshot: async ({ showSecrets = false } = {}) => store.snapshot(checked(), showSecrets),
    plan(edit, { replaceReferences } = {}) {
      try {
        return store.plan({ set: edit }, replaceReferences);
      } catch (error) {
        return refused(error);
      }
    },
    schema: () => store.schema(checked()),
    check(file) {
      const {
        source: read,
        issues,
        warnings,
        pluginIssues,
      } = file === undefined ? checked() : new ConfigStore({ ...store.options, path: file }).read();
      const { path, exists, resolved } = read;
      const absent = missingPluginIssues(pluginsSection(resolved), findPlugins(resolved, paths, around.bundled));
      const problem = issues.length > 0 ? undefined : startProblem(env, resolved, paths);
      const start =
        problem === undefined ? [] : [{ path: "gateway", message: `a start from here would fail: ${problem}` }];
      return {
        path,
        exists,
        issues,
        warnings: [...warnings, ...absent, ...start, ...[...pluginIssues.values()].flat()],
      };
    },
  };

  const targetOf = ({ target: wanted, url }: ConnectOptions): Target => {
    const found = targets().find((one) =>
      url === undefined ? wanted === undefined || one.id === wanted.id : one.url === url,
    );
    return found ?? { id: "explicit", url: url as string, source: "command line", ...givenSecrets(args, env) };
  };
  const clientOf = (target: Target, { mode = "cli", timeoutMs = flagTimeoutMs, as }: ConnectOptions): GatewayClient => {
    const { url, token, password, tlsFingerprint } = target;
    const given = givenSecrets(args, env);
    const isGiven = (given.token ?? given.password) !== undefined;
    return new GatewayClient({
      url,
      device: () => ownDevice(target, paths.stateDir, isGiven),
      ...(token !== undefined && { token }),
      ...(password !== undefined && { password }),
      ...(tlsFingerprint !== undefined && { tlsFingerprint }),
      client: { id: "cli", mode, version, platform: process.platform },
      scopes: mode === "probe" ? ["operator.admin"] : ["operator.admin", "operator.approvals", "operator.pairing"],
      ...(timeoutMs !== undefined && { connectTimeoutMs: timeoutMs }),
      ...as,
    });
  };

  return {
    args,
    json,
    verbose: args["verbose"] === true,
    stateDir: paths.stateDir,
    configPath: paths.configPath,
    workspace: paths.workspace,
    home: paths.home,
    profile: paths.profile,
    version,
    config,
    get gateway() {
      return local();
    },
    plugins: () =>
      plannedPlugins(findPlugins(values(), paths, around.bundled), pluginsSection(values()), checked().pluginIssues),
    target: () => named(targets()[0] as Target),
    targets: () => targets().map(named),
    async embed() {
      const { embedGateway } = await import("./embedded.ts");
      return embedGateway(around);
    },
    client: (options = {}) => clientOf(targetOf(options), options),
    async connect(options = {}) {
      const target = targetOf(options);
      const client = clientOf(target, options);
      try {
        await client.connect();
      } catch (error) {
        const timeoutMs = options.timeoutMs ?? flagTimeoutMs;
        throw unreachable(error, target, {
          sent: sentSecret(args, env),
          configPath: paths.configPath,
          profile: paths.profile,
          short,
          bind: local().bind,
          timeoutMs,
        });
      }
      return client;
    },
    print(value, text) {
      const shown = json || text === undefined ? JSON.stringify(value ?? null, null, 2) : terminalText(text);
      process.stdout.write(`${shown}\n`);
    },
    table,
    note,
    tilde: short,
  };
}

/** The secrets of this one call, from its flags or the environment. */
function givenSecrets(args: CliArgs, env: Env): Pick<Target, "token" | "password"> {
  const of = (flag: string, name: string) => (args[flag] as string | undefined) ?? (env[name] || undefined);
  return { token: of("token", "OPENCLAW_GATEWAY_TOKEN"), password: of("password", "OPENCLAW_GATEWAY_PASSWORD") };
}

/** A target without its secrets. */
function named({ id, url, source, tlsFingerprint }: Target): CliTarget {
  return { id, url, source, ...(tlsFingerprint !== undefined && { tlsFingerprint }) };
}

/** Where the secret of this one call came from, when not from the configuration. */
function sentSecret(args: CliArgs, env: Env): string | undefined {
  const flag = ["token", "password"].find((name) => args[name] !== undefined);
  if (flag !== undefined) return `--${flag}`;
  return ["OPENCLAW_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_PASSWORD"].find((name) => env[name]);
}

interface Circumstances {
  readonly sent: string | undefined;
  readonly configPath: string;
  readonly profile: string;
  readonly bind: string;
  readonly timeoutMs: number | undefined;
  short(path: string): string;
}

/** cli.md §1.5. */
function unreachable(cause: unknown, { id, url, source }: Target, around: Circumstances): CliError {
  const { configPath, bind, timeoutMs, short } = around;
  const command = around.profile === "default" ? "openclaw" : `openclaw --profile ${around.profile}`;
  const setUp = existsSync(configPath) ? "" : `${command} setup, then `;
  const { message: reason } = cause as Error;
  const refusal = cause instanceof ConnectionError ? cause.error : undefined;
  const details = { url, source, configPath, reason, ...(refusal && { wireCode: refusal.code }) };
  if (refusal) {
    const { requestId } = (refusal.details ?? {}) as { requestId?: string };
    const approve =
      requestId === undefined ? undefined : `on the gateway's machine: openclaw devices approve ${requestId}`;
    const { sent } = around;
    const hint =
      approve ??
      (sent !== undefined && /mismatch/.test(reason)
        ? `what ${sent} says was sent; without it the secret of ${around.short(around.configPath)} is`
        : undefined);
    return new CliError(reason, { code: "UNAUTHORIZED", details, cause, ...(hint && { hint }) });
  }
  const lines = [
    `Gateway not reachable: ${reason}`,
    `Gateway target: ${url}`,
    `Source: ${source}`,
    `Config: ${short(configPath)}`,
    `Bind: ${bind}`,
    ...(id === "local" && /ECONNREFUSED/.test(reason) ? [`Start it: ${setUp}${command} gateway`] : []),
  ];
  if (isPinMismatch(cause as Error)) return new CliError(reason, { code: "TLS_PIN_MISMATCH", details, cause });
  const isLate = timeoutMs !== undefined && /timed out|in time/.test(reason);
  const exitCode = isLate ? 124 : 1;
  const hint = tlsHint(url, reason) ?? "openclaw gateway status";
  return new CliError(lines.join("\n"), { code: "GATEWAY_UNAVAILABLE", exitCode, details, hint, cause });
}

/** What Node says of TLS, and nothing of what to do. */
function tlsHint(url: string, reason: string): string | undefined {
  if (url.startsWith("wss:") && /self-signed|certificate/i.test(reason))
    return "if it is yours, set gateway.remote.url and gateway.remote.tlsFingerprint, which openclaw gateway status prints there";
  if (url.startsWith("ws:") && /socket hang up|ECONNRESET/.test(reason))
    return `does it speak TLS? then it is at ${url.replace("ws:", "wss:")}`;
  return undefined;
}

function isPinMismatch({ cause }: Error): boolean {
  return (cause as { code?: string } | undefined)?.code === "TLS_PIN_MISMATCH";
}

function refused(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  const lines = error.issues.map(({ path, message, hint }) => `${path}: ${message}${hint ? ` (${hint})` : ""}`);
  const message = lines.length > 0 ? `Error: Config validation failed: ${lines.join("; ")}` : error.message;
  if (error instanceof ConfigWriteError) throw new CliError(message, { code: "WRITE_FAILED", cause: error });
  throw new CliError(message, { code: "CONFIG_INVALID", details: { issues: error.issues }, cause: error });
}
