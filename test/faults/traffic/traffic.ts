import { setTimeout as delay } from "node:timers/promises";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startGateway, testHome } from "../../support/command-line.ts";
import type { Running } from "../../support/command-line.ts";
import { Random } from "../random.ts";
import { connect } from "../sweep.ts";
import { keyedNetwork, LOOP } from "./keyed.ts";
import { ledgerOf } from "./ledger.ts";
import type { Ledger, Trace } from "./ledger.ts";
import type { Network, Numbered } from "./network.ts";
import { Reloads } from "./reloads.ts";
import { telegramNetwork } from "./telegram.ts";

/** Of so many messages, and conversations, one is of the network that offers a key. */
const KEYED_OF = 5;
const STEP_MS = 20;
const TRACES_AT_ONCE = 32;
/** Messages that are written at once before each kill. */
const BURST = 100;
/** Longest wait between the message at which a gateway dies and its death. */
const SLACK_MS = 400;

/** A gateway that is killed again and again would begin to look for the plugin that does it. */
const UNSAFE = ["--no-safe-mode"];

export interface TrafficOptions {
  readonly seed: number;
  /** More than a hundred for each kill. */
  readonly messages: number;
  readonly kills: number;
  readonly perSecond: number;
  readonly conversations: number;
  /** Given up after so long, with the gateways taken down. */
  readonly limitMs: number;
}

export interface TrafficResult {
  readonly ledgers: readonly Ledger[];
  readonly reloads: Readonly<Record<string, number>>;
  readonly kills: number;
  readonly ms: number;
  /** Everything that broke a promise. */
  readonly faults: readonly string[];
}

/**
 * People write numbered messages at a steady rate while plugins are reloaded every second, and the gateway is killed now
 * and then. In the end what people saw is held against what is recorded.
 */
export async function traffic(options: TrafficOptions): Promise<TrafficResult> {
  const { seed, messages, kills, limitMs } = options;
  const startedAt = performance.now();
  const leftMs = () => Math.max(0, limitMs - (performance.now() - startedAt));
  const random = new Random(seed);
  await using telegram = await telegramNetwork();
  await using keyed = await keyedNetwork(random);
  const networks = [telegram, keyed];
  using home = await testHome(configOf(networks));
  const people = new People(networks, options);
  const reloads = new Reloads();
  const faults: string[] = [];
  const writing = people.write();
  for (let kill = 1; kill <= kills; kill++) {
    await using gateway = await startGateway(home, UNSAFE);
    await using watch = await reloads.watch(await connect(home), await connect(home));
    await answered(networks, (messages * kill) / (kills + 1), gateway, leftMs());
    await moment(kill, people, networks, random, leftMs());
    watch.expectClose();
    gateway.kill("SIGKILL");
    const { signal, stderr } = await gateway.ended;
    if (signal !== "SIGKILL") throw new Error(`the gateway ended by itself: ${stderr}`);
  }
  await using last = await startGateway(home, UNSAFE);
  const client = await connect(home);
  {
    await using _watch = await reloads.watch(await connect(home), await connect(home));
    await writing;
    await settled(client, networks, last, leftMs());
  }
  await reloads.unrelated(client, networks);
  const ledgers: Ledger[] = [];
  for (const network of networks) {
    const written = people.of(network);
    ledgers.push(ledgerOf(network, written, await tracesOf(client, written)));
  }
  await client.close();
  last.kill("SIGTERM");
  const { code } = await last.ended;
  if (code !== 0) faults.push(`the last gateway ended with ${code}`);
  return {
    ledgers,
    reloads: reloads.counts,
    kills,
    ms: performance.now() - startedAt,
    faults: [...faults, ...reloads.faults, ...ledgers.flatMap((ledger) => ledger.faults)],
  };
}

function configOf(networks: readonly Network[]): object {
  return {
    channels: Object.fromEntries(networks.map(({ channel, section }) => [channel, section])),
    plugins: { load: { paths: [LOOP] }, entries: { loop: { enabled: true } } },
    session: { dmScope: "per-channel-peer" },
    // Here a burst of strangers is the load, not an attack; and the ledger counts one answer per message.
    messages: { flood: false, queue: { mode: "followup" } },
    logging: { level: "warn" },
  };
}

/** Who writes: each conversation in the order of its numbers, whatever the gateway does meanwhile. */
class People {
  readonly #networks: readonly Network[];
  readonly #options: TrafficOptions;
  readonly #written: ReadonlyMap<Network, Numbered[]>;
  #next = 0;

  constructor(networks: readonly Network[], options: TrafficOptions) {
    this.#networks = networks;
    this.#options = options;
    this.#written = new Map(networks.map((network) => [network, []]));
  }

  of(network: Network): readonly Numbered[] {
    return this.#written.get(network) ?? [];
  }

  /** All but the bursts. */
  async write(): Promise<void> {
    const { messages, kills, perSecond } = this.#options;
    const count = messages - kills * BURST;
    const startedAt = performance.now();
    for (let said = 0; said < count; await delay(STEP_MS)) {
      const due = Math.min(count, ((performance.now() - startedAt) * perSecond) / 1_000);
      for (; said < due; said++) this.#say();
    }
  }

  burst(): void {
    for (let said = 0; said < BURST; said++) this.#say();
  }

  #say(): void {
    const number = ++this.#next;
    const network = this.#networks[number % KEYED_OF === 0 ? 1 : 0] as Network;
    const conversation = number % this.#options.conversations;
    const message = { number, conversation, messageId: network.idOf(number) };
    this.#written.get(network)?.push(message);
    network.write(message);
  }
}

/**
 * When to kill: in turn, while each network is acknowledged what was just written in a burst, and at any time. What was
 * acknowledged before it was safe would be lost.
 */
async function moment(
  kill: number,
  people: People,
  networks: readonly Network[],
  random: Random,
  withinMs: number,
): Promise<void> {
  const network = networks[(kill - 1) % (networks.length + 1)];
  const late = new AbortController();
  const acknowledged = network?.acknowledgement() ?? delay(random.below(SLACK_MS));
  people.burst();
  const tooLong = delay(withinMs, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error(`${network?.channel} acknowledged nothing within ${withinMs} ms`);
  });
  await Promise.race([acknowledged, tooLong]).finally(() => {
    tooLong.catch(() => undefined);
    late.abort();
  });
}

/** So many answers were seen. */
async function answered(
  networks: readonly Network[],
  count: number,
  gateway: Running,
  withinMs: number,
): Promise<void> {
  const seen = () => networks.reduce((sum, network) => sum + network.shown().length, 0);
  await eventually(`${count} answers`, () => seen() >= count, withinMs).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${seen()}\n${gateway.stderr().slice(-4_000)}`, { cause: error });
  });
}

/** Everything was taken, answered and sent. */
async function settled(
  client: GatewayClient,
  networks: readonly Network[],
  gateway: Running,
  withinMs: number,
): Promise<void> {
  let left = "";
  const isSettled = async () => {
    const unread = networks.reduce((sum, network) => sum + network.unacknowledged(), 0);
    const { counts } = await client.request<{ counts: Record<string, number> }>("queue.list", { limit: 1 });
    const { incoming = 0, pending = 0, attempting = 0 } = counts;
    left = `${unread} not acknowledged, ${incoming} not answered, ${pending + attempting} not sent`;
    return unread + incoming + pending + attempting === 0;
  };
  await eventually("everything comes to its end", isSettled, withinMs).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${left}\n${gateway.stderr().slice(-4_000)}`, { cause: error });
  });
}

async function tracesOf(
  client: GatewayClient,
  written: readonly Numbered[],
): Promise<ReadonlyMap<number, Trace | undefined>> {
  const traces = new Map<number, Trace | undefined>();
  const left = [...written];
  const ask = async () => {
    for (let message = left.pop(); message; message = left.pop()) {
      const { number, messageId } = message;
      // It says that it knows no such message.
      traces.set(number, await client.request<Trace>("trace.get", { id: messageId }).catch(() => undefined));
    }
  };
  await Promise.all(Array.from({ length: TRACES_AT_ONCE }, ask));
  return traces;
}
