import type { AgentInfo, HealthReport } from "openclaw/plugin-sdk";
import type { HeartbeatSettings } from "./settings.ts";

type Of = (agent: AgentInfo) => HeartbeatSettings;

/** What `health` says of each agent's heartbeat (protocol.md §9.1). */
export function inHealth(report: HealthReport, agents: readonly AgentInfo[], settingsOf: Of): HealthReport {
  const main = agents.find(({ isDefault }) => isDefault);
  return {
    ...report,
    heartbeatSeconds: main ? Math.round(settingsOf(main).everyMs / 1_000) : 0,
    agents: report.agents.map((row) => {
      const agent = agents.find(({ id }) => id === (row as { agentId?: string }).agentId);
      if (!agent) return row;
      const { every, everyMs, prompt, target, ackMaxChars } = settingsOf(agent);
      return { ...row, heartbeat: { enabled: everyMs > 0, every, everyMs, prompt, target, ackMaxChars } };
    }),
  };
}

/** The part of `status` (protocol.md §9.1). */
export function inStatus(agents: readonly AgentInfo[], settingsOf: Of): object {
  const rows = agents.map((agent) => {
    const { every, everyMs } = settingsOf(agent);
    return { agentId: agent.id, enabled: everyMs > 0, every, everyMs };
  });
  return { defaultAgentId: agents.find(({ isDefault }) => isDefault)?.id ?? "main", agents: rows };
}
