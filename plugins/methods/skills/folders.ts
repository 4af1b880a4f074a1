import { join } from "node:path";
import type { Settings } from "openclaw/plugin-sdk";
import { absolute, resolvePaths } from "openclaw/plugin-sdk/config";
import { workspaceOf } from "openclaw/plugin-sdk/workspace";
import type { SkillFolder } from "./discovery.ts";

export interface FolderRules {
  readonly settings: Settings;
  readonly stateDir: string;
  /** Folder of the skills that come with the gateway. */
  readonly bundled: string;
}

export function managedFolder({ stateDir }: FolderRules): string {
  return join(stateDir, "skills");
}

/** Where the skills of an agent are, the folders that win first (agent.md §9). */
export function skillFolders(agentId: string, rules: FolderRules): SkillFolder[] {
  const { home } = resolvePaths({}, process.env);
  const extra = rules.settings.get<readonly string[]>("skills.load.extraDirs") ?? [];
  return [
    { path: join(workspaceOf(agentId, rules), "skills"), source: "openclaw-workspace" },
    { path: managedFolder(rules), source: "openclaw-managed" },
    { path: rules.bundled, source: "openclaw-bundled" },
    ...extra.map((path) => ({ path: absolute(path, home), source: "openclaw-extra" as const })),
  ];
}
