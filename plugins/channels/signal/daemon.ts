import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { ChannelError } from "openclaw/plugin-sdk";
import type { ChannelAccount, Logger } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";

const POLL_MS = 150;
const KILL_AFTER_MS = 5_000;
const STARTUP_MS = 30_000;
/** How much of what it complains about is kept. */
const KEPT_CHARS = 4_000;

export interface Daemon {
  /** Resolves with words for people when the process has ended. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Start signal-cli as a daemon for one account; on another `port`, for all that it has. */
export function startDaemon(account: ChannelAccount, log: Logger, shared?: { readonly port: number }): Daemon {
  const keys = keysOf(account);
  const { cliPath = "signal-cli", httpHost = "127.0.0.1", httpPort = 8_080 } = keys;
  const args = [
    ...(keys.account === undefined || shared ? [] : ["-a", keys.account]),
    "daemon",
    "--http",
    shared ? `127.0.0.1:${shared.port}` : `${httpHost}:${httpPort}`,
    "--no-receive-stdout",
    // One that only links must not take messages away.
    ...(shared ? ["--receive-mode", "manual"] : []),
    ...(keys.receiveMode === undefined || shared ? [] : ["--receive-mode", keys.receiveMode]),
    ...(keys.ignoreAttachments ? ["--ignore-attachments"] : []),
    ...(keys.ignoreStories ? ["--ignore-stories"] : []),
    ...(keys.sendReadReceipts ? ["--send-read-receipts"] : []),
  ];
  const child = spawn(cliPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-KEPT_CHARS);
    log.debug(`signal-cli: ${text.trim().slice(0, 500)}`);
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => resolve(spawnText(cliPath, error)));
    child.once("close", (code, signal) => resolve(endText(code, signal, said)));
  });
  return { ended, stop: () => stop(child) };
}

/** Resolves once the daemon answers. Throws when it ends first or takes too long. */
export async function untilReady(
  baseUrl: string,
  { account, daemon, signal }: { account: ChannelAccount; daemon: Daemon | undefined; signal: AbortSignal },
): Promise<void> {
  const { startupTimeoutMs = STARTUP_MS } = keysOf(account);
  const deadline = performance.now() + startupTimeoutMs;
  let over: string | undefined;
  void daemon?.ended.then((text) => (over = text));
  while (!signal.aborted) {
    if (await answers(baseUrl, signal)) return;
    if (over !== undefined) throw new ChannelError("transient", over, { fix: fixOf(over) });
    if (performance.now() > deadline)
      throw new ChannelError("transient", `signal-cli at ${baseUrl} was not ready in ${startupTimeoutMs / 1_000} s`, {
        fix: daemon ? "raise channels.signal.startupTimeoutMs" : "start the daemon: signal-cli daemon --http",
      });
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Whether a daemon answers there now. */
export async function answers(baseUrl: string, signal: AbortSignal): Promise<boolean> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(2_000)]);
    const response = await fetch(`${baseUrl}/api/v1/check`, { signal: limit });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not there yet.
    return false;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "close");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  await gone;
  clearTimeout(late);
}

function spawnText(cliPath: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return `signal-cli was not found at "${cliPath}"`;
  return `signal-cli at "${cliPath}" cannot be started: ${code ?? message}`;
}

function endText(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  if (/UnsupportedClassVersionError|class file version/i.test(said))
    return "signal-cli needs a newer Java (21 or later)";
  const last = said.trim().split("\n").at(-1)?.slice(0, 300);
  return `signal-cli ended with ${signal ?? `code ${code}`}${last ? `: ${last}` : ""}`;
}

function fixOf(text: string): string {
  if (text.includes("not found")) return "install signal-cli, or set channels.signal.cliPath to where it is";
  if (text.includes("newer Java")) return "install Java 21 or later";
  return "see the log, and try the same command in a terminal";
}
