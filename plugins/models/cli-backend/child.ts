import { spawn } from "node:child_process";
import { killGroup } from "openclaw/plugin-sdk/exec";

const MAX_STDOUT_BYTES = 10_000_000;
const MAX_STDERR_CHARS = 8_000;
const GRACE_MS = 2_000;

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
 * group: politely, and after two seconds for good. `ended` is called when it is over.
 */
export async function* runChild(parts: ChildParts, ended: (end: ChildEnd) => void): AsyncGenerator<string> {
  const { file, args, input, cwd, env, signal } = parts;
  signal.throwIfAborted();
  const child = spawn(file, args, { cwd, env, stdio: "pipe", detached: process.platform !== "win32" });
  let stderr = "";
  let bytes = 0;
  let flooded = false;
  let grace: NodeJS.Timeout | undefined;
  const stop = () => {
    if (grace) return;
    killGroup(child.pid, "SIGTERM");
    grace = setTimeout(() => killGroup(child.pid, "SIGKILL"), GRACE_MS);
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
  // What it has started and left behind does not outlive it.
  child.once("exit", () => (grace ??= setTimeout(() => killGroup(child.pid, "SIGKILL"), GRACE_MS)));
  let isRead = false;
  try {
    for await (const chunk of child.stdout.setEncoding("utf8") as AsyncIterable<string>) {
      bytes += Buffer.byteLength(chunk);
      flooded = bytes > MAX_STDOUT_BYTES;
      if (flooded) break;
      yield chunk;
    }
    isRead = !flooded;
  } finally {
    if (!isRead) stop();
    await closed.catch(() => undefined);
    signal.removeEventListener("abort", stop);
    clearTimeout(grace);
  }
  ended({ code: await closed, stderr, flooded });
}
