import type { AgentsApi, MessagingApi, PluginGateway, SessionsApi, SystemEventsApi } from "openclaw/plugin-sdk";
import type { SaidByRun } from "./said-by-run.ts";

/** The services that runs use. */
export interface RunParts {
  readonly gateway: PluginGateway;
  readonly messaging: MessagingApi;
  readonly sessions: SessionsApi;
  readonly agents: AgentsApi;
  readonly events: SystemEventsApi;
  readonly said: SaidByRun;
  readonly now: () => number;
}

/** The agent of a job: its own, or the default one with a note when there is no such agent any more. */
export function agentOf(agentId: string | undefined, { agents, sessions }: RunParts): { id: string; note?: string } {
  const fallback = sessions.defaultAgentId();
  if (agentId === undefined || agents.list().some(({ id }) => id === agentId)) return { id: agentId ?? fallback };
  return { id: fallback, note: `unknown agent "${agentId}"; ran as "${fallback}"` };
}
