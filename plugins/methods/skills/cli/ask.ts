import { fileURLToPath } from "node:url";
import type { CliContext } from "openclaw/plugin-sdk";
import { workspaceOf } from "openclaw/plugin-sdk/workspace";
import { agentOf } from "../agents.ts";
import { checkSkills } from "../catalog.ts";
import { discoverSkills } from "../discovery.ts";
import { managedFolder, skillFolders } from "../folders.ts";
import { prefersBrew, statusRow } from "../status.ts";
import type { StatusRow } from "../status.ts";

export interface SkillReport {
  readonly workspaceDir: string;
  readonly managedSkillsDir: string;
  readonly skills: readonly StatusRow[];
}

export const AGENT_OPTION = {
  agent: { type: "string", describe: "id of the agent; by default the default agent" },
} as const;

/** What the gateway knows of an agent's skills, or what one that starts here would know. */
export async function skillReport(context: CliContext): Promise<SkillReport> {
  const { args, config, connect, gateway, stateDir } = context;
  const agentId = args["agent"] as string | undefined;
  if (gateway.running || args["url"] !== undefined || context.target().id !== "local") {
    const client = await connect();
    try {
      return await client.request<SkillReport>("skills.status", { ...(agentId !== undefined && { agentId }) });
    } finally {
      await client.close();
    }
  }
  // Commands lie one folder deeper than the plugin.
  const bundled = fileURLToPath(new URL("../bundled", import.meta.url));
  const rules = { settings: config, stateDir, bundled };
  const { id } = agentOf(config, agentId);
  const skills = await checkSkills(await discoverSkills(skillFolders(id, rules)), config);
  return {
    workspaceDir: workspaceOf(id, rules),
    managedSkillsDir: managedFolder(rules),
    skills: skills.map((skill) => statusRow(skill, prefersBrew(config))),
  };
}

/** Why a skill cannot be used, in words; empty when it can. */
export function obstacles({ problem, disabled, blockedByAllowlist, missing, always }: StatusRow): string[] {
  const { bins, anyBins, env, config, os } = missing;
  const lacks = always
    ? []
    : [
        ...bins.map((name) => `needs ${name}`),
        ...(anyBins.length > 0 ? [`needs ${anyBins.join(" or ")}`] : []),
        ...env.map((name) => `needs ${name} to be set`),
        ...config.map((path) => `needs ${path} in the configuration`),
      ];
  return [
    ...(problem !== undefined ? [problem] : []),
    ...(disabled ? ["is switched off"] : []),
    ...(blockedByAllowlist ? ["is not in skills.allowBundled"] : []),
    ...(os.length > 0 ? [`is for ${os.join(", ")}`] : []),
    ...lacks,
  ];
}

export function state(row: StatusRow): string {
  if (row.problem !== undefined) return "error";
  if (row.disabled) return "disabled";
  if (row.blockedByAllowlist) return "blocked";
  return row.eligible ? "ready" : "missing";
}
