import { basename } from "node:path";
import { findProgram } from "openclaw/plugin-sdk/exec";

/** Shells that understand the command lines models write. */
const UNDERSTOOD = new Set(["bash", "zsh", "dash", "ksh", "sh"]);
/** Where programs that only the system's owner can change are. */
const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

/** zsh reads a file even for a single command, and bash does when its input is a socket, as that of a child of Node is. */
const WITHOUT_FILES: Readonly<Record<string, readonly string[]>> = { zsh: ["-f"], bash: ["--norc"] };

export interface Shell {
  readonly program: string;
  /** Before the command. */
  readonly flags: readonly string[];
}

/** The user's shell, bash instead of one that speaks another language, else `sh`. No start-up files are read. */
export async function findShell(env: Readonly<Record<string, string | undefined>>): Promise<Shell> {
  const place = { cwd: "/", path: SYSTEM_PATH };
  const wanted = env["SHELL"] ?? "";
  const own = UNDERSTOOD.has(basename(wanted)) ? await findProgram(wanted, place) : undefined;
  const program = own ?? (await findProgram("bash", place)) ?? (await findProgram("sh", place)) ?? "/bin/sh";
  return { program, flags: [...(WITHOUT_FILES[basename(program)] ?? []), "-c"] };
}
