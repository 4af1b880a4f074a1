import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { RawClient } from "./load.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { ROOT, startGateway, TOKEN } from "./server.ts";

const TOGGLES = 10;
const WATCHERS = 20;
const RELOADS = 100;

/** A plugin switched by editing the file, seen from a client; and what a hundred reloads leave behind. */
export async function toggleFigures(): Promise<Figure[]> {
  const plugins = {
    load: { paths: [join(ROOT, "examples", "hello-method")] },
    entries: { "hello-method": { enabled: false } },
  };
  const gateway = await startGateway({ plugins });
  const file = join(gateway.home as string, ".openclaw", "openclaw.json");
  const times: number[] = [];
  let closed = 0;
  try {
    const watchers = await Promise.all(Array.from({ length: WATCHERS }, () => RawClient.connect(gateway.url)));
    for (const { socket } of watchers) socket.on("close", () => closed++);
    const client = new GatewayClient({
      url: gateway.url,
      token: TOKEN,
      client: { id: "test", version: "1", platform: "x", mode: "test" },
    });
    await client.connect();
    for (let i = 0; i < TOGGLES; i++) {
      const enabled = i % 2 === 0;
      const changed = new Promise<void>((resolve) => {
        const listen = ({ event, payload }: { event: string; payload?: unknown }) => {
          const methods = (payload as { features?: { methods: string[] } } | undefined)?.features?.methods;
          if (event !== "plugins.changed" || methods?.includes("hello.greet") !== enabled) return;
          client.off("event", listen);
          resolve();
        };
        client.on("event", listen);
      });
      const startedAt = performance.now();
      const text = readFileSync(file, "utf8");
      writeFileSync(file, text.replace(`"enabled": ${!enabled}`, `"enabled": ${enabled}`));
      await changed;
      times.push(performance.now() - startedAt);
    }
    const after = closed;
    await client.close();
    for (const watcher of watchers) watcher.close();
    return [
      { name: "plugin toggled by editing, until effective", ours: median(times), unit: "ms", goal: { value: 400 } },
      { name: "client sockets closed by it", ours: after, unit: "sockets", goal: { value: 0 } },
      { name: "heap per 100 reloads", ours: await heapPerReloads(), unit: "MB", goal: { value: 2 } },
    ];
  } finally {
    await gateway.stop();
  }
}

async function heapPerReloads(): Promise<number> {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error("run with --expose-gc");
  const plugins = {
    load: { paths: [join(ROOT, "examples", "hello-method")] },
    entries: { "hello-method": { enabled: true } },
  };
  await using gateway = await startTestGateway({ config: { plugins } });
  const client = await gateway.client();
  await client.request("hello.greet", { name: "Ann" });
  const reload = async (times: number) => {
    for (let i = 0; i < times; i++) await client.request("plugins.reload", { id: "hello-method" });
    await eventually("old generations are gone", () => {
      gc();
      return true;
    });
    gc();
    return process.memoryUsage().heapUsed;
  };
  const before = await reload(RELOADS);
  const after = await reload(RELOADS);
  return Math.max(0, after - before) / 1e6;
}
