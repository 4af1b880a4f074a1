import { connectAll, drive } from "./load.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { cpuMs, startFloor, startGateway } from "./server.ts";
import type { Server } from "./server.ts";
import { RawClient } from "./load.ts";

const ROUNDS = 5;
const REQUESTS = 20_000;
const WARM_UP = 4_000;

/** CPU time of the server per request, beside a server that answers the same payload without looking. */
export async function rpcFigures(): Promise<Figure[]> {
  const gateway = await startGateway();
  const floor = await startFloor();
  const figures: Figure[] = [];
  try {
    for (const { method, connections, inFlight, goal } of [
      { method: "last-heartbeat", connections: 1, inFlight: 64, goal: 1.5 },
      { method: "last-heartbeat", connections: 50, inFlight: 4, goal: 1.5 },
      { method: "health", connections: 1, inFlight: 16, goal: 2.5 },
      { method: "status", connections: 1, inFlight: 16, goal: 2.5 },
      { method: "sessions.list", connections: 1, inFlight: 16, goal: 2.5 },
    ]) {
      const ask = await RawClient.connect(gateway.url);
      const payload = await ask.request(method);
      ask.close();
      const tell = await RawClient.connect(floor.url);
      await tell.request("floor.reply", payload);
      tell.close();
      const ours = await connectAll(gateway.url, connections);
      const bare = await connectAll(floor.url, connections);
      await drive(ours, inFlight, WARM_UP, method, {});
      await drive(bare, inFlight, WARM_UP, method, {});
      const costs: number[] = [];
      const floors: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        costs.push(await cost(gateway, () => drive(ours, inFlight, REQUESTS, method, {})));
        floors.push(await cost(floor, () => drive(bare, inFlight, REQUESTS, method, {})));
      }
      for (const client of [...ours, ...bare]) client.close();
      const name = `CPU per ${method}, ${connections} x ${inFlight}`;
      figures.push({ name, ours: median(costs), floor: median(floors), unit: "us", goal: { ratio: goal } });
    }
  } finally {
    await gateway.stop();
    await floor.stop();
  }
  return figures;
}

async function cost(server: Server, work: () => Promise<void>): Promise<number> {
  const before = cpuMs(server.pid);
  await work();
  return ((cpuMs(server.pid) - before) * 1_000) / REQUESTS;
}
