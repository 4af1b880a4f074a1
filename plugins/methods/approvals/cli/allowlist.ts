import type { CliOption } from "openclaw/plugin-sdk";
import type { ExecApprovalsFile } from "openclaw/plugin-sdk/exec";

type Allowlist = NonNullable<NonNullable<ExecApprovalsFile["agents"]>[string]["allowlist"]>;

export const AGENT_OPTION: Readonly<Record<"agent", CliOption>> = {
  agent: { type: "string", describe: "agent it holds for; * is every agent", default: "*" },
};

export function allowlistOf({ agents = {} }: ExecApprovalsFile, agent: string): Allowlist {
  return (Object.hasOwn(agents, agent) && agents[agent]?.allowlist) || [];
}

export function withAllowlist(file: ExecApprovalsFile, agent: string, allowlist: Allowlist): ExecApprovalsFile {
  const before = file.agents && Object.hasOwn(file.agents, agent) ? file.agents[agent] : {};
  return { ...file, agents: { ...file.agents, [agent]: { ...before, allowlist } } };
}
