import { GatewayError } from "openclaw/plugin-sdk";
import type { Settings } from "openclaw/plugin-sdk";

interface AgentEntry {
  readonly id: string;
  readonly default?: boolean;
  /** The only skills it may use; absent: all. */
  readonly skills?: readonly string[];
}

/** The agents of the configuration, as far as their skills go. */
export function agentsOf(settings: Settings): readonly AgentEntry[] {
  const listed = settings.get<readonly AgentEntry[]>("agents.list") ?? [];
  return listed.length > 0 ? listed : [{ id: "main" }];
}

/** The agent that is asked for, else the default one. */
export function agentOf(settings: Settings, agentId: string | undefined): AgentEntry {
  const agents = agentsOf(settings);
  const id = agentId?.trim().toLowerCase();
  const found = id === undefined ? (agents.find((one) => one.default === true) ?? agents[0]) : undefined;
  const agent = found ?? agents.find((one) => one.id.toLowerCase() === id);
  if (!agent) {
    throw new GatewayError("INVALID_REQUEST", `unknown agent id "${agentId}"`, { details: { code: "NOT_FOUND" } });
  }
  return agent;
}
