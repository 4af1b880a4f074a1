import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isProcessAlive, portOwners } from "openclaw/plugin-sdk";
import type { CliTarget, LocalGateway, RunRecord } from "openclaw/plugin-sdk";
import { at } from "openclaw/plugin-sdk/config";
import type { Env, Json, Paths } from "openclaw/plugin-sdk/config";
import { bindHosts, checkExposure, StartError } from "../bind.ts";
import { resolveAuth, resolveBind, resolvePort } from "../settings.ts";
import { loadTls } from "../tls/material.ts";

/** What a gateway started here would use, by the same rules it would use them. */
export function localGateway(env: Env, config: Json, paths: Paths): LocalGateway {
  const port = resolvePort({}, env, config, paths);
  const { mode: bind, custom, ipv6 } = resolveBind({}, env, config);
  const { mode, token, password } = resolveAuth({}, env, config);
  const isNamed = Boolean(env["OPENCLAW_GATEWAY_PORT"]) || at(config, "gateway.port") !== undefined;
  return {
    port,
    portSource: isNamed ? "env/config" : "default",
    bind,
    host: firstHost(() => bindHosts(bind, custom, ipv6)),
    secure: at(config, "gateway.tls.enabled") === true,
    auth: { mode, configured: Boolean(mode === "token" ? token : mode === "password" ? password : undefined) },
    running: runRecord(paths.stateDir),
    listeners: (other = port) => portOwners(other),
  };
}

/** Why values that are right would still be no start, as far as that can be told without one. */
export function startProblem(env: Env, config: Json, paths: Paths): string | undefined {
  if (at(config, "gateway.mode") !== "local") return undefined;
  const { mode, custom, ipv6 } = resolveBind({}, env, config);
  const auth = resolveAuth({}, env, config);
  try {
    for (const host of bindHosts(mode, custom, ipv6)) checkExposure(host, auth);
    // One of our own would be made, and looking makes nothing.
    if (["certPath", "keyPath"].some((key) => at(config, `gateway.tls.${key}`) !== undefined)) loadTls(config, paths);
    return undefined;
  } catch (error) {
    if (error instanceof StartError) return error.message.split("\n")[0];
    throw error;
  }
}

/** How this machine reaches its own gateway: where the running one said it listens, unless a port is demanded. */
export function localTarget({ port, running, secure }: LocalGateway, env: Env): CliTarget {
  if (running === undefined || env["OPENCLAW_GATEWAY_PORT"]) {
    return {
      id: "local",
      url: `${secure ? "wss" : "ws"}://127.0.0.1:${port}`,
      source: "local loopback",
      tlsFingerprint: running?.tlsFingerprint,
    };
  }
  const url = running.url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
  const { tlsFingerprint } = running;
  return {
    id: "local",
    url,
    tlsFingerprint,
    source: /\/\/(127\.|\[::1\])/.test(url) ? "local loopback" : "running gateway",
  };
}

/** What the running gateway wrote down, if its process still lives. */
function runRecord(stateDir: string): RunRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(join(stateDir, "gateway.json"), "utf8")) as RunRecord;
    return isProcessAlive(record.pid, record.startTime) ? record : undefined;
  } catch {
    // None runs, or the file is being written.
    return undefined;
  }
}

function firstHost(hosts: () => readonly string[]): string | undefined {
  try {
    return hosts()[0];
  } catch (error) {
    if (error instanceof StartError) return undefined;
    throw error;
  }
}
