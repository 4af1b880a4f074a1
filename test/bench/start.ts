import { rmSync } from "node:fs";
import { join } from "node:path";
import { sequence, RawClient } from "./load.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { freshHome, removeHome, rssKib, startFloor, startGateway } from "./server.ts";
import type { Server } from "./server.ts";

const ROUNDS = 9;
const COLD_ROUNDS = 5;

/** From spawn to the first `hello-ok`; idle memory; and from SIGTERM to exit. */
export async function startFigures(): Promise<Figure[]> {
  const home = freshHome();
  await (await timed(() => startGateway({}, home))).server.stop();
  const ours: number[] = [];
  const floor: number[] = [];
  const stops: number[] = [];
  const idle: number[] = [];
  const idleFloor: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const gateway = await timed(() => startGateway({}, home));
    ours.push(gateway.ms);
    await gateway.settled();
    idle.push(rssKib(gateway.server.pid) / 1024);
    stops.push(await gateway.server.stop());
    const bare = await timed(startFloor);
    floor.push(bare.ms);
    idleFloor.push(rssKib(bare.server.pid) / 1024);
    await bare.server.stop();
  }
  const cold = await sequence(COLD_ROUNDS, async () => {
    rmSync(join(home, ".openclaw", "cache"), { recursive: true, force: true });
    const fresh = freshHome();
    const { ms, server } = await timed(() => startGateway({}, fresh));
    await server.stop();
    removeHome(fresh);
    return ms;
  });
  removeHome(home);
  return [
    { name: "spawn to hello-ok, warm", ours: median(ours), floor: median(floor), unit: "ms", goal: { ratio: 4 } },
    {
      name: "first start ever over warm start",
      ours: median(cold),
      floor: median(ours),
      unit: "ms",
      goal: { ratio: 2 },
    },
    { name: "resident memory, idle", ours: median(idle), floor: median(idleFloor), unit: "MiB", goal: { ratio: 2 } },
    { name: "SIGTERM to exit, idle", ours: median(stops), unit: "ms", goal: { value: 100 } },
  ];
}

async function timed(
  start: () => Promise<Server>,
): Promise<{ ms: number; server: Server; settled: () => Promise<void> }> {
  const startedAt = performance.now();
  const server = await start();
  const client = await RawClient.connect(server.url);
  const ms = performance.now() - startedAt;
  const settled = async () => {
    await client.request("health", {});
    client.close();
    // Idle means idle: the work of the start, the watcher and the collector are over.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  };
  return { ms, server, settled };
}
