import { spawn } from "node:child_process";
import { killGroup, Tail } from "openclaw/plugin-sdk/exec";

export interface RunRequest {
  /** Absolute path of the program. */
  readonly program: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Ends the command like its time limit does. */
  readonly signal: AbortSignal;
}

/** What `system.run` answers. */
export interface RunResult {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly error: string | null;
}

/** agent.md §13.1: characters of output that are kept, the last ones. */
const MAX_OUTPUT = 200_000;
/** From the polite end to the certain one. */
const KILL_GRACE_MS = 1_000;
/** What its children have to say after a command has ended. */
const DRAIN_MS = 250;

/** Run a program without a shell, in a process group of its own. Never rejects: what went wrong is the result. */
export function runCommand({ program, argv, cwd, env, timeoutMs, signal }: RunRequest): Promise<RunResult> {
  const [stdout, stderr] = [new Tail(MAX_OUTPUT), new Tail(MAX_OUTPUT)];
  const [name = program, ...args] = argv;
  const { promise, resolve } = Promise.withResolvers<RunResult>();
  const child = spawn(program, args, {
    cwd,
    env: { ...env },
    argv0: name,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  let timedOut = false;
  let failure: string | null = null;
  let hardKill: NodeJS.Timeout | undefined;
  const end = (reason: string | null) => {
    failure ??= reason;
    killGroup(child.pid, "SIGTERM");
    hardKill ??= setTimeout(() => killGroup(child.pid, "SIGKILL"), KILL_GRACE_MS);
  };
  const limit = setTimeout(() => {
    timedOut = true;
    end(null);
  }, timeoutMs);
  const abort = () => end("the node host is stopping");
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();

  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout.add(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr.add(text));
  child.once("error", (error) => {
    failure ??= error.message;
    if (child.pid === undefined) finish(null);
  });
  // Its own children may hold the pipes for as long as they live.
  child.once("exit", (code) => void setTimeout(() => finish(code), DRAIN_MS));
  child.once("close", (code) => finish(code));

  function finish(exitCode: number | null): void {
    clearTimeout(limit);
    signal.removeEventListener("abort", abort);
    // Whoever outlives a command that was ended goes with it.
    if (hardKill) killGroup(child.pid, "SIGKILL");
    clearTimeout(hardKill);
    child.stdout.destroy();
    child.stderr.destroy();
    const success = exitCode === 0 && !timedOut && failure === null;
    resolve({ exitCode, timedOut, success, stdout: String(stdout), stderr: String(stderr), error: failure });
  }

  return promise;
}
