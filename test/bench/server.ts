import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { eventually } from "openclaw/plugin-sdk/testing";

const here = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(here, "..", "..");
export const TOKEN = "bench-token-0123456789abcdef";

/** A server process under measurement. */
export interface Server {
  readonly name: string;
  readonly url: string;
  readonly child: ChildProcess;
  readonly pid: number;
  /** Milliseconds from spawn until it could be reached. */
  readonly home: string | undefined;
  stop(): Promise<number>;
}

/** The gateway as users run it: the release build, its own state directory. */
export async function startGateway(
  config: object = {},
  home: string = freshHome(config),
  env: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const child = spawn(process.execPath, [join(ROOT, "openclaw.mjs"), "gateway", "--port", "0"], {
    cwd: home,
    env: { PATH: process.env["PATH"], HOME: home, NODE_NO_WARNINGS: "1", ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const record = join(home, ".openclaw", "gateway.json");
  const url = await eventually("gateway listens", () => {
    const { pid, url: address } = JSON.parse(readFileSync(record, "utf8")) as { pid: number; url: string };
    return pid === child.pid ? address : undefined;
  });
  return { name: "gateway", url, child, pid: child.pid as number, home, stop: () => stop(child, "SIGTERM") };
}

export async function startFloor(): Promise<Server> {
  const child = spawn(process.execPath, [join(here, "floor-server.mjs")], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { port } = await new Promise<{ port: number }>((resolve) =>
    child.once("message", (message) => resolve(message as { port: number })),
  );
  child.disconnect();
  return {
    name: "floor",
    url: `ws://127.0.0.1:${port}`,
    child,
    pid: child.pid as number,
    home: undefined,
    stop: () => stop(child, "SIGKILL"),
  };
}

/** The benches open a thousand. */
const MAX_CLIENTS = 2_000;

export function freshHome(config: object = {}): string {
  const home = mkdtempSync(join(tmpdir(), "openclaw-bench-"));
  const state = join(home, ".openclaw");
  mkdirSync(state, { mode: 0o700 });
  const text = JSON.stringify(
    { gateway: { mode: "local", auth: { token: TOKEN }, maxClients: MAX_CLIENTS }, ...config },
    null,
    2,
  );
  writeFileSync(join(state, "openclaw.json"), text, { mode: 0o600 });
  return home;
}

export function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true });
}

/** CPU time of all threads so far, in milliseconds. */
export function cpuMs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce(
    (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]) / 1e6,
    0,
  );
}

/** Resident memory in KiB. */
export function rssKib(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** Resident memory once a server has come to rest: it no longer changes, or half a minute has passed. */
export async function restingRssKib(pid: number): Promise<number> {
  let [known, same] = [rssKib(pid), 0];
  for (let polls = 0; polls < 60 && same < 6; polls++) {
    await delay(500);
    const now = rssKib(pid);
    same = Math.abs(now - known) < known / 100 ? same + 1 : 0;
    known = now;
  }
  return known;
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number> {
  const startedAt = performance.now();
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
  return performance.now() - startedAt;
}
