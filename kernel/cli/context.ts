import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError, ConnectionError, GatewayClient, table } from "openclaw/plugin-sdk";
import type { CliArgs, CliConfig, CliContext } from "openclaw/plugin-sdk";
import { at, ConfigError, ConfigStore, tilde } from "openclaw/plugin-sdk/config";
import type { Env, Loaded, Paths } from "openclaw/plugin-sdk/config";
import { findPlugins } from "../plugin/places.ts";
import { resolveTarget } from "./target.ts";
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
  });
}

export function createContext(args: CliArgs, around: Surroundings, store: ConfigStore): CliContext {
  const { paths, env, version } = around;
  const json = args["json"] === true;
  let loaded: Loaded | undefined;
  const read = () => (loaded ??= store.read());
  const target = () => resolveTarget(args, env, read().source.resolved, paths, runningUrl(paths.stateDir));

  const config: CliConfig = {
    get exists() {
      return read().source.exists;
    },
    get valid() {
      return read().issues.length === 0;
    },
    get issues() {
      return read().issues;
    },
    get: <T>(path: string) => at(read().source.resolved, path) as T | undefined,
    async write(edit, options = {}) {
      const { changed } = await store.write({ set: edit }, { actor: "cli", ...options }).catch(refused);
      loaded = undefined;
      return { changed };
    },
    snapshot: ({ showSecrets = false } = {}) => Promise.resolve(store.snapshot(read(), showSecrets)),
    plan: (edit) => store.plan({ set: edit }),
    schema: () => store.schema(read()),
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
    target,
    connect: (options) => connect(target(), args, around, options?.mode ?? "cli"),
    print(value, text) {
      process.stdout.write(json || text === undefined ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
    },
    table,
    note: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** The address in the run record, if that process still runs: finds a gateway on an unusual port. */
function runningUrl(stateDir: string): string | undefined {
  const file = join(stateDir, "gateway.json");
  if (!existsSync(file)) return undefined;
  try {
    const { pid, url } = JSON.parse(readFileSync(file, "utf8")) as { pid: number; url: string };
    process.kill(pid, 0);
    return url.replace("//0.0.0.0:", "//127.0.0.1:");
  } catch {
    // Half written, or left behind by a process that is gone.
    return undefined;
  }
}

async function connect(
  target: Target,
  args: CliArgs,
  { paths, version }: Surroundings,
  mode: "cli" | "probe",
): Promise<GatewayClient> {
  const timeoutMs = args["timeout"] as number | undefined;
  const client = new GatewayClient({
    url: target.url,
    ...(target.token !== undefined && { token: target.token }),
    ...(target.password !== undefined && { password: target.password }),
    client: { id: "cli", mode, version, platform: process.platform },
    scopes: mode === "probe" ? ["operator.admin"] : ["operator.admin", "operator.approvals", "operator.pairing"],
    ...(timeoutMs !== undefined && { connectTimeoutMs: timeoutMs }),
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw unreachable(error, target, paths);
  }
}

/** cli.md §1.5. */
function unreachable(error: unknown, { url, source }: Target, paths: Paths): CliError {
  const refusal = error instanceof ConnectionError ? error.error : undefined;
  const details = { url, source, configPath: paths.configPath, ...(refusal && { wireCode: refusal.code }) };
  if (refusal) return new CliError(refusal.message, { code: "UNAUTHORIZED", details, cause: error });
  const message = [
    `Gateway not reachable: ${(error as Error).message}`,
    `Gateway target: ${url}`,
    `Source: ${source}`,
    `Config: ${tilde(paths.configPath, paths.home)}`,
    "Hint: openclaw gateway status",
  ].join("\n");
  return new CliError(message, { code: "GATEWAY_UNAVAILABLE", details, cause: error });
}

function refused(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  const lines = error.issues.map(({ path, message, hint }) => `${path}: ${message}${hint ? ` (${hint})` : ""}`);
  const message = lines.length > 0 ? `Config validation failed: ${lines.join("; ")}` : error.message;
  throw new CliError(message, { code: "CONFIG_INVALID", details: { issues: error.issues }, cause: error });
}
