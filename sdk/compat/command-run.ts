import { spawn } from "node:child_process";
import type { CommandOutput, CommandRunOptions } from "./runtime-contract.ts";

/** Runs a program without a shell. Rejects when it cannot be started; killed at its limit or with `signal`. */
export function runCommand(
  [file, ...args]: readonly string[],
  given: number | CommandRunOptions,
  signal: AbortSignal,
): Promise<CommandOutput> {
  const { timeoutMs, cwd, env, input }: CommandRunOptions = typeof given === "number" ? { timeoutMs: given } : given;
  const { promise, resolve, reject } = Promise.withResolvers<CommandOutput>();
  if (file === undefined) return Promise.reject(new Error("runCommandWithTimeout needs a program to run"));
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: "pipe", windowsHide: true });
  const output = { stdout: "", stderr: "" };
  let killed = false;
  const kill = () => {
    killed = true;
    child.kill("SIGKILL");
  };
  const timer = setTimeout(kill, timeoutMs);
  signal.addEventListener("abort", kill, { once: true });
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  // A program that does not read its input closes the pipe; its exit code says what came of it.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  child.on("error", reject);
  child.on("close", (code, exitSignal) => resolve({ ...output, code, signal: exitSignal, killed }));
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  });
}
