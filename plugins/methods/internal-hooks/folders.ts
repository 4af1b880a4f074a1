import { join } from "node:path";
import type { Settings } from "openclaw/plugin-sdk";
import { absolute, resolvePaths } from "openclaw/plugin-sdk/config";
import { workspaceOf } from "openclaw/plugin-sdk/workspace";
import type { HookFolder } from "./hook.ts";

interface AgentEntry {
  readonly id: string;
  readonly default?: boolean;
}

/** Where scripts are, the folders that win first (agent.md §20). Of workspaces only that of the default agent. */
export function hookFolders(settings: Pick<Settings, "get">, stateDir: string, bundled: string): HookFolder[] {
  const agents = settings.get<readonly AgentEntry[]>("agents.list") ?? [];
  const agentId = (agents.find((agent) => agent.default === true) ?? agents[0])?.id ?? "main";
  const extra = settings.get<readonly string[]>("hooks.internal.load.extraDirs") ?? [];
  const { home } = resolvePaths({}, process.env);
  return [
    { path: join(workspaceOf(agentId, { settings, stateDir }), "hooks"), source: "openclaw-workspace" },
    { path: join(stateDir, "hooks"), source: "openclaw-managed" },
    { path: bundled, source: "openclaw-bundled" },
    ...extra.map((path) => ({ path: absolute(path, home), source: "openclaw-extra" as const })),
  ];
}
