import { execFileSync } from "node:child_process";
import { readSource } from "openclaw/plugin-sdk/config";
import type { Env, Paths } from "openclaw/plugin-sdk/config";
import { StartError } from "./bind.ts";
import { portOwners } from "./port-owner.ts";
import type { PortOwner } from "./port-owner.ts";
import { resolvePort } from "./settings.ts";
import type { StartFlags } from "./settings.ts";

const GRACE_MS = 5_000;

/** `--force`: end whoever listens on our port, gently first (operations.md §4.4). */
export async function freePort({ flags, paths, env }: { flags: StartFlags; paths: Paths; env: Env }): Promise<void> {
  requireLsof();
  const port = resolvePort(flags, env, readSource(paths.configPath, env).resolved, paths);
  const owners = portOwners(port).filter(({ pid }) => pid !== process.pid && pid !== process.ppid && pid !== 1);
  for (const owner of owners) signal(owner, "SIGTERM", port);
  if (await free(port, GRACE_MS)) return;
  for (const owner of portOwners(port)) signal(owner, "SIGKILL", port);
  if (!(await free(port, GRACE_MS))) throw new StartError(`force: port ${port} is still taken`, 75);
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

function signal({ pid, command }: PortOwner, name: "SIGTERM" | "SIGKILL", port: number): void {
  try {
    process.kill(pid, name);
    console.log(
      `force: killed pid ${pid} (${command.split(" ")[0] ?? ""}) on port ${port}${name === "SIGKILL" ? " with SIGKILL" : ""}`,
    );
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EPERM")
      throw new StartError(`force: pid ${pid} (${command}) holds port ${port} and belongs to another user`, 1, cause);
  }
}

async function free(port: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (portOwners(port).length > 0) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
