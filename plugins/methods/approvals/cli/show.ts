import type { CliContext } from "openclaw/plugin-sdk";
import { DEFAULT_EXEC_POLICY } from "openclaw/plugin-sdk/exec";
import type { ExecApprovalsFile, ExecApprovalsSnapshot } from "openclaw/plugin-sdk/exec";

/** The file for people: what holds, and for whom. */
export function approvalsText({ path, exists, file }: ExecApprovalsSnapshot, { table }: CliContext): string {
  const { defaults = {}, agents = {} } = file;
  const rows = [["(defaults)", { ...DEFAULT_EXEC_POLICY, ...defaults }] as const, ...Object.entries(agents)].map(
    ([agent, policy]) => ({
      agent,
      security: policy.security ?? "-",
      ask: policy.ask ?? "-",
      fallback: policy.askFallback ?? "-",
      allowlist: "allowlist" in policy ? String(policy.allowlist?.length ?? 0) : "-",
    }),
  );
  const where = exists ? path : `${path} (not there: the defaults hold)`;
  return `${where}\n${table(rows, ["agent", "security", "ask", "fallback", "allowlist"])}`;
}

/** The allowlists for people. */
export function allowlistText(file: ExecApprovalsFile, agent: string | undefined, { table }: CliContext): string {
  const rows = allowlistRows(file, agent).map(({ agent: id, pattern, lastUsedAt, lastUsedCommand }) => ({
    agent: id,
    pattern,
    used: lastUsedAt === undefined ? "-" : new Date(lastUsedAt).toISOString(),
    command: lastUsedCommand ?? "-",
  }));
  return rows.length > 0 ? table(rows, ["agent", "pattern", "used", "command"]) : "no program is on the allowlist";
}

export function allowlistRows({ agents = {} }: ExecApprovalsFile, agent: string | undefined) {
  return Object.entries(agents)
    .filter(([id]) => agent === undefined || id === agent)
    .flatMap(([id, { allowlist = [] }]) => allowlist.map((entry) => ({ agent: id, ...entry })));
}
