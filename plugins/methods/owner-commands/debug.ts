import type { CommandCall, ConfigApi, GatewayApi, MessagingApi, PluginGateway } from "openclaw/plugin-sdk";
import { override, overrideLines } from "./override.ts";

const LISTED = 20;
const MB = 1_048_576;

export interface DebugParts {
  readonly gateway: PluginGateway;
  readonly config: ConfigApi;
  readonly kernel: GatewayApi;
  readonly messaging: MessagingApi;
}

/** `/debug`: what runs and waits, and what the process uses; with words behind it, settings for this run alone. */
export async function debug(call: CommandCall, { gateway, config, kernel, messaging }: DebugParts): Promise<string> {
  if (call.args !== "") return override(call, { config, settings: gateway.settings });
  const { work, session } = call;
  const { version, pid, uptimeMs, issues, restartPending } = kernel.state();
  const { rss, heapUsed } = process.memoryUsage();
  const open = (await messaging.unfinished()).filter(({ id }) => id !== work.id);
  const lines = [
    `OpenClaw ${version}, process ${pid}, up ${Math.round(uptimeMs / 1_000)} s, ${kernel.clients().length} clients`,
    `Memory: ${Math.round(rss / MB)} MB, of which ${Math.round(heapUsed / MB)} MB are objects`,
    `Session: ${session.key} (${session.entry.sessionId})`,
    `Messages without an end: ${open.length}`,
    ...open.slice(0, LISTED).map(({ runId, state, sessionKey }) => `- ${state} in ${sessionKey}: ${runId}`),
    ...overrideLines(config.overrides()),
    ...issues.map(({ path, message }) => `Issue: ${path} ${message}`),
    ...(restartPending.length > 0 ? [`Waits for a restart: ${restartPending.join(", ")}`] : []),
  ];
  return lines.join("\n");
}
