import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GatewayClient } from "openclaw/plugin-sdk";
import type { PluginState } from "openclaw/plugin-sdk";
import { resolvePaths } from "openclaw/plugin-sdk/config";
import { eventually } from "openclaw/plugin-sdk/testing";
import { INHERITED } from "../support/command-line.ts";

const MAIN = fileURLToPath(new URL("../../kernel/cli/main.ts", import.meta.url));
const TOKEN = "child-token-0123456789abcdef";
const START_MS = 15_000;

/** A gateway in a process of its own, on a home that outlives it: for what would take the tests down with it. */
export interface GatewayChild extends AsyncDisposable {
  client(): Promise<GatewayClient>;
  /** Body of the page at `path`. */
  fetch(path: string): Promise<string>;
  plugin(id: string): Promise<PluginState>;
  /** Resolves with the exit code or the signal, and what was printed. */
  readonly ended: Promise<{ readonly how: number | string | null; readonly output: string }>;
}

/** Write the configuration of `home`. */
export function configure(home: string, config: object): void {
  const { configPath } = resolvePaths({}, { HOME: home });
  mkdirSync(dirname(configPath), { recursive: true, mode: 0o700 });
  writeFileSync(configPath, JSON.stringify({ gateway: { mode: "local", auth: { token: TOKEN } }, ...config }));
}

/** Start a gateway on `home`. Resolves when it has opened its port, or has ended. */
export async function startChild(home: string): Promise<GatewayChild> {
  const env = { ...INHERITED, HOME: home };
  const record = join(resolvePaths({}, env).stateDir, "gateway.json");
  rmSync(record, { force: true });
  const child = spawn(process.execPath, ["--conditions=openclaw-source", MAIN, "gateway", "--port", "0"], { env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += String(chunk)));
  const ended = once(child, "close").then(([code, signal]) => ({ how: (code ?? signal) as number | string, output }));
  await eventually(
    "the gateway's start",
    () => child.exitCode !== null || child.signalCode !== null || existsSync(record),
    START_MS,
  );
  const clients: GatewayClient[] = [];
  const address = () => (JSON.parse(readFileSync(record, "utf8")) as { url: string }).url;
  const client = async () => {
    const made = new GatewayClient({
      url: address(),
      token: TOKEN,
      client: { id: "test", version: "1", platform: "test", mode: "test" },
    });
    clients.push(made);
    await made.connect();
    return made;
  };
  return {
    client,
    ended,
    fetch: async (path) => (await fetch(address().replace("ws:", "http:") + path)).text(),
    async plugin(id) {
      const { plugins } = await (clients[0] ?? (await client())).request<{ plugins: PluginState[] }>(
        "plugins.list",
        {},
      );
      const found = plugins.find((plugin) => plugin.id === id);
      if (!found) throw new Error(`plugin ${id} is not listed`);
      return found;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((one) => one.close()));
      child.kill("SIGTERM");
      await ended;
    },
  };
}
