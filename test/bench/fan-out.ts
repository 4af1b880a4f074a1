import { join } from "node:path";
import { eventually } from "openclaw/plugin-sdk/testing";
import { connectAll } from "./load.ts";
import type { RawClient } from "./load.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { cpuMs, ROOT, startFloor, startGateway } from "./server.ts";
import type { Server } from "./server.ts";

const CLIENTS = 200;
const EVENTS = 200;
const ROUNDS = 7;
const PAYLOAD = { text: "x".repeat(1_000), list: [1, 2, 3] };

/** CPU per event that goes to 200 clients. The gateway's events come from a plugin, as any plugin's do. */
export async function fanOutFigures(): Promise<Figure[]> {
  const gateway = await startGateway({
    plugins: { load: { paths: [join(ROOT, "test", "bench", "burst")] }, entries: { burst: { enabled: true } } },
  });
  const floor = await startFloor();
  try {
    const ours = await prepare(gateway);
    const bare = await prepare(floor);
    const costs: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const mine = await cost(gateway, ours, "burst.emit");
      const least = await cost(floor, bare, "floor.broadcast");
      if (round > 0) costs.push(mine);
      if (round > 0) floors.push(least);
    }
    return [
      {
        name: `CPU per event to ${CLIENTS} clients`,
        ours: median(costs),
        floor: median(floors),
        unit: "us",
        goal: { ratio: 1.5 },
      },
    ];
  } finally {
    await gateway.stop();
    await floor.stop();
  }
}

async function prepare(server: Server): Promise<RawClient[]> {
  const clients = await connectAll(server.url, CLIENTS);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return clients;
}

async function cost(server: Server, clients: readonly RawClient[], method: string): Promise<number> {
  const target = clients.map((client) => client.events + EVENTS);
  const before = cpuMs(server.pid);
  await clients[0]?.request(method, { count: EVENTS, payload: PAYLOAD });
  await eventually(
    "all events arrive",
    () => clients.every((client, index) => client.events >= (target[index] as number)),
    30_000,
  );
  return ((cpuMs(server.pid) - before) * 1_000) / EVENTS;
}
