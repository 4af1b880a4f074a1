import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { resolvePaths } from "openclaw/plugin-sdk/config";
import { eventually } from "openclaw/plugin-sdk/testing";
import { INHERITED } from "../support/command-line.ts";

const MAIN = join(import.meta.dirname, "..", "..", "kernel", "cli", "main.ts");
const START_MS = 10_000;
const STOP_MS = 10_000;

export const PROCESS_TOKEN = "process-token-0123456789abcdef";

/** What a run of the command line ended with. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A gateway in a process of its own, so that its memory and its exit can be measured. */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly stateDir: string;
  signal(name: NodeJS.Signals): void;
  /** Resolves with how it ended; rejects when it still runs after a while. */
  ended(): Promise<Ended>;
  /** Resident bytes. */
  residentBytes(): number;
}

interface ProcessOptions {
  readonly config?: object;
  readonly args?: readonly string[];
  /** How many files and sockets the process may have open. */
  readonly descriptors?: number;
}

function launch({ config, args = [], descriptors }: ProcessOptions) {
  const home = mkdtempSync(join(tmpdir(), "openclaw-process-"));
  const env = { ...INHERITED, HOME: home };
  const paths = resolvePaths({}, env);
  if (config) {
    mkdirSync(dirname(paths.configPath), { recursive: true, mode: 0o700 });
    writeFileSync(paths.configPath, JSON.stringify(config));
  }
  const command = [process.execPath, "--conditions=openclaw-source", MAIN, "gateway", "--port", "0", ...args];
  const limited = ["/bin/sh", "-c", `ulimit -n ${descriptors} && exec "$@"`, "sh", ...command];
  const [program = "", ...words] = descriptors === undefined ? command : limited;
  const child = spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += String(chunk)));
  const exit = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  return { child, home, stateDir: paths.stateDir, exit, output: () => output };
}

/** Run `openclaw gateway` where it is expected to refuse; kills it when it does not. */
export async function refusedStart(options: ProcessOptions): Promise<Ended> {
  const { child, home, exit } = launch(options);
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
  try {
    return await exit;
  } finally {
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  }
}

export async function startGatewayProcess(options: ProcessOptions = {}): Promise<GatewayProcess> {
  const config = { gateway: { mode: "local", auth: { token: PROCESS_TOKEN } }, ...options.config };
  const { child, home, stateDir, exit, output } = launch({ ...options, config });
  const record = join(stateDir, "gateway.json");
  const { url, port } = await eventually(
    "the gateway's start",
    () => {
      if (child.exitCode !== null) throw new Error(output());
      return existsSync(record) && (JSON.parse(readFileSync(record, "utf8")) as { url: string; port: number });
    },
    START_MS,
  );
  const ended = async () => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    try {
      return await exit;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    url,
    port,
    stateDir,
    token: PROCESS_TOKEN,
    signal: (name) => void child.kill(name),
    ended,
    residentBytes: () =>
      1_024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? Number.NaN),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
