import { spawn } from "node:child_process";
import { execEnvironment, killGroup } from "openclaw/plugin-sdk/exec";
import type { Message, Receiver, Transport } from "./rpc.ts";
import type { ServerSetting } from "./setting.ts";

const MAX_LINE = 16_000_000;
const GRACE_MS = 2_000;
const STDERR_CHARS = 2_000;

/** A program that speaks over its standard streams, one message a line, in a process group of its own. */
export function startProgram(
  { command = "", args = [], env = {}, cwd }: ServerSetting,
  receiver: Receiver,
  fallbackCwd: string,
): Transport {
  const child = spawn(command, args, {
    cwd: cwd ?? fallbackCwd,
    // Nothing of the gateway's secrets; what the owner gives it is the owner's business.
    env: { ...execEnvironment(process.env), ...env },
    stdio: "pipe",
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  let stderr = "";
  let rest = "";
  const ended = Promise.withResolvers<void>();
  const over = (reason: string) => {
    receiver.closed(reason);
    ended.resolve();
  };
  child.once("error", (error) => over(`${command} cannot be started: ${error.message}`));
  child.once("close", (code, signal) => {
    const said = stderr.trim().split("\n").at(-1) ?? "";
    over(`${command} ended with ${code ?? signal}${said === "" ? "" : `: ${said.slice(0, 300)}`}`);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-STDERR_CHARS)));
  child.stdin.on("error", () => undefined);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    rest += text;
    if (rest.length > MAX_LINE) {
      over(`${command} printed a line that is too long`);
      return killGroup(child.pid, "SIGKILL");
    }
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = messageIn(line);
      if (message) receiver.receive(message);
    }
  });
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        child.stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      child.stdin.end();
      killGroup(child.pid, "SIGTERM");
      const kill = setTimeout(() => killGroup(child.pid, "SIGKILL"), GRACE_MS);
      await ended.promise;
      clearTimeout(kill);
    },
  };
}

/** A message; nothing for what else programs print. */
export function messageIn(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Message) : undefined;
  } catch {
    // A line for people.
    return undefined;
  }
}
