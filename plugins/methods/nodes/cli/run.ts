import { CliError, defineCommand, GatewayError } from "openclaw/plugin-sdk";
import type { CliArgs, CliContext, GatewayClient, NodeInfo } from "openclaw/plugin-sdk";
import { commandText } from "openclaw/plugin-sdk/exec";
import { INVOKE_OPTIONS, invokeNode } from "./invoke-node.ts";
import type { Invoked } from "./invoke-node.ts";
import { NODE_OPTION } from "./node-option.ts";
import { pickNode } from "./pick-node.ts";

const INVOKE_MS = 30_000;
/** protocol.md §9.11: how long an approver has, and how long the answer may take. */
const APPROVAL_MS = 120_000;
const APPROVAL_WAIT_MS = 130_000;
const TIMED_OUT = 124;

interface RunResult {
  readonly exitCode?: number | null;
  readonly timedOut?: boolean;
  readonly success?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly error?: string | null;
}

interface Approval {
  readonly decision: "allow-once" | "allow-always" | "deny" | null;
}

type Run = Readonly<Record<string, unknown>> & { readonly command: readonly string[]; readonly agentId: string };

/** `openclaw nodes run` (cli.md §7): a command on a node, asking for approval when the node wants one. Ends as it ended. */
export default defineCommand({
  options: {
    ...NODE_OPTION,
    raw: { type: "string", describe: "a line for the node's shell, instead of words" },
    cwd: { type: "string", describe: "folder on the node" },
    env: { type: "array", describe: "NAME=value for the command; can be repeated" },
    "command-timeout": { type: "number", describe: "milliseconds the command may run" },
    "needs-screen-recording": { type: "boolean", describe: "only where the node may record its screen" },
    agent: { type: "string", describe: "agent whose approvals count", default: "main" },
    ...INVOKE_OPTIONS,
  },
  async run(context) {
    const { args, connect, print, json } = context;
    const client = await connect();
    try {
      const node = await pickNode(client, args["node"]);
      const answer = await runOn(client, node, runParams(args, node), context);
      const result = (answer.payload ?? {}) as RunResult;
      if (json) print(answer);
      else show(result);
      return exitCode(result);
    } finally {
      await client.close();
    }
  },
});

/** First as it is; with an approval when the node asks for one. */
async function runOn(client: GatewayClient, node: NodeInfo, run: Run, context: CliContext): Promise<Invoked> {
  const { args, note } = context;
  const timeoutMs = Math.max(INVOKE_MS, (args["command-timeout"] as number | undefined) ?? 0);
  try {
    return await invokeNode(client, node.nodeId, "system.run", run, { args, timeoutMs });
  } catch (error) {
    if (!wantsApproval(error)) throw error;
  }
  const command = commandText(run.command);
  note(`waiting for approval of: ${command}`);
  const { decision } = await client.request<Approval>(
    "exec.approval.request",
    {
      command,
      argv: run.command,
      ...(typeof run["cwd"] === "string" && { cwd: run["cwd"] }),
      ...(run["env"] !== undefined && { env: run["env"] }),
      host: "node",
      nodeId: node.nodeId,
      security: "allowlist",
      ask: "on-miss",
      agentId: run.agentId,
      timeoutMs: APPROVAL_MS,
    },
    { timeoutMs: APPROVAL_WAIT_MS },
  );
  if (decision === "allow-once" || decision === "allow-always") {
    const approved = { ...run, approved: true, approvalDecision: decision };
    // Another key: the first one has its answer.
    const { "idempotency-key": _used, ...rest } = args;
    return invokeNode(client, node.nodeId, "system.run", approved, { args: rest, timeoutMs });
  }
  const what = decision === null ? "nobody approved it in time" : "it was denied";
  throw new CliError(`${what}: ${command}`, { code: "DENIED", details: { decision, nodeId: node.nodeId } });
}

function wantsApproval(error: unknown): boolean {
  return error instanceof GatewayError && error.message.startsWith("SYSTEM_RUN_DENIED: approval required");
}

function runParams(args: CliArgs, { platform = "" }: NodeInfo): Run {
  const words = args["command"] as readonly string[];
  const raw = args["raw"] as string | undefined;
  if (raw !== undefined && words.length > 0) throw usage("either --raw or words, not both");
  if (raw === undefined && words.length === 0) throw usage("a command is needed; put -- before it when it has flags");
  const timeoutMs = args["command-timeout"] as number | undefined;
  const cwd = args["cwd"] as string | undefined;
  const variables = args["env"] as readonly string[] | undefined;
  return {
    command: raw === undefined ? words : shellFor(platform, raw),
    ...(raw !== undefined && { rawCommand: raw }),
    ...(cwd !== undefined && { cwd }),
    ...(variables && { env: Object.fromEntries(variables.map(assignment)) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    needsScreenRecording: args["needs-screen-recording"] === true,
    agentId: args["agent"] as string,
  };
}

function shellFor(platform: string, line: string): readonly string[] {
  return /^win/i.test(platform) ? ["cmd.exe", "/d", "/s", "/c", line] : ["/bin/sh", "-lc", line];
}

function assignment(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw usage(`--env needs NAME=value, not ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function show({ stdout = "", stderr = "", error }: RunResult): void {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (error) process.stderr.write(`${error}\n`);
}

/** The command's own code, so that scripts can go by it. */
function exitCode({ exitCode: code, timedOut, success }: RunResult): number {
  if (timedOut) return TIMED_OUT;
  if (success) return 0;
  return code || 1;
}

function usage(message: string): CliError {
  return new CliError(message, { exitCode: 2, code: "USAGE", hint: "openclaw nodes run --help" });
}
