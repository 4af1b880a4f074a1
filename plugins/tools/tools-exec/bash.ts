import { delimiter } from "node:path";
import { errorText, isProvided, Messaging } from "openclaw/plugin-sdk";
import type { CommandCall, MessagingApi } from "openclaw/plugin-sdk";
import { closedGates, execEnvironment, tailOf } from "openclaw/plugin-sdk/exec";
import type { ExecPolicy } from "openclaw/plugin-sdk/exec";
import { authorize } from "./authorize.ts";
import type { Command } from "./command.ts";
import { pause } from "./exec.ts";
import type { ExecParts } from "./exec.ts";
import { endOf } from "./report.ts";
import { execSettings } from "./settings.ts";
import { findShell } from "./shell.ts";

const FOREGROUND_MS = 2_000;
const LONGEST_FOREGROUND_MS = 30_000;
const MAX_SHOWN = 3_500;
const OFF =
  '/bash is off; "openclaw config set commands.bash true" on the gateway\'s machine opens it for owners who are elevated.';

/** Of each session the last command that a person started there. */
type Started = Map<string, Command>;

/**
 * `/bash <command>` and `!<command>`: an owner who is elevated runs a command in the agent's workspace, under the rules
 * of the approvals file. What takes long goes on in the background; `poll` and `stop` look after it.
 */
export function registerBash(parts: ExecParts, messaging: MessagingApi): void {
  const { gateway } = parts;
  const started: Started = new Map();
  const isOn = () => gateway.settings.get<boolean>("commands.bash") === true;
  const options = {
    description: "run a command on the gateway's machine; poll and stop look after it",
    acceptsArgs: true,
    ownerOnly: true,
    yields: true,
    shorthand: () => (isOn() ? "!" : undefined),
  };
  gateway.hooks
    .of(Messaging)
    .command.for("bash")
    .tap(options, async (call) => ({
      text: isOn() ? await bash(call, { parts, messaging, started }).catch(errorText) : OFF,
      format: "plain",
    }));
}

interface BashParts {
  readonly parts: ExecParts;
  readonly messaging: MessagingApi;
  readonly started: Started;
}

async function bash(call: CommandCall, about: BashParts): Promise<string> {
  const { args, session, work } = call;
  const { gateway } = about.parts;
  const closed = closedGates(gateway.settings, { agentId: session.agentId, envelope: work.envelope });
  if (closed.length > 0) return `/bash is for those who are elevated: ${closed.join(", ")} does not allow it.`;
  const running = about.started.get(session.key);
  if (args === "poll" || args === "") return running ? report(running) : "No command was started here.";
  if (args === "stop") {
    if (running?.status !== "running") return "No command runs here.";
    running.kill("stopped with /bash stop");
    await running.ended;
    return report(running);
  }
  if (running?.status === "running") return `"${running.id}" still runs here; /bash poll shows it, /bash stop ends it.`;
  return run(call, about);
}

async function run(call: CommandCall, about: BashParts): Promise<string> {
  const { args: command, session } = call;
  const { gateway, workspace } = about.parts;
  const { agentId, key: sessionKey } = session;
  const settings = execSettings(gateway.settings, agentId, undefined, { command });
  const base = execEnvironment(process.env, {});
  const env = { ...base, PATH: [...settings.pathPrepend, base["PATH"] ?? ""].filter(Boolean).join(delimiter) };
  const cwd = workspace.root(agentId);
  // Who is elevated is asked by the approvals file only, unless commands are switched off.
  const security = settings.policy.security === "deny" ? "deny" : "full";
  const policy: ExecPolicy = { ...settings.policy, security, ask: "off" };
  const { safeBins } = settings;
  const leave = await authorize({ command, cwd, env, added: {}, agentId, sessionKey, policy, safeBins }, about.parts);
  if (leave.kind === "denied") return `The command was refused: ${leave.text}.`;
  const begin = async () => {
    const shell = await findShell(process.env);
    const begun = about.parts.commands.start({
      agentId,
      sessionKey,
      command,
      program: shell.program,
      args: [...shell.flags, `exec 2>&1; ${command}`],
      cwd,
      env,
      timeoutMs: settings.timeoutMs,
      hasInput: false,
    });
    about.started.set(sessionKey, begun);
    return begun;
  };
  if (leave.kind === "asked") {
    const { approval, unanswered } = leave;
    void approval.decision
      .then(async (decision) => {
        const mayRun = decision === null ? unanswered : decision !== "deny";
        if (mayRun) tellEnd(await begin(), call, about);
        else await tell(call, `The command was not allowed: ${command}`, about);
      })
      .catch((error: unknown) => gateway.log.warn(`a command from a chat could not be run: ${errorText(error)}`));
    return `Somebody is asked whether this may run (approval ${approval.id.slice(0, 8)}).`;
  }
  const begun = await begin();
  await Promise.race([begun.ended, pause(foregroundMs(about), begun)]);
  if (begun.status === "running") tellEnd(begun, call, about);
  return report(begun);
}

function foregroundMs({ parts }: BashParts): number {
  const ms = parts.gateway.settings.get<number>("commands.bashForegroundMs") ?? FOREGROUND_MS;
  return Math.min(ms, LONGEST_FOREGROUND_MS);
}

function report(command: Command): string {
  const output = tailOf(command.output.whole().trimEnd(), MAX_SHOWN);
  const state = command.status === "running" ? `"${command.id}" still runs; /bash poll, /bash stop` : endOf(command);
  return [...(output === "" ? [] : [output]), `(${state})`].join("\n\n");
}

function tellEnd(command: Command, call: CommandCall, about: BashParts): void {
  command.isBackground = true;
  void command.ended
    // Whoever stopped it knows.
    .then(() => (command.status === "killed" ? undefined : tell(call, report(command), about)))
    .catch((error: unknown) => {
      about.parts.gateway.log.warn(`the end of a command could not be told: ${errorText(error)}`);
    });
}

/** On a network; clients of the gateway look with `/bash poll`. */
async function tell({ work }: CommandCall, text: string, { messaging }: BashParts): Promise<void> {
  const { replyTo } = work.envelope;
  if (replyTo && isProvided(messaging)) await messaging.deliver(replyTo, { text, format: "plain" });
}
