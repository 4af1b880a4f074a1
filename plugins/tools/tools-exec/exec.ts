import { stat } from "node:fs/promises";
import { delimiter, isAbsolute, resolve } from "node:path";
import { GatewayError, isProvided, textResult } from "openclaw/plugin-sdk";
import type {
  AskedApproval,
  PluginGateway,
  SessionsApi,
  SkillsApi,
  SystemEventsApi,
  ToolContext,
  ToolPolicyApi,
  ToolResult,
  ToolSandbox,
  WorkspaceApi,
} from "openclaw/plugin-sdk";
import { execEnvironment } from "openclaw/plugin-sdk/exec";
import { authorize } from "./authorize.ts";
import type { AuthorizeParts } from "./authorize.ts";
import type { Command } from "./command.ts";
import type { Commands } from "./commands.ts";
import { elevation } from "./elevated.ts";
import type { NodeRuns } from "./on-node.ts";
import type { ExecParameters } from "./parameters.ts";
import { endEvent, endResult, runningResult } from "./report.ts";
import { execSettings } from "./settings.ts";
import type { ExecSettings } from "./settings.ts";
import { findShell } from "./shell.ts";

export interface ExecParts extends AuthorizeParts {
  readonly gateway: PluginGateway;
  readonly commands: Commands;
  readonly sessions: SessionsApi;
  readonly events: SystemEventsApi;
  readonly policy: ToolPolicyApi;
  readonly skills: SkillsApi;
  readonly workspace: WorkspaceApi;
  readonly nodes: NodeRuns;
}

interface Prepared {
  readonly call: ToolContext;
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: ExecSettings;
  readonly isBackground: boolean;
  /** Where it runs instead of this machine; `cwd` is inside then. */
  readonly sandbox?: ToolSandbox;
}

/** The tool `exec`: checks, asks, runs, and lets go of what takes long. */
export async function exec(call: ToolContext, parts: ExecParts): Promise<ToolResult> {
  // The arguments were checked against the schema before the tool is called.
  const args = call.arguments as unknown as ExecParameters;
  const { gateway, sessions, skills } = parts;
  const { agentId, sessionKey } = call;
  const session = await sessions.get(sessionKey);
  const asked = execSettings(gateway.settings, agentId, session, args);
  const settings = { ...asked, policy: elevation(gateway.settings, call, session, args, asked.policy) };
  const added = args.env ?? {};
  // Who is elevated leaves it; everybody else stays in, wherever commands of other sessions run (agent.md §13.4).
  const sandbox = args.elevated === true ? undefined : await parts.workspace.sandbox(call);
  if (sandbox) return inSandbox({ call, args, settings, sandbox }, parts);
  if (settings.host === "node") return parts.nodes.run(call, args, settings);

  const cwd = await folder(args.workdir, parts.workspace.root(agentId));
  const ofSkills = isProvided(skills) ? await skills.environment(agentId) : {};
  const base = execEnvironment(process.env, { ...ofSkills, ...added });
  const env = { ...base, PATH: [...settings.pathPrepend, base["PATH"] ?? ""].filter(Boolean).join(delimiter) };
  const wish = {
    command: args.command,
    cwd,
    env,
    added,
    agentId,
    sessionKey,
    policy: settings.policy,
    safeBins: settings.safeBins,
  };
  const leave = await authorize(wish, parts);
  const prepared = { call, command: args.command, cwd, env, settings, isBackground: args.background === true };
  if (leave.kind === "run") return run(prepared, parts);
  if (leave.kind === "asked") return pending(prepared, leave, parts);
  const text = `the command was refused: ${leave.text}`;
  return { ...textResult(text, { status: "failed", reason: leave.reason, cwd }), isError: true };
}

interface Boxed {
  readonly call: ToolContext;
  readonly args: ExecParameters;
  readonly settings: ExecSettings;
  readonly sandbox: ToolSandbox;
}

/** The walls decide what it can do, so nobody is asked unless everything is to be asked. */
async function inSandbox({ call, args, settings, sandbox }: Boxed, parts: ExecParts): Promise<ToolResult> {
  const { command, host, workdir, env = {} } = args;
  const { security, ask } = settings.policy;
  if (host === "gateway" || host === "node")
    throw new GatewayError(
      "INVALID_REQUEST",
      `this session works in a sandbox; a command for host "${host}" needs elevated: true and somebody who may`,
    );
  if (security === "deny")
    throw new GatewayError(
      "INVALID_REQUEST",
      'commands are switched off here; "openclaw config get tools.exec" says where',
    );
  execEnvironment({}, env);
  const cwd = workdir ?? sandbox.inside;
  const prepared = { call, command, cwd, env, settings, isBackground: args.background === true, sandbox };
  if (ask !== "always") return run(prepared, parts);
  if (!isProvided(parts.approvals))
    throw new GatewayError(
      "UNAVAILABLE",
      'the command needs a yes, and nobody can be asked; run "openclaw plugins enable approvals"',
    );
  const { agentId, sessionKey } = call;
  const action = { command, cwd, env, host: "sandbox", security, ask, agentId, sessionKey } as const;
  return pending(prepared, { approval: parts.approvals.ask(action), unanswered: false }, parts);
}

/** Run it, and answer when it has ended or has taken long enough. */
async function run(prepared: Prepared, parts: ExecParts): Promise<ToolResult> {
  const { call, settings } = prepared;
  // Nobody could look after a command in the background.
  const mayLeave = parts.policy.allowed(call, [{ name: "process", owner: parts.gateway.id }]).has("process");
  const command = await start(prepared, mayLeave, parts);
  const stop = () => command.kill("the turn was stopped");
  call.signal.addEventListener("abort", stop, { once: true });
  if (call.signal.aborted) stop();
  try {
    if (!mayLeave) await command.ended;
    else if (!prepared.isBackground) await Promise.race([command.ended, pause(settings.backgroundMs, command)]);
  } finally {
    call.signal.removeEventListener("abort", stop);
  }
  if (command.status !== "running") {
    parts.commands.remove(command.id);
    return endResult(command);
  }
  leaveAlone(command, prepared, parts);
  return runningResult(command);
}

async function start(prepared: Prepared, hasInput: boolean, { commands }: ExecParts): Promise<Command> {
  const { call, command, cwd, env, settings, sandbox } = prepared;
  const { agentId, sessionKey } = call;
  const common = { agentId, sessionKey, command, timeoutMs: settings.timeoutMs, hasInput };
  // Two pipes would lose the order of what is printed.
  const joined = `exec 2>&1; ${command}`;
  if (sandbox) {
    const inside = await sandbox.prepare({ command: joined, workdir: cwd, env });
    const { program, args } = inside;
    try {
      return commands.start({ ...common, program, args, cwd: inside.cwd, env: inside.env, inside });
    } catch (error) {
      await inside.ended(null);
      throw error;
    }
  }
  const shell = await findShell(process.env);
  return commands.start({ ...common, program: shell.program, args: [...shell.flags, joined], cwd, env });
}

/** It goes on in the background; the agent hears of its end. */
function leaveAlone(command: Command, { call, settings }: Prepared, parts: ExecParts): void {
  command.isBackground = true;
  void command.ended.then(() => {
    // Whoever ended it knows.
    if (settings.notifyOnExit && command.status !== "killed") tell(call, endEvent(command), parts);
  });
}

/** Answer at once that somebody is asked; what follows is told to the session. */
function pending(
  prepared: Prepared,
  { approval, unanswered }: { readonly approval: AskedApproval; readonly unanswered: boolean },
  parts: ExecParts,
): ToolResult {
  const { id, expiresAtMs } = approval;
  const { call, command, cwd, sandbox } = prepared;
  const host = sandbox ? "sandbox" : "gateway";
  const about = `${host} id=${id}`;
  void decided(prepared, { approval, unanswered }, parts).catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    tell(call, `Exec denied (${about}, ${text}): ${command}`, parts);
  });
  const slug = id.slice(0, 8);
  return textResult(
    `somebody is asked whether this command may run (approval ${slug}); the answer and the output come by themselves, do not run it again`,
    { status: "approval-pending", approvalId: id, approvalSlug: slug, expiresAtMs, host, command, cwd },
  );
}

async function decided(
  prepared: Prepared,
  { approval, unanswered }: { readonly approval: AskedApproval; readonly unanswered: boolean },
  parts: ExecParts,
): Promise<void> {
  const { call, command: text, settings } = prepared;
  const host = prepared.sandbox ? "sandbox" : "gateway";
  const decision = await approval.decision;
  const mayRun = decision === null ? unanswered : decision !== "deny";
  if (!mayRun) {
    const why = decision === null ? "approval-timeout" : "user-denied";
    return tell(call, `Exec denied (${host} id=${approval.id}, ${why}): ${text}`, parts);
  }
  const command = await start(prepared, true, parts);
  leaveAlone(command, prepared, parts);
  await Promise.race([command.ended, pause(settings.runningNoticeMs, command)]);
  if (command.status === "running" && settings.runningNoticeMs > 0)
    tell(call, `Exec running (${host} id=${command.id}): ${text}`, parts);
}

/** What a turn has run that others had a say in is told to one that they have a say in too (security.md S-43). */
function tell({ sessionKey, isOwner }: ToolContext, text: string, { events, gateway }: ExecParts): void {
  events
    .enqueue(text, { sessionKey, contextKey: "exec", isUntrusted: !isOwner })
    .then(() => events.wake({ mode: "now", reason: "exec-event", sessionKey }))
    .catch((error: unknown) => gateway.log.warn("the end of a command could not be told", { err: error }));
}

export async function pause(ms: number, { ended }: Command): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  void ended.then(() => clearTimeout(timer));
  await promise;
}

async function folder(given: string | undefined, workspace: string): Promise<string> {
  const path = given === undefined ? workspace : isAbsolute(given) ? given : resolve(workspace, given);
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory()) return path;
  throw new GatewayError("INVALID_REQUEST", `there is no folder ${path}; give another workdir`);
}
