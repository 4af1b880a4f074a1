import type { AuthMode, SharedAuth } from "./auth/shared.ts";
import type { BindMode } from "./bind.ts";
import { join } from "node:path";
import { absolute, at, portFromEnv } from "openclaw/plugin-sdk/config";
import type { Env, Json, Paths } from "openclaw/plugin-sdk/config";
import { StartError } from "./bind.ts";
import { LEVELS } from "openclaw/plugin-sdk";
import type { ConsoleStyle, Level, LogWriterOptions } from "openclaw/plugin-sdk";

/** Flags of `openclaw gateway`; each wins over the environment and the configuration (config.md §1.1). */
export interface StartFlags {
  readonly port?: number;
  readonly bind?: BindMode;
  readonly customBind?: string;
  readonly auth?: AuthMode;
  readonly token?: string;
  readonly password?: string;
  /** Of the log file. */
  readonly level?: Level;
  readonly consoleLevel?: Level;
  readonly consoleStyle?: ConsoleStyle;
}

const BIND_MODES = new Set(["loopback", "lan", "tailnet", "auto", "custom"]);
const MAX_FILE_BYTES = 50_000_000;
const KEEP_DAYS = 14;

export function resolvePort(flags: StartFlags, env: Env, config: Json, paths: Paths): number {
  return (
    flags.port ??
    portFromEnv(env, "OPENCLAW_GATEWAY_PORT") ??
    (at(config, "gateway.port") as number | undefined) ??
    paths.defaultPort
  );
}

export function resolveBind(
  flags: StartFlags,
  env: Env,
  config: Json,
): { mode: BindMode; custom: string[]; ipv6: boolean } {
  const fromEnv = env["OPENCLAW_GATEWAY_BIND"] || undefined;
  if (fromEnv !== undefined && !BIND_MODES.has(fromEnv)) {
    throw new StartError(`OPENCLAW_GATEWAY_BIND=${fromEnv} is not a bind mode; use ${[...BIND_MODES].join(", ")}`);
  }
  const named = flags.bind ?? fromEnv ?? at(config, "gateway.bind") ?? "loopback";
  const custom = flags.customBind ?? at(config, "gateway.customBind") ?? at(config, "gateway.customBindHost") ?? [];
  return {
    mode: named as BindMode,
    custom: (Array.isArray(custom) ? custom : [custom]) as string[],
    ipv6: at(config, "gateway.ipv6") === true,
  };
}

/** protocol.md §3.4: the mode that is named, else the kind of secret that is there, password first. */
export function resolveAuth(flags: StartFlags, env: Env, config: Json): SharedAuth {
  const from = (kind: "token" | "password") => {
    const name = kind.toUpperCase();
    const stored = at(config, `gateway.auth.${kind}`) as string | undefined;
    return flags[kind] || env[`OPENCLAW_GATEWAY_${name}`] || env[`CLAWDBOT_GATEWAY_${name}`] || stored || undefined;
  };
  const [token, password] = [from("token"), from("password")];
  const named = flags.auth ?? (at(config, "gateway.auth.mode") as AuthMode | undefined);
  return { mode: named ?? (password ? "password" : "token"), token, password };
}

export function logOptions(flags: StartFlags, env: Env, config: Json, paths: Paths): LogWriterOptions {
  const get = <T>(key: string) => at(config, `logging.${key}`) as T | undefined;
  const file = get<string>("file");
  return {
    directory: join(paths.stateDir, "logs"),
    file: file && absolute(file, paths.home),
    level: flags.level ?? levelFrom(env) ?? get("level") ?? "info",
    consoleLevel: flags.consoleLevel ?? get("consoleLevel") ?? "info",
    consoleStyle: flags.consoleStyle ?? get("consoleStyle") ?? (process.stdout.isTTY ? "pretty" : "compact"),
    maxFileBytes: get("maxFileBytes") ?? MAX_FILE_BYTES,
    keepDays: get("keepDays") ?? KEEP_DAYS,
  };
}

function levelFrom(env: Env): Level | undefined {
  const name = env["OPENCLAW_LOG_LEVEL"] || undefined;
  const level = LEVELS.find((known) => known === name);
  if (name !== undefined && level === undefined)
    throw new StartError(`OPENCLAW_LOG_LEVEL=${name} is not a level; use ${LEVELS.join(", ")}`);
  return level;
}
