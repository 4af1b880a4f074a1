import { at, portFromEnv } from "openclaw/plugin-sdk/config";
import type { Env, Json, Paths } from "openclaw/plugin-sdk/config";

export interface TargetFlags {
  readonly url?: string;
  readonly token?: string;
  readonly password?: string;
}

export interface Target {
  readonly url: string;
  readonly source: "--url" | "env" | "config remote" | "running gateway" | "local loopback";
  readonly token: string | undefined;
  readonly password: string | undefined;
}

/**
 * Which gateway a command talks to and with which secret (config.md §4.3). A secret goes only to a
 * target that came from the same source: a URL from elsewhere never gets the configuration's token.
 */
export function resolveTarget(
  flags: TargetFlags,
  env: Env,
  config: Json,
  paths: Paths,
  running: string | undefined,
): Target {
  const given = { token: flags.token, password: flags.password };
  const fromEnv = {
    token: env["OPENCLAW_GATEWAY_TOKEN"] || undefined,
    password: env["OPENCLAW_GATEWAY_PASSWORD"] || undefined,
  };
  const envUrl = env["OPENCLAW_GATEWAY_URL"] || undefined;
  if (flags.url !== undefined) return target(flags.url, "--url", given, envUrl === flags.url ? fromEnv : {});
  if (envUrl !== undefined) return target(envUrl, "env", given, fromEnv);
  const secrets = (section: string) => ({
    token: at(config, `gateway.${section}.token`) as string | undefined,
    password: at(config, `gateway.${section}.password`) as string | undefined,
  });
  const remote = at(config, "gateway.remote.url") as string | undefined;
  if (at(config, "gateway.mode") === "remote" && remote)
    return target(remote, "config remote", given, fromEnv, secrets("remote"));
  const port =
    portFromEnv(env, "OPENCLAW_GATEWAY_PORT") ??
    (at(config, "gateway.port") as number | undefined) ??
    paths.defaultPort;
  if (running !== undefined) return target(running, "running gateway", given, fromEnv, secrets("auth"));
  return target(`ws://127.0.0.1:${port}`, "local loopback", given, fromEnv, secrets("auth"));
}

interface Secrets {
  readonly token?: string | undefined;
  readonly password?: string | undefined;
}

function target(url: string, source: Target["source"], ...secrets: readonly Secrets[]): Target {
  const first = (kind: "token" | "password") => secrets.map((one) => one[kind]).find((value) => value !== undefined);
  return { url, source, token: first("token"), password: first("password") };
}
