import { execFileSync } from "node:child_process";
import { portOwners } from "openclaw/plugin-sdk";
import type { PortOwner } from "openclaw/plugin-sdk";
import { readSource } from "openclaw/plugin-sdk/config";
import type { Env, Paths } from "openclaw/plugin-sdk/config";
import { StartError } from "../bind.ts";
import { resolvePort } from "../settings.ts";
import type { StartFlags } from "../settings.ts";

const GRACE_MS = 5_000;

export interface ForceParts {
  readonly flags: StartFlags;
  readonly paths: Paths;
  readonly env: Env;
  readonly say: (text: string) => void;
}

/** `--force`: end whoever listens on our port, gently first (operations.md §4.4). */
export async function freePort({ flags, paths, env, say }: ForceParts): Promise<void> {
  requireLsof();
  const port = resolvePort(flags, env, readSource(paths.configPath, env).resolved, paths);
  for (const name of ["SIGTERM", "SIGKILL"] as const) {
    for (const owner of strangers(port)) signal(owner, name, port, say);
    if (await free(port)) return;
  }
  throw new StartError(`force: port ${port} is still taken`, 75);
}

/** Never ourselves, our parent or the first process. */
function strangers(port: number): PortOwner[] {
  return portOwners(port).filter(({ pid }) => pid !== process.pid && pid !== process.ppid && pid !== 1);
}

/** The documented contract of the flag: without lsof it refuses, even where another way would be known. */
function requireLsof(): void {
  try {
    execFileSync("lsof", ["-v"], { stdio: "ignore", timeout: 5_000 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      throw new StartError("--force needs lsof; install the package lsof", 1, cause);
  }
}

function signal({ pid, command }: PortOwner, name: "SIGTERM" | "SIGKILL", port: number, say: ForceParts["say"]): void {
  try {
    process.kill(pid, name);
    const program = command.split(" ")[0] ?? "";
    say(`force: killed pid ${pid} (${program}) on port ${port}${name === "SIGKILL" ? " with SIGKILL" : ""}`);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EPERM")
      throw new StartError(`force: pid ${pid} (${command}) holds port ${port} and belongs to another user`, 1, cause);
    // Any other reason means that it has ended by itself.
  }
}

async function free(port: number): Promise<boolean> {
  const deadline = performance.now() + GRACE_MS;
  while (portOwners(port).length > 0) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
