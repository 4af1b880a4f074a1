import type { CliTarget } from "openclaw/plugin-sdk";
import { at } from "openclaw/plugin-sdk/config";
import type { Env, Json } from "openclaw/plugin-sdk/config";

export interface TargetFlags {
  readonly url?: string;
  readonly token?: string;
  readonly password?: string;
}

interface Secrets {
  readonly token: string | undefined;
  readonly password: string | undefined;
}

export type Target = CliTarget & Secrets;

/**
 * The gateways a command can talk to, each with its secret; the first is the one that is meant (config.md §4.3). A
 * secret goes only to a target that came from the same source: a URL from elsewhere never gets the configuration's
 * token, and what flags and environment hold is for the one that is meant.
 */
export function resolveTargets(flags: TargetFlags, env: Env, config: Json, local: CliTarget): readonly Target[] {
  const envUrl = env["OPENCLAW_GATEWAY_URL"] || undefined;
  const url = flags.url ?? envUrl;
  const fromEnv = (name: string) => env[`OPENCLAW_GATEWAY_${name}`] || undefined;
  const stored = (section: string): Secrets => ({
    token: at(config, `gateway.${section}.token`) as string | undefined,
    password: at(config, `gateway.${section}.password`) as string | undefined,
  });
  const envApplies = flags.url === undefined || flags.url === envUrl;
  const given: Secrets = {
    token: flags.token ?? (envApplies ? fromEnv("TOKEN") : undefined),
    password: flags.password ?? (envApplies ? fromEnv("PASSWORD") : undefined),
  };

  const remoteUrl = at(config, "gateway.remote.url") as string | undefined;
  const remotePin = at(config, "gateway.remote.tlsFingerprint") as string | undefined;
  const remote = remoteUrl
    ? [
        {
          id: "remote" as const,
          url: remoteUrl,
          source: "config remote",
          tlsFingerprint: remotePin,
          ...stored("remote"),
        },
      ]
    : [];
  const own = { ...local, ...stored("auth") };
  const configured = at(config, "gateway.mode") === "remote" ? [...remote, own] : [own, ...remote];
  const [meant, ...others] =
    url === undefined
      ? configured
      : [
          { id: "explicit" as const, url, source: flags.url ? "--url" : "env", token: undefined, password: undefined },
          ...configured,
        ];
  const token = given.token ?? meant?.token;
  return meant ? [{ ...meant, token, password: given.password ?? meant.password }, ...others] : others;
}
