import { defineCommand } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { lastError, localLog } from "./log-source.ts";
import { probe } from "./probe.ts";
import type { Probe } from "./probe.ts";
import { statusBlock } from "./status-block.ts";
import { authText, duration } from "./words.ts";

/** Nobody supervises a gateway yet that was started by hand or by a container. */
const NO_SERVICE = {
  label: "none",
  loaded: false,
  loadedText: "enabled",
  notLoadedText: "disabled",
  runtime: { status: "unknown", detail: "no service is installed" },
} as const;

/** `openclaw gateway status` (cli.md §2.2). */
export default defineCommand({
  anyConfig: true,
  options: {
    deep: { type: "boolean", describe: "have the gateway ask the networks too" },
    "no-probe": { type: "boolean", describe: "do not connect" },
    "exit-zero": { type: "boolean", describe: "exit 0 whatever the probe says" },
    timeout: { type: "number", describe: "milliseconds to wait", default: 10_000 },
  },
  async run(context) {
    const { args, print } = context;
    const options = { timeoutMs: args["timeout"] as number, deep: args["deep"] === true };
    const found = args["no-probe"] === true ? undefined : await probe(context, options);
    const facts = await gather(context, found);
    print(asJson(facts), asText(facts));
    return facts.ok || args["exit-zero"] === true ? 0 : 1;
  },
});

type Facts = Awaited<ReturnType<typeof gather>>;

async function gather(context: CliContext, found: Probe | undefined) {
  const { gateway, config, profile, configPath } = context;
  const target = context.target();
  const { hello, health } = found?.answers ?? {};
  const isLocal = target.id === "local";
  const own = isLocal ? gateway.running : undefined;
  const listeners = isLocal ? gateway.listeners(own?.port) : [];
  const said = health?.["gateway"] as { port: number; bind: string; auth: string } | undefined;
  const theirs = isLocal ? hello?.snapshot.configPath : undefined;
  return {
    context,
    target,
    found,
    ok: found?.ok ?? true,
    listeners,
    version: hello?.server.version,
    uptimeMs: hello?.snapshot.uptimeMs,
    pid: own?.pid ?? (found?.ok ? listeners[0]?.pid : undefined),
    port: said?.port ?? own?.port ?? gateway.port,
    bind: said?.bind ?? gateway.bind,
    bindHost: isLocal ? gateway.host : URL.parse(target.url)?.hostname,
    auth: { mode: said?.auth ?? gateway.auth.mode, configured: gateway.auth.configured || found?.ok === true },
    profile,
    mismatch: theirs !== undefined && theirs !== configPath ? theirs : undefined,
    check: config.check(),
    logFile: isLocal ? await localLog(context) : undefined,
    lastError: found && !found.ok && isLocal ? await lastError(context) : undefined,
  };
}

function rpcText(found: Probe | undefined): string {
  if (!found) return "skipped";
  return found.ok ? `ok (${found.latencyMs}ms)` : `failed (${found.error})`;
}

function asText(facts: Facts): string {
  const { context, target, found, listeners, mismatch, check } = facts;
  const { gateway, tilde } = context;
  const block = statusBlock({
    runtime: `unknown (${NO_SERVICE.runtime.detail})`,
    rpc: rpcText(found),
    version: facts.version ?? "-",
    uptime: facts.uptimeMs === undefined ? "-" : duration(facts.uptimeMs),
    pid: String(facts.pid ?? "-"),
    port: String(facts.port),
    bind: facts.bindHost ? `${facts.bind} (${facts.bindHost})` : facts.bind,
    auth: authText(facts.auth),
    configPath: tilde(context.configPath),
    probeTarget: target.url,
    cli: `profile=${facts.profile}, port=${gateway.port}, bind=${gateway.bind}`,
    service: "(none)",
    lastError: facts.lastError ?? "(none)",
  });
  // Whoever refuses a secret is a gateway.
  const strangers = facts.ok || found?.error?.startsWith("unauthorized") ? [] : listeners;
  const more = [
    ...(facts.logFile ? [`File logs: ${tilde(facts.logFile)}`] : []),
    ...(target.tlsFingerprint ? [`TLS SHA-256: ${target.tlsFingerprint}`] : []),
    ...(mismatch ? [`Config mismatch: the running gateway uses ${tilde(mismatch)}`] : []),
    ...listeners.map(({ pid, command }) => `Listening: port ${facts.port} pid ${pid} (${command})`),
    ...strangers.map(({ pid }) => `Port ${facts.port} is held by pid ${pid}, which did not answer as a gateway`),
    ...check.issues.map(({ path, message }) => `Config issue: ${path === "" ? "" : `${path}: `}${message}`),
  ];
  return [block, ...(more.length > 0 ? ["", ...more] : [])].join("\n");
}

function asJson(facts: Facts): object {
  const { context, target, found, listeners, mismatch, check } = facts;
  const { gateway, configPath, profile } = context;
  const { path, exists, issues } = check;
  return {
    ok: facts.ok,
    summary: {
      runtime: NO_SERVICE.runtime.status,
      rpc: found ? (found.ok ? "ok" : "failed") : "skipped",
      rpcLatencyMs: found?.latencyMs ?? null,
      version: facts.version ?? null,
      uptimeMs: facts.uptimeMs ?? null,
      pid: facts.pid ?? null,
      port: facts.port,
      bind: facts.bind,
      bindHost: facts.bindHost ?? null,
      auth: facts.auth.mode,
      authConfigured: facts.auth.configured,
      configPath,
      probeTarget: target.url,
      profile,
      configMismatch: mismatch ? ["configPath"] : [],
      lastError: facts.lastError ?? null,
    },
    service: NO_SERVICE,
    config: { cli: { path, exists, valid: issues.length === 0, issues }, mismatch: mismatch !== undefined },
    gateway: {
      bindMode: facts.bind,
      bindHost: facts.bindHost ?? null,
      port: facts.port,
      portSource: gateway.portSource,
      probeUrl: target.url,
      tlsFingerprint: target.tlsFingerprint ?? null,
    },
    port: { port: facts.port, status: listeners.length > 0 ? "busy" : "free", listeners },
    lastError: facts.lastError ?? null,
    rpc: {
      ok: found?.ok ?? false,
      url: target.url,
      latencyMs: found?.latencyMs ?? null,
      error: found ? found.error : "skipped",
    },
  };
}
