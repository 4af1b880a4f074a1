import { errorText, isProvided } from "openclaw/plugin-sdk";
import type { ApprovalsApi, AskedApproval, ExecAction } from "openclaw/plugin-sdk";
import { checkAllowlist, judgeExec, judgeUnanswered, stricterPolicy } from "openclaw/plugin-sdk/exec";
import type { AllowlistCheck, ExecApprovals, ExecPolicy } from "openclaw/plugin-sdk/exec";

export interface Wish {
  readonly command: string;
  readonly cwd: string;
  /** What the child will have. */
  readonly env: Readonly<Record<string, string>>;
  /** What the model added to it. */
  readonly added: Readonly<Record<string, string>>;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly policy: ExecPolicy;
  readonly safeBins: readonly string[] | undefined;
}

export type Leave =
  | { readonly kind: "run" }
  | { readonly kind: "denied"; readonly reason: string; readonly text: string }
  | {
      readonly kind: "asked";
      readonly approval: AskedApproval;
      /** What holds when nobody answers. */
      readonly unanswered: boolean;
    };

export interface AuthorizeParts {
  readonly approvals: ApprovalsApi;
  readonly file: ExecApprovals;
  /** Names of programs that enabled skills need. */
  readonly skillBins: () => readonly string[];
}

/** May this command run on the gateway's host: yes, no, or when somebody says so (agent.md §13.3). */
export async function authorize(wish: Wish, { approvals, file, skillBins }: AuthorizeParts): Promise<Leave> {
  const { command, cwd, env, added, agentId, sessionKey, safeBins } = wish;
  const ofFile = await file.policy(agentId);
  const policy = stricterPolicy(wish.policy, ofFile);
  // The check knows a shell by this form, whichever of them runs it in the end.
  const listed = await checkAllowlist(
    ["/bin/sh", "-c", command],
    { allowlist: ofFile.allowlist, skillBins: policy.autoAllowSkills ? skillBins() : [], safeBins },
    { cwd, path: env["PATH"] ?? "" },
  );
  const verdict = judgeExec(policy, listed.isListed);
  if (verdict.kind === "run") return verdict;
  if (verdict.kind === "deny") return denied(verdict.reason, listed);
  if (!isProvided(approvals)) {
    const text = `it needs a yes, and nobody can be asked; run "openclaw plugins enable approvals", or ${remedy(listed)}`;
    return { kind: "denied", reason: "approval-unavailable", text };
  }
  const [resolvedPath] = listed.programs;
  const action: ExecAction = {
    command,
    cwd,
    env: added,
    host: "gateway",
    security: policy.security,
    ask: policy.ask,
    agentId,
    sessionKey,
    ...(resolvedPath !== undefined && { resolvedPath }),
  };
  try {
    return { kind: "asked", approval: approvals.ask(action), unanswered: judgeUnanswered(policy, listed.isListed) };
  } catch (error) {
    return { kind: "denied", reason: "not-askable", text: error instanceof Error ? error.message : errorText(error) };
  }
}

function denied(reason: "security=deny" | "allowlist-miss", listed: AllowlistCheck): Leave {
  const text =
    reason === "security=deny"
      ? `commands are switched off here; "openclaw config get tools.exec" and "openclaw approvals get" say where`
      : `${listed.reason ?? "it is not on the allowlist"}; ${remedy(listed)}`;
  return { kind: "denied", reason, text };
}

/** The command that mends it. */
function remedy({ programs }: AllowlistCheck): string {
  const [program] = programs;
  return program === undefined
    ? 'see "openclaw approvals get"'
    : `allow the program with "openclaw approvals allowlist add ${program}"`;
}
