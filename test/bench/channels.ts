import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";
import { getCACertificates } from "node:tls";
import type { ChannelKit, KitNetwork } from "openclaw/plugin-sdk/testing";
import { RawClient } from "./load.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { cpuMs, freshHome, removeHome, ROOT, rssKib, startGateway } from "./server.ts";
import type { Server } from "./server.ts";

const KITS = join(ROOT, "test", "channels", "kit");
const MESSAGES = 100;
const WARM_UP = 20;
/** Networks let a few messages a second go to one person. */
const PEOPLE = 20;
/** One bot of Telegram may send 25 a second. */
const APART_MS = 50;
const WITHIN_MS = 30_000;
const SETTLED_MS = 1_500;
const LOAD = { channel: "signal", perSecond: 200, seconds: 10, people: 50 };

/** What each channel costs over its fake: until it is there, in memory, and for one message and its answer. */
export async function channelFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kit of await stockKits()) {
    process.stderr.write(`  ${kit.channel}\n`);
    figures.push(...(await figuresOf(kit)));
    if (kit.channel === LOAD.channel) figures.push(...(await loadFigures(kit)));
  }
  return [await unusedFigure(), ...figures];
}

async function stockKits(): Promise<ChannelKit[]> {
  const names = readdirSync(KITS).filter((name) => !/\.test\.ts$|^kit-/.test(name));
  const modules = names.map(async (name) => (await import(join(KITS, name))) as { readonly default: ChannelKit });
  // What has no connection of its own is the gateway itself, and a turn over its socket has a group of its own.
  return (await Promise.all(modules)).map((module) => module.default).filter(({ lacks }) => !lacks?.connection);
}

/** Channels that are in memory though nobody has configured them. */
async function unusedFigure(): Promise<Figure> {
  return withGateway({}, undefined, async (client) => {
    const { plugins } = (await client.request("plugins.list")) as {
      readonly plugins: readonly { readonly id: string; readonly state: string; readonly folder?: string }[];
    };
    const ids = new Set(readdirSync(join(ROOT, "plugins", "channels")));
    // Web chat is the gateway's own and needs no configuration.
    const loaded = plugins.filter(({ id, state }) => ids.has(id) && id !== "webchat" && state === "active");
    return { name: "channels loaded at a stock start", ours: loaded.length, unit: "plugins", goal: { value: 0 } };
  });
}

async function figuresOf(kit: ChannelKit): Promise<Figure[]> {
  const network = await kit.start();
  const { channel } = kit;
  try {
    return await withGateway(baseOf(network), network, async (client, { pid }) => {
      await delay(SETTLED_MS);
      const [cpuBefore, rssBefore] = [cpuMs(pid), rssKib(pid)];
      const startedAt = performance.now();
      await configure(client, { channels: { [channel]: sectionOf(network, PEOPLE) } });
      await connected(client, channel);
      const activationMs = performance.now() - startedAt;
      await delay(SETTLED_MS);
      const activationCpuMs = cpuMs(pid) - cpuBefore;
      const mib = (rssKib(pid) - rssBefore) / 1_024;
      for (let n = 0; n < WARM_UP; n++) await answerMs(network, n);
      const times: number[] = [];
      const cpuAt = cpuMs(pid);
      for (let n = WARM_UP; n < WARM_UP + MESSAGES; n++) times.push(await answerMs(network, n));
      const cpu = (cpuMs(pid) - cpuAt) / MESSAGES;
      return [
        {
          name: `${channel}: until connected, from config.set`,
          ours: activationMs,
          unit: "ms",
          goal: { value: 1_000 },
        },
        { name: `${channel}: CPU of that`, ours: activationCpuMs, unit: "ms", goal: { value: 1_000 } },
        { name: `${channel}: resident memory of that`, ours: mib, unit: "MiB", goal: { value: 60 } },
        { name: `${channel}: message to answer, p50`, ours: median(times), unit: "ms", goal: { value: 15 } },
        { name: `${channel}: CPU per message`, ours: cpu, unit: "ms", goal: { value: 12 } },
      ];
    });
  } finally {
    await network.close();
  }
}

/** Somebody writes and is answered. Both happen in this process; it looks for the answer in every turn of its loop. */
async function answerMs(network: KitNetwork, number: number): Promise<number> {
  const arrived = () => network.arrived?.() ?? network.sent().length;
  const before = arrived();
  const deadline = performance.now() + WITHIN_MS;
  const startedAt = performance.now();
  await network.says({ from: 1 + (number % PEOPLE), text: `bench message ${number}.` });
  while (arrived() === before) {
    if (performance.now() > deadline) throw new Error(`message ${number} was not answered within ${WITHIN_MS} ms`);
    await turn();
  }
  const ms = performance.now() - startedAt;
  await delay(Math.max(0, APART_MS - ms));
  return ms;
}

/** Many people at once: how much comes through, and in which order. */
async function loadFigures(kit: ChannelKit): Promise<Figure[]> {
  const network = await kit.start();
  const { channel, perSecond, seconds, people } = LOAD;
  const count = perSecond * seconds;
  try {
    const config = { ...baseOf(network), channels: { [channel]: sectionOf(network, people) } };
    return await withGateway(config, network, async (client, { pid }) => {
      await connected(client, channel);
      const cpuAt = cpuMs(pid);
      const startedAt = performance.now();
      for (let said = 0; said < count; await delay(5)) {
        const due = Math.min(count, ((performance.now() - startedAt) * perSecond) / 1_000);
        for (; said < due; said++) await network.says({ from: 1 + (said % people), text: `bench message ${said}.` });
      }
      const deadline = performance.now() + WITHIN_MS;
      while (network.sent().length < count && performance.now() < deadline) await delay(20);
      const ms = performance.now() - startedAt;
      const cpu = (cpuMs(pid) - cpuAt) / count;
      const rate = (network.sent().length * 1_000) / ms;
      const name = `${channel} at ${perSecond} messages/s`;
      return [
        // The last ones have a moment to come through.
        { name: `${name}: answered`, ours: rate, unit: "1/s", goal: { least: perSecond * 0.98 } },
        { name: `${name}: out of order`, ours: outOfOrder(network), unit: "messages", goal: { value: 0 } },
        { name: `${name}: CPU per message`, ours: cpu, unit: "ms", goal: { value: 5 } },
      ];
    });
  } finally {
    await network.close();
  }
}

/** Answers to one person that stand behind the answer to a later message, or stand there twice. */
function outOfOrder(network: KitNetwork): number {
  const last = new Map<string, number>();
  return network.sent().filter(({ to, text }) => {
    const number = Number(/bench message (\d+)\./.exec(text)?.[1]);
    const before = last.get(to) ?? -1;
    last.set(to, Math.max(before, number));
    return !(number > before);
  }).length;
}

function baseOf(network: KitNetwork): object {
  return {
    session: { dmScope: "per-channel-peer" },
    // Every message has a turn of its own, and a burst of strangers is the load here.
    messages: { flood: false, queue: { mode: "followup" } },
    ...network.config,
  };
}

function sectionOf(network: KitNetwork, people: number): object {
  const allowFrom = Array.from({ length: people }, (_, index) => network.person(index + 1));
  return { ...network.section, dmPolicy: "allowlist", allowFrom };
}

async function configure(client: RawClient, change: object): Promise<void> {
  const { hash, raw } = (await client.request("config.get")) as { readonly hash: string; readonly raw: string };
  // A patch would start the gateway anew.
  const config = { ...(JSON.parse(raw) as object), ...change };
  await client.request("config.set", { raw: JSON.stringify(config), baseHash: hash });
}

async function connected(client: RawClient, channel: string): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const { channelAccounts } = (await client.request("channels.status")) as {
      readonly channelAccounts: Readonly<Record<string, readonly { connected: boolean; lastError: string | null }[]>>;
    };
    const account = channelAccounts[channel]?.[0];
    if (account?.connected) return;
    if (performance.now() > deadline)
      throw new Error(`${channel} is not connected: ${account?.lastError ?? "unknown"}`);
    await delay(5);
  }
}

async function withGateway<T>(
  config: object,
  network: KitNetwork | undefined,
  work: (client: RawClient, server: Server) => Promise<T>,
): Promise<T> {
  const home = freshHome(config);
  await network?.prepare?.(join(home, ".openclaw"));
  // A network that asks for it has put its certificate among those of this process.
  const authorities = join(home, "authorities.pem");
  writeFileSync(authorities, getCACertificates("default").join("\n"));
  const server = await startGateway({}, home, { NODE_EXTRA_CA_CERTS: authorities });
  const client = await RawClient.connect(server.url);
  try {
    return await work(client, server);
  } finally {
    client.close();
    await server.stop();
    removeHome(home);
  }
}
