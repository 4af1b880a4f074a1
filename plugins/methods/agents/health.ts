import type { HealthReport, PluginGateway } from "openclaw/plugin-sdk";
import { roster } from "./roster.ts";

/** Whoever runs heartbeats says otherwise; the shape is what established clients read (protocol.md §9.1). */
const NO_HEARTBEAT = { enabled: false, every: "0m", everyMs: 0, prompt: "", target: "last", ackMaxChars: 300 };

export function agentHealth(report: HealthReport, gateway: PluginGateway): HealthReport {
  const agents = roster(gateway);
  const main = agents.find(({ isDefault }) => isDefault);
  const { sessions } = report;
  return {
    ...report,
    defaultAgentId: main?.id ?? "main",
    agents: agents.map(({ id, isDefault }) => ({ agentId: id, isDefault, heartbeat: NO_HEARTBEAT, sessions })),
    models: { primary: primary(main?.model) },
  };
}

function primary(model: unknown): string {
  if (typeof model === "string") return model;
  return (model as { primary?: string } | undefined)?.primary ?? "offline/responder";
}
