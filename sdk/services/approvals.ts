import { SyncHook } from "tapable";
import { defineService } from "../service.ts";

export const APPROVAL_DECISIONS = ["allow-once", "allow-always", "deny"] as const;

export type ApprovalDecision = (typeof APPROVAL_DECISIONS)[number];

/** A command that runs only when somebody says yes to it. What is left out is shown as unknown. */
export interface ExecAction {
  /** The whole command as an approver reads it (`commandText` of `openclaw/plugin-sdk/exec`). */
  readonly command: string;
  readonly cwd?: string;
  /** Shown before the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs: `gateway`, `node` or `sandbox`. */
  readonly host?: string;
  readonly nodeId?: string;
  readonly security?: string;
  readonly ask?: string;
  /** Whose command it is, and whose allowlist `allow-always` adds to. */
  readonly agentId?: string;
  readonly resolvedPath?: string;
  readonly sessionKey?: string;
}

/** What approvers are shown: the payload of `exec.approval.requested` (protocol.md §10). */
export interface ExecApproval {
  readonly id: string;
  readonly request: {
    readonly command: string;
    readonly cwd: string | null;
    readonly host: string | null;
    readonly security: string | null;
    readonly ask: string | null;
    readonly agentId: string | null;
    readonly resolvedPath: string | null;
    readonly sessionKey: string | null;
    readonly nodeId?: string;
  };
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export interface AskedApproval extends ExecApproval {
  /**
   * What was decided, once; `null` when nobody answered in time or the asker went away: then the asker's own fallback
   * holds (`judgeUnanswered` of `openclaw/plugin-sdk/exec`).
   */
  readonly decision: Promise<ApprovalDecision | null>;
}

export interface AskOptions {
  /** How long approvers have; default 120 000, at most 240 000. */
  readonly timeoutMs?: number;
  /** The asker goes away: the question is taken back. */
  readonly signal?: AbortSignal;
}

/** The payload of `exec.approval.resolved`. */
export interface ResolvedApproval {
  readonly id: string;
  readonly decision: ApprovalDecision;
  readonly resolvedBy?: string;
  readonly ts: number;
}

export interface ApprovalsApi {
  /** Ask whoever may approve. Throws when the action cannot be shown whole, or too many wait. */
  ask(action: ExecAction, options?: AskOptions): AskedApproval;
  /** What waits for somebody, oldest first. */
  pending(): readonly ExecApproval[];
  /**
   * Decide for a person who came another way than the gateway's clients, such as a chat. The caller has made sure that
   * they may, and that they are not who asked. Throws for an id that does not wait.
   */
  resolve(id: string, decision: ApprovalDecision, resolvedBy: string): Promise<void>;
}

export const Approvals = defineService<ApprovalsApi, ReturnType<typeof createHooks>>("approvals", createHooks);

function createHooks() {
  return {
    /** Somebody has to decide. */
    requested: new SyncHook<[ExecApproval]>(["approval"], "approvals.requested"),
    /** Somebody has decided. */
    resolved: new SyncHook<[ResolvedApproval]>(["resolved"], "approvals.resolved"),
  };
}
