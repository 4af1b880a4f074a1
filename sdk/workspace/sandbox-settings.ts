import { join } from "node:path";
import type { Settings } from "../gateway.ts";
import { absolute, resolvePaths } from "../paths.ts";

/** What the workspace of a sandbox is called inside. */
export const SANDBOX_WORKSPACE = "/workspace";

/** Where workspaces of sandboxes are that are not those of agents. */
export function sandboxRoot(written: string | undefined, stateDir: string): string {
  if (written === undefined) return join(stateDir, "sandboxes");
  return absolute(written, resolvePaths({}, process.env).home);
}

/** What is known of a container before there is one (`agents.*.sandbox.docker`). */
export interface SandboxDocker {
  readonly image: string;
  readonly network: string;
  readonly readOnlyRoot: boolean;
  /** Numbers of a user and a group. Without it that of whoever owns the files inside. */
  readonly user: string | undefined;
  readonly capDrop: readonly string[];
  readonly pidsLimit: number;
  readonly memory: string;
  readonly cpus: number | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly binds: readonly string[];
  readonly tmpfs: readonly string[];
  readonly setupCommand: string | undefined;
}

/** How tools of an agent are kept in (`agents.defaults.sandbox`, and over it `agents.list[].sandbox`). */
export interface SandboxSettings {
  readonly mode: "off" | "non-main" | "all";
  readonly scope: "session" | "agent" | "shared";
  readonly workspaceAccess: "none" | "ro" | "rw";
  /** Where workspaces of sandboxes are; by default `<state>/sandboxes`. */
  readonly workspaceRoot: string | undefined;
  readonly sessionToolsVisibility: "spawned" | "all";
  readonly docker: SandboxDocker;
  readonly prune: { readonly idleHours: number; readonly maxAgeDays: number };
}

/** Whose tools they are. */
export interface SandboxSubject {
  readonly agentId: string;
  readonly sessionKey: string;
}

type Written = Partial<Omit<SandboxSettings, "docker" | "prune">> & {
  readonly docker?: Partial<SandboxDocker>;
  readonly prune?: Partial<SandboxSettings["prune"]>;
};

interface AgentEntry {
  readonly id: string;
  readonly default?: boolean;
  readonly sandbox?: Written;
}

const DOCKER: SandboxDocker = {
  image: "openclaw-sandbox:bookworm-slim",
  network: "none",
  readOnlyRoot: true,
  user: undefined,
  capDrop: ["ALL"],
  pidsLimit: 256,
  memory: "1g",
  cpus: undefined,
  env: {},
  binds: [],
  tmpfs: ["/tmp", "/var/tmp", "/run"],
  setupCommand: undefined,
};
const MODES = ["all", "non-main", "off"] as const;
const SCOPES = ["session", "agent", "shared"] as const;
const ACCESS = ["none", "ro", "rw"] as const;

/** What the configuration says of an agent's sandbox, with the defaults where it is silent (config.md §7). */
export function sandboxSettings(settings: Settings, agentId: string): SandboxSettings {
  const general = settings.get<Written>("agents.defaults.sandbox") ?? {};
  const agent = entryOf(settings, agentId)?.sandbox ?? {};
  const isShared = (agent.scope ?? general.scope) === "shared";
  // Of what agents share, none decides how it is made.
  const own: Written = isShared ? { ...(agent.mode !== undefined && { mode: agent.mode }), scope: "shared" } : agent;
  const both = { ...general, ...own };
  return {
    mode: strictest(MODES, both.mode, "off"),
    scope: strictest(SCOPES, both.scope, "agent"),
    workspaceAccess: strictest(ACCESS, both.workspaceAccess, "none"),
    workspaceRoot: both.workspaceRoot,
    sessionToolsVisibility: both.sessionToolsVisibility === "all" ? "all" : "spawned",
    docker: { ...DOCKER, ...general.docker, ...own.docker },
    prune: { idleHours: 24, maxAgeDays: 7, ...general.prune, ...own.prune },
  };
}

/**
 * Do tools of this session work in a sandbox? Decided by the configuration alone, so that it holds whether or not
 * anybody can provide one. `non-main`: all but the agent's main session.
 */
export function isSandboxed(settings: Settings, { agentId, sessionKey }: SandboxSubject): boolean {
  const { mode } = sandboxSettings(settings, agentId);
  if (mode === "off") return false;
  return mode === "all" || sessionKey !== mainKeyOf(settings, agentId);
}

/** Anything that is written and not known is the strictest. */
function strictest<T extends string>(order: readonly [T, ...T[]], value: string | undefined, absent: T): T {
  if (value === undefined) return absent;
  return order.find((one) => one === value) ?? order[0];
}

function entryOf(settings: Settings, agentId: string): AgentEntry | undefined {
  // However its id is spelled: a sandbox must not be missed for a capital letter.
  return agentsOf(settings).find(({ id }) => plain(id) === plain(agentId));
}

function mainKeyOf(settings: Settings, agentId: string): string {
  const agents = agentsOf(settings);
  const first = (agents.find((agent) => agent.default === true) ?? agents[0])?.id ?? "main";
  if (settings.get<string>("session.scope") === "global" && plain(first) === plain(agentId)) return "global";
  return `agent:${agentId}:${settings.get<string>("session.mainKey")?.trim().toLowerCase() ?? "main"}`;
}

function agentsOf(settings: Settings): readonly AgentEntry[] {
  return settings.get<readonly AgentEntry[]>("agents.list") ?? [];
}

function plain(id: string): string {
  return id.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, "-");
}
