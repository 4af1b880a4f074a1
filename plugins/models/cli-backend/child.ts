import { spawn } from "node:child_process";
import { killGroup } from "openclaw/plugin-sdk/exec";

const MAX_STDOUT_BYTES = 10_000_000;
const MAX_STDERR_CHARS = 8_000;
const GRACE_MS = 2_000;
/** What is silent for so long after the command has ended was not said by it. */
const QUIET_MS = 500;

export interface ChildParts {
  readonly file: string;
  readonly args: readonly string[];
  readonly input: string | undefined;
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly signal: AbortSignal;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly stderr: string;
  /** It printed more than anybody wants to read, and was ended for it. */
  readonly flooded: boolean;
}

/**
 * Runs a command in a process group of its own and yields what it prints. An abort, or giving up reading, ends the whole
 * group: politely, and after two seconds for good. What it has started and nobody can end, because it left the group, is
 * not waited for. `ended` is called when it is over.
 */
export async function* runChild(parts: ChildParts, ended: (end: ChildEnd) => void): AsyncGenerator<string> {
  const { file, args, input, cwd, env, signal } = parts;
  signal.throwIfAborted();
  const child = spawn(file, args, { cwd, env, stdio: "pipe", detached: process.platform !== "win32" });
  let stderr = "";
  let bytes = 0;
  let flooded = false;
  let grace: NodeJS.Timeout | undefined;
  let quiet: NodeJS.Timeout | undefined;
  let isLetGo = false;
  const letGo = () => {
    isLetGo = true;
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
  };
  const killHard = () => {
    killGroup(child.pid, "SIGKILL");
    letGo();
  };
  const stop = () => {
    if (quiet) return letGo();
    if (grace) return;
    killGroup(child.pid, "SIGTERM");
    grace = setTimeout(killHard, GRACE_MS);
  };
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  // Awaited below; a failure to start must not be unhandled while nothing has been read.
  closed.catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-MAX_STDERR_CHARS)));
  // A command that reads nothing closes its end; that is its business.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  // What it has started and left behind does not outlive it, and what holds its pipes does not hold up its answer.
  child.once("exit", () => {
    grace ??= setTimeout(() => killGroup(child.pid, "SIGKILL"), GRACE_MS);
    quiet = setTimeout(letGo, QUIET_MS);
  });
  let isRead = false;
  try {
    for await (const chunk of child.stdout.setEncoding("utf8") as AsyncIterable<string>) {
      bytes += Buffer.byteLength(chunk);
      flooded = bytes > MAX_STDOUT_BYTES;
      if (flooded) break;
      yield chunk;
      quiet?.refresh();
    }
    isRead = !flooded;
  } catch (error) {
    // Everything it has said was read before.
    if (!isLetGo || signal.aborted) throw error;
    isRead = true;
  } finally {
    if (!isRead) stop();
    await closed.catch(() => undefined);
    signal.removeEventListener("abort", stop);
    clearTimeout(grace);
    clearTimeout(quiet);
    killGroup(child.pid, "SIGKILL");
  }
  ended({ code: await closed, stderr, flooded });
}
