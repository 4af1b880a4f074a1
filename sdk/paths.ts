import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** A flag or variable with a value that cannot be used. `exitCode` is the one of the command line. */
export class UsageError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: 2 | 78 = 78) {
    super(message);
    this.name = "UsageError";
    this.exitCode = exitCode;
  }
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Where one gateway lives. All of it hangs on the profile, so that two profiles share nothing. */
export interface Paths {
  readonly profile: string;
  readonly home: string;
  readonly stateDir: string;
  readonly configPath: string;
  /** Workspace of the default agent when the configuration names none. */
  readonly workspace: string;
  readonly defaultPort: number;
}

const PROFILE = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const DEFAULT_PORT = 18_789;
const DEV_PORT = 19_001;

/** config.md §1.1: the order in which flags and variables decide. */
export function resolvePaths(flags: { dev?: boolean; profile?: string | undefined }, env: Env): Paths {
  const profile = resolveProfile(flags, env);
  const named = profile !== "default";
  const home = resolveHome(env);
  const suffix = named ? `-${profile}` : "";
  const stateDir = absolute(
    env["OPENCLAW_STATE_DIR"] || env["OPENCLAW_CONFIG_DIR"] || join(home, `.openclaw${suffix}`),
    home,
  );
  return {
    profile,
    home,
    stateDir,
    configPath: absolute(env["OPENCLAW_CONFIG_PATH"] || join(stateDir, "openclaw.json"), home),
    workspace: absolute(env["OPENCLAW_WORKSPACE_DIR"] || join(home, ".openclaw", `workspace${suffix}`), home),
    defaultPort: profile === "dev" ? DEV_PORT : DEFAULT_PORT,
  };
}

function resolveProfile(flags: { dev?: boolean; profile?: string | undefined }, env: Env): string {
  if (flags.dev && flags.profile !== undefined && flags.profile !== "dev") {
    throw new UsageError(`--dev and --profile ${flags.profile} contradict each other; pass one of them`, 2);
  }
  const profile = flags.dev ? "dev" : (flags.profile ?? (env["OPENCLAW_PROFILE"] || "default"));
  if (!PROFILE.test(profile)) {
    throw new UsageError(
      `profile "${profile}" is not a name; use 1 to 32 of a-z 0-9 _ -, starting with a letter or digit`,
      2,
    );
  }
  return profile;
}

function resolveHome(env: Env): string {
  const system = env["HOME"] || env["USERPROFILE"] || homedir();
  const own = env["OPENCLAW_HOME"];
  return own ? absolute(own, system) : system;
}

/** `path` with a leading `~` expanded, absolute. */
export function absolute(path: string, home: string): string {
  const expanded = path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
  return isAbsolute(expanded) ? expanded : resolve(expanded);
}

/** `path` as people read it: the home directory as `~`. */
export function tilde(path: string, home: string): string {
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** A port given by a variable; a wrong one is an error, never skipped. */
export function portFromEnv(env: Env, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UsageError(`${name}=${text} is not a port; use 1 to 65535`);
}

const TRUE = new Set(["1", "true", "yes", "on"]);
const FALSE = new Set(["0", "false", "no", "off", ""]);

/** A switch given by a variable (config.md §1.4). */
export function boolFromEnv(env: Env, name: string): boolean {
  const text = (env[name] ?? "").toLowerCase();
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new UsageError(`${name}=${env[name]} is not a switch; use 1 or 0`);
}
