import { once } from "node:events";
import { join } from "node:path";
import type { ConnectParams } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { WebSocket } from "ws";
import { createDeviceKey, withDevice } from "../wire/device-key.ts";
import type { DeviceKey } from "../wire/device-key.ts";
import { CONNECT, RawClient, sequence } from "./load.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { cpuMs, restingRssKib, ROOT, rssKib, startFloor, startGateway } from "./server.ts";
import type { Server } from "./server.ts";

const HANDSHAKES = 500;
const AT_ONCE = 8;
const ROUNDS = 3;
const IDLE = 1_000;
const WARM_UP = 600;
const TICKS = 15;
const UNREAD_MIB = 64;
const MIB = 1_048_576;

/** Handshakes of devices beside bare upgrades; a thousand of them idle; one of them that stops reading. */
export async function deviceFigures(): Promise<Figure[]> {
  const keys = Array.from({ length: HANDSHAKES }, createDeviceKey);
  return [
    ...(await beside((gateway, floor) => handshakeFigures(gateway, floor, keys))),
    ...(await beside((gateway, floor) => idleFigures(gateway, floor, keys))),
    ...(await beside(slowFigures)),
  ];
}

/** Servers that nothing else has used, so that memory is compared from the same start. */
async function beside(measure: (gateway: Server, floor: Server) => Promise<Figure[]>): Promise<Figure[]> {
  const gateway = await startGateway({
    plugins: { load: { paths: [join(ROOT, "test", "bench", "burst")] }, entries: { burst: { enabled: true } } },
  });
  const floor = await startFloor();
  try {
    return await measure(gateway, floor);
  } finally {
    await gateway.stop();
    await floor.stop();
  }
}

async function handshakeFigures(gateway: Server, floor: Server, keys: readonly DeviceKey[]): Promise<Figure[]> {
  const known = keys.slice(0, AT_ONCE);
  await handshakes(gateway, known);
  await upgrades(floor);
  const [paired, bare, cpu]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpuMs(gateway.pid);
    paired.push(await handshakes(gateway, known));
    cpu.push((cpuMs(gateway.pid) - before) / HANDSHAKES);
    bare.push(await upgrades(floor));
  }
  const fresh = await handshakes(gateway, keys);
  const [ours, least] = [median(paired), median(bare)];
  const rate = (ms: number) => `${Math.round(1_000 / ms)}/s`;
  return [
    {
      name: `device handshake (${rate(ours)}) beside a bare upgrade (${rate(least)})`,
      ours,
      floor: least,
      unit: "ms",
      goal: { ratio: 8 },
    },
    { name: "CPU per device handshake", ours: median(cpu), unit: "ms", goal: { value: 2 } },
    {
      name: `handshake of ${HANDSHAKES} devices that pair (${rate(fresh)})`,
      ours: fresh,
      floor: least,
      unit: "ms",
      goal: { ratio: 8 },
    },
  ];
}

async function connectDevice(url: string, key: DeviceKey): Promise<RawClient> {
  const prove = (nonce: string) => withDevice(CONNECT as ConnectParams, key, { nonce });
  return RawClient.connect(url, prove);
}

/** Milliseconds per connect with a signature up to its hello-ok, the keys in turn. */
async function handshakes({ url }: Server, keys: readonly DeviceKey[]): Promise<number> {
  return each(async (index) => (await connectDevice(url, keys[index % keys.length] as DeviceKey)).close());
}

/** Milliseconds per WebSocket that is opened and closed. */
async function upgrades({ url }: Server): Promise<number> {
  return each(async () => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, "open");
    socket.terminate();
  });
}

async function each(step: (index: number) => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < HANDSHAKES) await step(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (performance.now() - startedAt) / HANDSHAKES;
}

async function idleFigures(gateway: Server, floor: Server, keys: readonly DeviceKey[]): Promise<Figure[]> {
  // Paired before, so that clients are counted and not the devices.
  const known = keys.slice(0, 100);
  const connect = (index: number) => connectDevice(gateway.url, known[index % known.length] as DeviceKey);
  await sequence(WARM_UP, (index) => connect(index).then((client) => client.close()));
  await sequence(WARM_UP, () => RawClient.connect(floor.url).then((client) => client.close()));
  const ours = await idle(gateway, connect);
  const bare = await idle(floor, () => RawClient.connect(floor.url));
  const tick = { count: 1, payload: { ts: Date.now() } };
  const [spreads, floors]: [number[], number[]] = [[], []];
  for (let round = 0; round <= TICKS; round++) {
    const mine = await spread(ours.clients, "burst", () => void ours.clients[0]?.request("burst.emit", tick));
    const least = await spread(bare.clients, "bench", () => void bare.clients[0]?.request("floor.broadcast", tick));
    if (round > 0) spreads.push(mine);
    if (round > 0) floors.push(least);
  }
  for (const client of [...ours.clients, ...bare.clients]) client.close();
  return [
    {
      name: `memory per idle device at ${IDLE}`,
      ours: ours.kib,
      floor: bare.kib,
      unit: "KiB",
      goal: { value: 25 },
    },
    {
      name: `a tick to ${IDLE} clients, from the first to the last`,
      ours: median(spreads),
      floor: median(floors),
      unit: "ms",
      goal: { ratio: 2 },
    },
  ];
}

async function idle(
  server: Server,
  connect: (index: number) => Promise<RawClient>,
): Promise<{ readonly clients: RawClient[]; readonly kib: number }> {
  const before = await restingRssKib(server.pid);
  const clients = await sequence(IDLE, connect);
  return { clients, kib: ((await restingRssKib(server.pid)) - before) / IDLE };
}

/** Milliseconds from the first client that gets the next such event to the last. */
async function spread(clients: readonly RawClient[], event: string, cause: () => void): Promise<number> {
  const times: number[] = [];
  for (const client of clients) {
    client.onEvent = (name) => {
      if (name !== event) return;
      client.onEvent = undefined;
      times.push(performance.now());
    };
  }
  cause();
  await eventually(`${event} everywhere`, () => times.length === clients.length, 30_000);
  return Math.max(...times) - Math.min(...times);
}

/** How much memory grows while events go by a client that does not read them, until it is cut. */
async function slowFigures(gateway: Server): Promise<Figure[]> {
  const other = await RawClient.connect(gateway.url);
  const emit = () => other.request("burst.emit", { count: 4, payload: "x".repeat(MIB / 4) });
  // As much with everybody reading brings the process to its working size.
  await sequence(UNREAD_MIB, emit);
  const slow = await RawClient.connect(gateway.url);
  const cut = new Promise<number>((resolve) => slow.socket.once("close", resolve));
  slow.socket.pause();
  const before = rssKib(gateway.pid);
  await sequence(UNREAD_MIB, emit);
  const grown = Math.max(0, rssKib(gateway.pid) - before) / 1_024;
  slow.socket.resume();
  const code = await cut;
  if (code !== 1008) throw new Error(`the client that did not read was closed with ${code}`);
  other.close();
  const name = `memory grown while ${UNREAD_MIB} MiB pass a client that does not read`;
  return [{ name, ours: grown, unit: "MiB", goal: { value: 16 } }];
}
