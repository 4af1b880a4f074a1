import { spawn } from "node:child_process";
import type { SpawnOptions } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { eventually } from "openclaw/plugin-sdk/testing";
import { ensureBuilt, root } from "./build.ts";

export const TOKEN = "command-line-test-0123456789abcdef";

/** A home of its own for one or more command lines. */
export interface TestHome extends Disposable {
  readonly home: string;
  readonly stateDir: string;
  readonly configPath: string;
  readonly port: number;
  /** Write `openclaw.json` as it is given. */
  write(text: string): void;
  read(): string;
}

/** A folder with a configuration that a gateway starts on; with `null` there is none. */
export async function testHome(config: object | null = {}): Promise<TestHome> {
  const home = mkdtempSync(join(tmpdir(), "openclaw-home-"));
  const stateDir = join(home, ".openclaw");
  const configPath = join(stateDir, "openclaw.json");
  const port = await freePort();
  const write = (text: string) => {
    mkdirSync(dirname(configPath), { recursive: true, mode: 0o700 });
    writeFileSync(configPath, text, { mode: 0o600 });
  };
  if (config !== null) {
    const gateway = { mode: "local", port, auth: { token: TOKEN }, ...(config as { gateway?: object }).gateway };
    write(`${JSON.stringify({ ...config, gateway }, null, 2)}\n`);
  }
  return {
    home,
    stateDir,
    configPath,
    port,
    write,
    read: () => readFileSync(configPath, "utf8"),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** A port that nobody has, below those that the system gives to others meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + randomInt(20_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** Arguments of Node itself. */
  readonly nodeArgs?: readonly string[];
  readonly launcher?: string;
  /** A shell script that starts `"$0" "$@"`, to limit what the process may do. */
  readonly shell?: string;
  readonly spawn?: SpawnOptions;
}

export interface Ended {
  readonly code: number | null;
  /** What ended it, when there is no code. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs. Ended by id when it is disposed of. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** The first match in what was printed, once it is there. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  closeStdout(): void;
}

const WITHIN_MS = 15_000;

/** What a process is given of this one's environment: nothing that could change what it does. */
export const INHERITED: NodeJS.ProcessEnv = {
  PATH: process.env["PATH"],
  ...(process.env["TZ"] && { TZ: process.env["TZ"] }),
  ...(process.env["NODE_COMPILE_CACHE"] && { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] }),
};

/** Start `openclaw …` the way a shell does. */
export async function start(
  at: Pick<TestHome, "home">,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Running> {
  await ensureBuilt();
  const env = { ...INHERITED, HOME: at.home, OPENCLAW_HOME: at.home, ...options.env };
  const launcher = options.launcher ?? join(root, "openclaw.mjs");
  const command = [process.execPath, ...(options.nodeArgs ?? []), launcher, ...args];
  const [file = "", ...rest] = options.shell === undefined ? command : ["bash", "-c", options.shell, ...command];
  const child = spawn(file, rest, {
    cwd: options.cwd ?? at.home,
    env,
    ...options.spawn,
    stdio: "pipe",
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin?.on("error", () => undefined).end(options.input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    pid: child.pid as number,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    kill: (signal) => void child.kill(signal),
    closeStdout: () => void child.stdout?.destroy(),
    async prints(pattern) {
      const isOver = () => child.exitCode !== null || child.signalCode !== null;
      const what = `openclaw ${args.join(" ")} prints ${pattern}`;
      await eventually(what, () => pattern.test(stdout + stderr) || isOver(), WITHIN_MS);
      const found = pattern.exec(stdout + stderr);
      if (found) return found;
      throw new Error(`${what}: ended without it\n${stdout}${stderr}`);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Run `openclaw …` to its end. */
export async function run(
  at: Pick<TestHome, "home">,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  await using running = await start(at, args, options);
  const late = setTimeout(() => running.kill("SIGKILL"), WITHIN_MS);
  try {
    return await running.ended;
  } finally {
    clearTimeout(late);
  }
}

/** Start the gateway of `at` and wait until it is ready. */
export async function startGateway(
  at: TestHome,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Running> {
  const gateway = await start(at, ["gateway", ...args], options);
  try {
    await gateway.prints(/ready \(\d+ ms\)/);
    return gateway;
  } catch (error) {
    await gateway[Symbol.asyncDispose]();
    throw error;
  }
}
