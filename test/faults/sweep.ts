import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { GatewayClient } from "openclaw/plugin-sdk";
import { start, testHome, TOKEN } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";
import { balance, countsText, isSettled } from "./balance.ts";
import type { Balance, End, Written } from "./balance.ts";
import { Platform } from "./platform.ts";
import { Random } from "./random.ts";

export const CHANNELS = ["loop-key", "loop-look", "loop-none"] as const;
const LOOP = join(import.meta.dirname, "loop");
const ENDS_MS = 30_000;
/** Faults of one run that its line names. */
const MOST_TOLD = 6;
const POLL_MS = 20;
/** Between the loss of a connection and the news that the process is gone. */
const DEATH_MS = 5_000;

export interface SweepOptions {
  readonly seed: number;
  /** At which durable step each of the gateways before the last one dies, counted from its start. */
  readonly kills: readonly number[];
  readonly conversations?: number;
  readonly messages?: number;
  readonly mischief?: { readonly doubled: number; readonly lostAcks: number };
}

export interface SweepResult extends Balance {
  readonly seed: number;
  /** Steps at which a gateway died; those it did not reach are not among them. */
  readonly died: readonly number[];
  /** Durable steps that the last gateway took; only when it was asked to count. */
  readonly steps: number;
}

/** A switch that is never reached: the gateway only counts. */
const COUNT = 1_000_000_000;

/**
 * One run: people and a client write, the gateway dies where it is told, comes back, gets everything again that was
 * not acknowledged, and in the end what it recorded is held against what people saw.
 */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const { seed, kills, conversations = 3, messages = 4, mischief = { doubled: 0.2, lostAcks: 0.1 } } = options;
  const random = new Random(seed);
  await using platform = await Platform.open(random, mischief);
  using home = await testHome(configOf(platform.port));
  const written = interleaved(random, conversations, messages);
  const asked = chatOf(2, messages);
  for (const { channel, ...message } of written) platform.write(channel, message);
  const died: number[] = [];
  for (const kill of kills) {
    await using gateway = await start(home, ["gateway"], { env: { OPENCLAW_TEST_KILL_AT: String(kill) } });
    if (await worksUntilDeath(gateway, home, written, asked)) died.push(kill);
  }
  await using last = await start(home, ["gateway"], { env: { OPENCLAW_TEST_KILL_AT: String(COUNT) } });
  await last.prints(/ready \(\d+ ms\)/);
  const client = await connect(home);
  try {
    const ends = await work(client, written, asked);
    const found = balance(written, ends, platform.shown);
    const { passed } = await client.request<{ passed: number }>("loop.points");
    const chatFaults = await chatBalance(client, asked);
    const lostAcks = written.filter(({ messageId }) => !platform.acknowledged.has(messageId)).length;
    // Whatever is not acknowledged will be told again; here only a lost acknowledgement can be the reason.
    if (mischief.lostAcks === 0 && lostAcks > 0) chatFaults.push(`${lostAcks} messages were never acknowledged`);
    await client.close();
    last.kill("SIGTERM");
    const { code } = await last.ended;
    if (code !== 0) chatFaults.push(`the last gateway ended with ${code}`);
    return { ...found, faults: [...found.faults, ...chatFaults, ...filesIn(home)], seed, died, steps: passed };
  } finally {
    await client.close();
  }
}

/** One line of the ledger. */
export function ledgerLine({ seed, died, accepted, ends, entries, shown, faults }: SweepResult): string {
  const deaths = died.length > 0 ? `died at ${died.join(" and ")}` : "did not die";
  const verdict =
    faults.length === 0 ? "balanced" : `${faults.length} FAULTS: ${faults.slice(0, MOST_TOLD).join("; ")}`;
  return `seed ${seed}: ${deaths}; accepted ${accepted}; ends: ${countsText(ends)}; answers: ${countsText(entries)}; shown ${shown}; ${verdict}`;
}

export function configOf(port: number): object {
  const channel = { port, groupPolicy: "open" };
  return {
    channels: Object.fromEntries(CHANNELS.map((id) => [id, channel])),
    plugins: { load: { paths: [LOOP] }, entries: { loop: { enabled: true } } },
    // Here a burst of strangers is the load, not an attack.
    // The balance counts one answer per message.
    messages: { flood: false, queue: { mode: "followup" } },
    logging: { level: "warn" },
  };
}

/** Messages of several conversations on each channel, mixed, each conversation in its order. */
export function interleaved(random: Random, conversations: number, messages: number): Written[] {
  const rows = CHANNELS.flatMap((channel) =>
    Array.from({ length: conversations }, (_, room) =>
      Array.from({ length: messages }, (__, number) => ({
        channel,
        chatId: `room-${room}`,
        messageId: `${channel}-${room}-${number}`,
        text: `number ${number} of room ${room}`,
      })),
    ),
  );
  const mixed: Written[] = [];
  for (let left = rows.filter((row) => row.length > 0); left.length > 0; left = left.filter((row) => row.length > 0)) {
    mixed.push((left[random.below(left.length)] as Written[]).shift() as Written);
  }
  return mixed;
}

interface Asked {
  readonly sessionKey: string;
  readonly message: string;
  readonly idempotencyKey: string;
}

function chatOf(sessions: number, messages: number): Asked[] {
  return Array.from({ length: messages }, (_, number) =>
    Array.from({ length: sessions }, (__, session) => ({
      sessionKey: `chat-${session}`,
      message: `question ${number} of chat ${session}`,
      idempotencyKey: `key-${session}-${number}`,
    })),
  ).flat();
}

/** True when the gateway died; false when it had done everything before. */
async function worksUntilDeath(
  gateway: Running,
  home: TestHome,
  written: readonly Written[],
  asked: readonly Asked[],
): Promise<boolean> {
  let isDead = false;
  const death = gateway.ended.then(() => (isDead = true));
  const working = (async () => {
    await gateway.prints(/ready \(\d+ ms\)/);
    const client = await connect(home);
    try {
      await work(client, written, asked);
    } finally {
      await client.close();
    }
  })().catch(async (error: unknown) => {
    // A killed gateway takes the connection with it; anything else that goes wrong is ours to know.
    await Promise.race([death, delay(DEATH_MS, undefined, { ref: false })]);
    if (!isDead) throw error;
  });
  await Promise.race([death, working]);
  const wasKilled = isDead;
  if (!wasKilled) gateway.kill("SIGKILL");
  const { code, signal } = await gateway.ended;
  await working;
  if (signal !== "SIGKILL") throw new Error(`the gateway ended with ${code ?? signal}: ${gateway.stderr()}`);
  return wasKilled;
}

/** Ask everything again that was asked before, and wait until all has come to its end. */
async function work(client: GatewayClient, written: readonly Written[], asked: readonly Asked[]): Promise<End[]> {
  const ask = () => Promise.all(asked.map((params) => client.request<{ status: string }>("chat.send", params)));
  await ask();
  await until("the chats' answers", async () => (await ask()).every(({ status }) => status === "ok") || undefined);
  return until("the ends of all messages", async () => {
    const ends = await endsOf(client, written);
    return isSettled(ends) ? ends : undefined;
  });
}

/** Unlike `eventually`, a throw is no "not yet": the gateway is gone. */
async function until<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + ENDS_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${ENDS_MS} ms`);
    await delay(POLL_MS);
  }
}

export async function endsOf(client: GatewayClient, written: readonly Written[]): Promise<End[]> {
  const byMessage = new Map<Written, End>();
  for (const channel of CHANNELS) {
    const mine = written.filter((message) => message.channel === channel);
    const messages = mine.map(({ messageId, chatId, text }) => ({ messageId, chatId, text }));
    const { ends } = await client.request<{ ends: End[] }>("loop.ends", { channel, messages });
    for (const [index, message] of mine.entries()) byMessage.set(message, ends[index] as End);
  }
  return written.map((message) => byMessage.get(message) as End);
}

/** Each question stands once in its session, in order, with its answer after it. */
async function chatBalance(client: GatewayClient, asked: readonly Asked[]): Promise<string[]> {
  const faults: string[] = [];
  for (const sessionKey of new Set(asked.map((one) => one.sessionKey))) {
    const { messages } = await client.request<{ messages: { role: string; content: { text: string }[] }[] }>(
      "chat.history",
      { sessionKey, limit: 1_000 },
    );
    const mine = asked.filter((one) => one.sessionKey === sessionKey);
    const found = messages.map(({ role, content }) => `${role}: ${excerpt(content[0]?.text ?? "")}`);
    const wanted = mine.flatMap(({ message }) => [`user: ${message}`, `assistant: ${message}`]);
    if (found.join("\n") !== wanted.join("\n")) faults.push(`${sessionKey} holds ${JSON.stringify(found)}`);
  }
  return faults;
}

function excerpt(text: string): string {
  return /question \d+ of chat \d+/.exec(text)?.[0] ?? text;
}

/**
 * Files of the state directory that a person would have to mend or clear away (I4, I6). What a killed writer left of a
 * new version goes by itself when it is an hour old.
 */
function filesIn(home: TestHome): string[] {
  const names = readdirSync(home.stateDir, { recursive: true }) as string[];
  const left = names.filter((name) => /\.lock$|\.corrupt-/.test(name)).map((name) => `left behind: ${name}`);
  const torn = names.filter((name) => name.endsWith(".jsonl") && !isWhole(join(home.stateDir, name)));
  return [...left, ...torn.map((name) => `not readable: ${name}`)];
}

function isWhole(file: string): boolean {
  try {
    for (const line of readFileSync(file, "utf8").trimEnd().split("\n")) JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

export async function connect({ port }: TestHome): Promise<GatewayClient> {
  const client = new GatewayClient({
    url: `ws://127.0.0.1:${port}`,
    token: TOKEN,
    client: { id: "test", version: "1", platform: "test", mode: "test" },
  });
  await client.connect();
  return client;
}
