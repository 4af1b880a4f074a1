import { arch, platform, release } from "node:os";
import { defineCommand } from "openclaw/plugin-sdk";
import type { CliContext, ConfigCheck } from "openclaw/plugin-sdk";
import { healthText } from "./health.ts";
import type { DetailedHealth } from "./health.ts";
import { recentLines } from "./log-source.ts";
import { probe } from "./probe.ts";
import type { Probe } from "./probe.ts";
import { authText, duration } from "./words.ts";

const LOG_LINES = 20;

/** `openclaw status`: how everything is, with or without a gateway (cli.md §3). */
export default defineCommand({
  anyConfig: true,
  options: {
    deep: { type: "boolean", describe: "have the gateway ask the networks too" },
    all: { type: "boolean", describe: "everything for a bug report; no secrets are in it" },
    "require-gateway": { type: "boolean", describe: "exit 1 when the gateway cannot be reached" },
    timeout: { type: "number", describe: "milliseconds to wait", default: 10_000 },
  },
  async run(context) {
    const { args, config, json, print, verbose } = context;
    const all = args["all"] === true;
    const found = await probe(context, { timeoutMs: args["timeout"] as number, deep: args["deep"] === true });
    const check = config.check();
    const report = {
      ...asJson(context, found, check),
      ...(args["deep"] === true && { health: found.answers?.health ?? null }),
      ...(all && { config: (await config.snapshot()).config, log: await recentLines(context, LOG_LINES) }),
    };
    print(
      report,
      json ? "" : [asText(context, found, check, verbose || all), ...(all ? [pasteable(report)] : [])].join("\n\n"),
    );
    return found.ok || args["require-gateway"] !== true ? 0 : 1;
  },
});

function asText(
  context: CliContext,
  found: Probe,
  { exists, issues, warnings }: ConfigCheck,
  verbose: boolean,
): string {
  const { gateway, profile, version, configPath, stateDir, workspace, config, tilde } = context;
  const { target, ok, latencyMs, error, answers } = found;
  const auth = { ...gateway.auth, configured: gateway.auth.configured || ok };
  const state = !exists ? "missing" : issues.length > 0 ? "invalid" : "valid";
  const places = config.get<string>("agents.defaults.workspace") ?? workspace;
  // Health may have been looked at a while ago.
  const uptimeMs = answers?.hello.snapshot.uptimeMs ?? 0;
  const uptime = uptimeMs / 1_000;
  return [
    `OpenClaw ${version}`,
    "",
    ok
      ? `Gateway: running at ${target.url} (${latencyMs}ms), up ${duration(uptimeMs)}`
      : `Gateway: not reachable at ${target.url} (${error})`,
    `Auth: ${authText(auth)}`,
    `Bind: ${gateway.bind}, port ${gateway.port}`,
    `Profile: ${profile}`,
    `Config: ${tilde(configPath)} (${state})`,
    `State: ${tilde(stateDir)}`,
    `Workspace: ${tilde(places)}`,
    ...issues.map(({ path, message }) => `Config issue: ${path === "" ? "" : `${path}: `}${message}`),
    ...(verbose ? warnings : []).map(({ path, message }) => `Config warning: ${path}: ${message}`),
    ...(answers
      ? ["", healthText({ ...(answers.health as DetailedHealth), uptime }, verbose)]
      : [`Hint: ${exists ? "openclaw gateway status" : "openclaw setup, then openclaw gateway"}`]),
  ].join("\n");
}

/** Parts that only a plugin of the gateway knows come from its `status` answer. */
function asJson(context: CliContext, found: Probe, { issues }: ConfigCheck): object {
  const { gateway, config, version, profile, stateDir, configPath } = context;
  const { target, ok, latencyMs, error, answers } = found;
  const health = answers?.health as DetailedHealth | undefined;
  return {
    ...answers?.status,
    version,
    profile,
    stateDir,
    configPath,
    configIssues: issues,
    os: { platform: platform(), arch: arch(), release: release(), node: process.versions.node },
    gateway: {
      mode: config.get("gateway.mode") ?? null,
      url: target.url,
      urlSource: target.source,
      misconfigured: issues.length > 0,
      reachable: ok,
      connectLatencyMs: latencyMs,
      self: answers?.hello.server ?? null,
      error,
    },
    auth: { mode: gateway.auth.mode, configured: gateway.auth.configured || ok },
    ...(health?.plugins && { plugins: health.plugins }),
  };
}

function pasteable({ config, log, os }: { config?: unknown; log?: readonly string[]; os?: unknown }): string {
  const parts = [`System: ${JSON.stringify(os)}`, `Config: ${JSON.stringify(config, null, 2)}`, "Log:", ...(log ?? [])];
  return parts.join("\n");
}
