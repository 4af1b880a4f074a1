import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { compileSchema, Type } from "openclaw/plugin-sdk";
import type { Static } from "openclaw/plugin-sdk";
import {
  checkAllowlist,
  commandText,
  execEnvironment,
  findProgram,
  judgeExec,
  runsOthers,
  tailOf,
} from "openclaw/plugin-sdk/exec";
import type { AllowlistCheck, ExecApprovals } from "openclaw/plugin-sdk/exec";
import { CommandError } from "./command-error.ts";
import { runCommand } from "./run-command.ts";
import type { RunResult } from "./run-command.ts";
import { fitResult } from "./run-result.ts";

const DEFAULT_TIMEOUT_MS = 1_800_000;
const MAX_TIMEOUT_MS = 86_400_000;
const MAX_RUNNING = 32;
const EVENT_OUTPUT = 20_000;
const DENIED = "SYSTEM_RUN_DENIED";

const Text = Type.String({ maxLength: 262_144 });
/** Other members are for other kinds of nodes. */
const RunParams = Type.Object({
  command: Type.Array(Text, { minItems: 1, maxItems: 8_192 }),
  rawCommand: Type.Optional(Text),
  cwd: Type.Optional(Text),
  env: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  timeoutMs: Type.Optional(Type.Number({ minimum: 0 })),
  needsScreenRecording: Type.Optional(Type.Boolean()),
  agentId: Type.Optional(Text),
  sessionKey: Type.Optional(Text),
  runId: Type.Optional(Text),
  approved: Type.Optional(Type.Boolean()),
  approvalDecision: Type.Optional(Text),
});
type RunParams = Static<typeof RunParams>;

export interface SystemRunParts {
  readonly approvals: ExecApprovals;
  /** Environment of this process; what children get of it is chosen. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Programs that the gateway's skills need. */
  readonly skillBins: () => Promise<readonly string[]>;
  /** Tell the gateway what happened. */
  readonly tell: (event: "exec.finished" | "exec.denied", payload: Readonly<Record<string, unknown>>) => void;
}

/** `system.run`: run a command if this machine's owner has allowed it, or somebody has approved it (agent.md §13). */
export function createSystemRun(parts: SystemRunParts): (params: unknown, limitMs?: number) => Promise<RunResult> {
  const check = compileSchema(RunParams);
  let running = 0;

  return async (given, limitMs) => {
    const params = withoutNulls(given);
    if (!check(params)) {
      const [first] = check.errors ?? [];
      throw invalid(`system.run ${first?.instancePath || "params"}: ${first?.message ?? "wrong"}`);
    }
    // What the schema has just shown.
    const run = params as RunParams;
    if (running >= MAX_RUNNING) throw new CommandError("UNAVAILABLE", `${running} commands are running on this node`);
    running++;
    try {
      return await checkedRun(run, limitMs, parts);
    } finally {
      running--;
    }
  };
}

async function checkedRun(params: RunParams, limitMs: number | undefined, parts: SystemRunParts): Promise<RunResult> {
  const { command: argv, rawCommand, cwd = homedir(), agentId = "main" } = params;
  if (argv[0]?.trim() === "") throw invalid("system.run command: the program has no name");
  if (rawCommand !== undefined && rawCommand !== commandText(argv) && rawCommand !== argv.join(" ")) {
    throw invalid("system.run rawCommand: is not what command says");
  }
  if (params.needsScreenRecording === true) {
    throw new CommandError("UNAVAILABLE", "PERMISSION_MISSING: screenRecording");
  }
  if (!(await isFolder(cwd))) throw invalid(`system.run cwd: there is no folder ${cwd}`);
  const env = environment(parts.env, params.env);
  const place = { cwd, path: env["PATH"] ?? "" };
  const report = reporter(params, parts);

  const policy = await parts.approvals.policy(agentId);
  const skillBins = policy.autoAllowSkills ? await parts.skillBins() : [];
  const listed = await checkAllowlist(argv, { allowlist: policy.allowlist, skillBins }, place);
  const verdict = judgeExec(policy, listed.isListed);
  if (verdict.kind === "deny") throw report.denied(verdict.reason, verdict.reason);
  if (verdict.kind === "ask" && params.approved !== true) {
    throw report.denied("approval-required", `approval required${listed.reason ? ` (${listed.reason})` : ""}`);
  }
  if (params.approvalDecision === "allow-always") await allowAlways(argv, agentId, listed, parts.approvals);

  const program = await findProgram(argv[0] as string, place);
  const timeoutMs = Math.min(params.timeoutMs || limitMs || DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS);
  const result =
    program === undefined
      ? notFound(argv[0] as string)
      : fitResult(await runCommand({ program, argv, cwd, env, timeoutMs, signal: parts.signal }));
  report.finished(result);
  return result;
}

/**
 * From now on these programs run without asking. A line that could not be looked through names none, and a program
 * that runs others would let them all in.
 */
async function allowAlways(
  argv: readonly string[],
  agentId: string,
  { programs }: AllowlistCheck,
  approvals: ExecApprovals,
): Promise<void> {
  for (const path of programs) if (!runsOthers(path)) await approvals.allow(agentId, path, commandText(argv));
}

function reporter({ command, sessionKey, runId = randomUUID() }: RunParams, { tell }: SystemRunParts) {
  const about = { ...(sessionKey !== undefined && { sessionKey }), runId, host: "node", command: commandText(command) };
  return {
    denied(reason: string, words: string): CommandError {
      tell("exec.denied", { ...about, reason });
      return new CommandError(DENIED, `${DENIED}: ${words}`);
    },
    finished({ exitCode, timedOut, success, stdout, stderr, error }: RunResult): void {
      const output = tailOf([stdout, stderr, error].filter(Boolean).join("\n").trim(), EVENT_OUTPUT);
      tell("exec.finished", { ...about, ...(exitCode !== null && { exitCode }), timedOut, success, output });
    },
  };
}

function environment(base: SystemRunParts["env"], added: RunParams["env"]): Record<string, string> {
  try {
    return execEnvironment(base, added);
  } catch (error) {
    throw invalid(`system.run ${(error as Error).message}`);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Not there, or not for us: the same to the caller.
    return false;
  }
}

function notFound(name: string): RunResult {
  const error = `there is no program "${name}"`;
  return { exitCode: null, timedOut: false, success: false, stdout: "", stderr: "", error };
}

/** Established callers write null for what they leave out. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

function invalid(message: string): CommandError {
  return new CommandError("INVALID_REQUEST", message);
}
