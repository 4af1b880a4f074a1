import { RawClient, sequence } from "./load.ts";
import type { Figure } from "./report.ts";
import { cpuMs, restingRssKib, startFloor, startGateway } from "./server.ts";
import type { Server } from "./server.ts";

const CONNECTS = 500;
const IDLE = 1_000;
const WARM_UP = 100;

/** CPU per connect and whether it grows; memory per idle client. */
export async function connectFigures(): Promise<Figure[]> {
  const gateway = await startGateway();
  const floor = await startFloor();
  try {
    await sequence(WARM_UP, () => RawClient.connect(gateway.url).then((client) => client.close()));
    const before = cpuMs(gateway.pid);
    const marks: number[] = [before];
    const clients = await sequence(CONNECTS, async () => {
      const client = await RawClient.connect(gateway.url);
      marks.push(cpuMs(gateway.pid));
      return client;
    });
    const fifth = CONNECTS / 5;
    const share = (from: number) => (marks[from + fifth] as number) - (marks[from] as number);
    const perConnect = (cpuMs(gateway.pid) - before) / CONNECTS;
    for (const client of clients) client.close();
    const [ours, bare] = [await idleClient(gateway), await idleClient(floor)];
    return [
      { name: "CPU per connect", ours: perConnect, unit: "ms", goal: { value: 1.5 } },
      {
        name: "last fifth of 500 connects over the first",
        ours: share(CONNECTS - fifth),
        floor: share(0),
        unit: "ms",
        goal: { ratio: 1.3 },
      },
      { name: "memory per idle client at 1,000", ours, floor: bare, unit: "KiB", goal: { ratio: 1.3 } },
    ];
  } finally {
    await gateway.stop();
    await floor.stop();
  }
}

async function idleClient(server: Server): Promise<number> {
  const before = await restingRssKib(server.pid);
  const clients = await sequence(IDLE, () => RawClient.connect(server.url));
  const after = await restingRssKib(server.pid);
  for (const client of clients) client.close();
  return (after - before) / IDLE;
}
