import type { Session, Settings } from "openclaw/plugin-sdk";
import { DEFAULT_EXEC_POLICY, EXEC_ASK, EXEC_SECURITY, readStrict, stricterPolicy } from "openclaw/plugin-sdk/exec";
import type { ExecPolicy } from "openclaw/plugin-sdk/exec";
import type { ExecParameters } from "./parameters.ts";

interface ExecKeys {
  readonly host?: string;
  readonly security?: string;
  readonly ask?: string;
  readonly node?: string;
  readonly pathPrepend?: readonly string[];
  readonly safeBins?: readonly string[];
  readonly backgroundMs?: number;
  readonly timeoutSec?: number;
  readonly cleanupMs?: number;
  readonly notifyOnExit?: boolean;
  readonly approvalRunningNoticeMs?: number;
}

export interface ExecSettings {
  /** `sandbox` is the gateway's host as long as there is no sandbox. */
  readonly host: "gateway" | "node";
  readonly node: string | undefined;
  readonly pathPrepend: readonly string[];
  /** Of the harmless programs those that need no entry in the allowlist; nothing: all of them. */
  readonly safeBins: readonly string[] | undefined;
  readonly backgroundMs: number;
  readonly timeoutMs: number;
  readonly notifyOnExit: boolean;
  readonly runningNoticeMs: number;
  /** Of the configuration, the session and the call. What the approvals file says comes on top. */
  readonly policy: ExecPolicy;
}

const CLEANUP_MS = 1_800_000;

export function cleanupMs(settings: Settings): number {
  return settings.get<number>("tools.exec.cleanupMs") ?? CLEANUP_MS;
}

/**
 * How a command is to be run: what the agent's configuration says, else the general one, then what an operator set for
 * the session. The model can only be stricter than that.
 */
export function execSettings(
  settings: Settings,
  agentId: string,
  session: Session | undefined,
  asked: ExecParameters,
): ExecSettings {
  const agents = settings.get<{ id: string; tools?: { exec?: ExecKeys } }[]>("agents.list") ?? [];
  const keys: ExecKeys = {
    ...settings.get<ExecKeys>("tools.exec"),
    ...agents.find(({ id }) => id === agentId)?.tools?.exec,
  };
  const entry: Readonly<Record<string, unknown>> = session?.entry ?? {};
  const host = asked.host ?? entry["execHost"] ?? keys.host;
  const configured: ExecPolicy = {
    ...DEFAULT_EXEC_POLICY,
    security: readStrict(EXEC_SECURITY, entry["execSecurity"] ?? keys.security, DEFAULT_EXEC_POLICY.security),
    ask: readStrict(EXEC_ASK, entry["execAsk"] ?? keys.ask, DEFAULT_EXEC_POLICY.ask),
    // These two are the approvals file's alone.
    askFallback: "full",
    autoAllowSkills: true,
  };
  const wanted: ExecPolicy = {
    ...configured,
    security: asked.security ?? configured.security,
    ask: asked.ask ?? configured.ask,
  };
  const node = asked.node ?? (entry["execNode"] as string | undefined) ?? keys.node;
  return {
    host: host === "node" ? "node" : "gateway",
    node,
    pathPrepend: keys.pathPrepend ?? [],
    safeBins: keys.safeBins,
    backgroundMs: asked.yieldMs ?? keys.backgroundMs ?? 10_000,
    timeoutMs: (asked.timeout ?? keys.timeoutSec ?? 1_800) * 1_000,
    notifyOnExit: keys.notifyOnExit !== false,
    runningNoticeMs: keys.approvalRunningNoticeMs ?? 10_000,
    policy: stricterPolicy(configured, wanted),
  };
}
