import { execFile } from "node:child_process";
import { GatewayError } from "openclaw/plugin-sdk";
import type { PluginGateway } from "openclaw/plugin-sdk";
import { execEnvironment, findProgram } from "openclaw/plugin-sdk/exec";
import { installCommand } from "./install-option.ts";

import type { Skill } from "./skill.ts";
import { isFor } from "./status.ts";

export interface Installed {
  readonly ok: boolean;
  readonly message: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

const MAX_OUTPUT = 65_536;

/**
 * Runs one of the installers that a skill names, without a shell and without scripts of packages. What goes wrong is told
 * with what the installer said (protocol.md §9.10).
 */
export async function installFor(
  skill: Skill,
  installId: string,
  timeoutMs: number,
  { settings, signal }: Pick<PluginGateway, "settings" | "signal">,
): Promise<Installed> {
  const option = skill.install.find(({ id }) => id === installId);
  if (!option) throw failed(`skill "${skill.name}" has no install "${installId}"; see skills.status`);
  if (!isFor(option, process.platform)) throw failed(`"${option.label}" is not for ${process.platform}`);
  const manager = settings.get<"npm" | "pnpm" | "yarn" | "bun">("skills.install.nodeManager") ?? "npm";
  const [name, ...args] = installCommand(option, manager) ?? [];
  if (name === undefined) throw failed(`fetch it by hand: ${option.subject}`);
  const program = await findProgram(name, { cwd: "/", path: process.env["PATH"] ?? "" });
  if (program === undefined) throw failed(`${name} is not installed; it is needed to ${option.label}`);
  const outcome = await run(program, args, timeoutMs, signal);
  const message = outcome.ok
    ? `installed ${option.subject}`
    : `${name} could not install ${option.subject}${why(outcome)}`;
  if (!outcome.ok) throw failed(message, outcome);
  return { ...outcome, message };
}

function why({ code }: Pick<Installed, "code">): string {
  return code === null ? ": it took too long or was ended" : ` (exit ${code})`;
}

function failed(message: string, outcome: Partial<Installed> = {}): GatewayError {
  const { stdout = "", stderr = "", code = null } = outcome;
  return new GatewayError("UNAVAILABLE", message, { payload: { ok: false, message, stdout, stderr, code } });
}

type Outcome = Omit<Installed, "message">;

function run(program: string, args: readonly string[], timeout: number, signal: AbortSignal): Promise<Outcome> {
  const options = {
    env: execEnvironment(process.env),
    timeout,
    signal,
    maxBuffer: 16 * MAX_OUTPUT,
    killSignal: "SIGKILL",
  } as const;
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ ok: error === null, stdout: stdout.slice(-MAX_OUTPUT), stderr: stderr.slice(-MAX_OUTPUT), code });
    });
  });
}
