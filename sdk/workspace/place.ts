import { basename, dirname, join } from "node:path";
import { absolute, resolvePaths } from "../paths.ts";
import type { Env } from "../paths.ts";

interface AgentPlace {
  readonly id: string;
  readonly default?: boolean;
  readonly workspace?: string;
}

/** What decides where workspaces are: the configuration, the state directory, the environment. */
export interface WorkspaceRules {
  readonly settings: { get<T = unknown>(path: string): T | undefined };
  readonly stateDir: string;
  readonly env?: Env;
}

const STATE_DIR = /^\.openclaw(-[a-z0-9_-]+)?$/;

/** The workspace of an agent: its own, else that of the defaults, else the one of the profile (config.md §1.1). */
export function workspaceOf(agentId: string, { settings, stateDir, env = process.env }: WorkspaceRules): string {
  const { home } = resolvePaths({}, env);
  const agents = settings.get<readonly AgentPlace[]>("agents.list") ?? [];
  const own = agents.find(({ id }) => id === agentId)?.workspace;
  const named = own ?? settings.get<string>("agents.defaults.workspace") ?? env["OPENCLAW_WORKSPACE_DIR"];
  if (named) return absolute(named, home);
  const chosen = (agents.find((agent) => agent.default === true) ?? agents[0])?.id ?? "main";
  const ofProfile = defaultWorkspace(stateDir, env);
  return agentId === chosen || agentId === "main" ? ofProfile : `${ofProfile}-${agentId}`;
}

/** The workspace of the profile that a state directory belongs to. */
export function defaultWorkspace(stateDir: string, env: Env = process.env): string {
  const told = resolvePaths({}, env);
  // Flags may have named another profile than the environment does; the state directory knows.
  if (told.stateDir === stateDir) return told.workspace;
  const [isProfile, suffix = ""] = STATE_DIR.exec(basename(stateDir)) ?? [];
  return isProfile ? join(dirname(stateDir), ".openclaw", `workspace${suffix}`) : join(stateDir, "workspace");
}
