import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RawClient } from "./load.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { cpuMs, freshHome, removeHome, rssKib, ROOT, startGateway } from "./server.ts";
import type { Server } from "./server.ts";

const BURSTS = 5;
const BURST = 3_000;
const TURNS = 400;
const ROUNDS = 5;
const MANY_SESSIONS = 10_000;
const LONG_LINES = 10_000;
const FEW_MESSAGES = 1_000;
const MANY_MESSAGES = 100_000;
/** On a machine that is too slow for so many, as many as there is time for. */
const MEMORY_MS = 230_000;

const CHATTER = {
  // Every message has a turn of its own.
  messages: { queue: { mode: "followup" } },
  plugins: { load: { paths: [join(ROOT, "test", "bench", "chatter")] }, entries: { chatter: { enabled: true } } },
};

/** People who write faster than they are answered: what came meanwhile is answered together. */
const CROWD = { ...CHATTER, messages: { queue: { mode: "collect", debounceMs: 0 } } };

/** What it costs to take messages in, to answer them, and to keep many of them. */
export async function deliveryFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const measure of [
    () => acceptFigure("process"),
    () => acceptFigure("full"),
    answerFigure,
    manySessionsFigure,
    longTranscriptFigure,
    listFigure,
    historyFigure,
    startFigure,
  ]) {
    const figure = await measure();
    process.stderr.write(`  ${figure.name}: ${figure.ours.toFixed(2)} ${figure.unit}\n`);
    figures.push(figure);
  }
  return figures;
}

async function acceptFigure(durability: "process" | "full"): Promise<Figure> {
  const rates: number[] = [];
  await withGateway({ ...CHATTER, store: { durability } }, freshHome, async (client) => {
    for (let burst = 0; burst < BURSTS; burst++) {
      const { ms } = await ask<{ ms: number }>(client, "chatter.burst", { count: BURST, chats: 100 });
      rates.push((BURST * 1_000) / ms);
    }
  });
  const goal = durability === "process" ? { least: 3_000 } : { least: 0 };
  return { name: `accepted at durability ${durability}, a burst`, ours: median(rates), unit: "1/s", goal };
}

async function answerFigure(): Promise<Figure> {
  let times: number[] = [];
  await withGateway(CHATTER, freshHome, async (client) => {
    await talk(client, { count: TURNS, chats: 10 });
    times = await talk(client, { count: TURNS, chats: 10 });
  });
  return {
    name: "accepted to answer committed, offline model, p50",
    ours: median(times),
    unit: "ms",
    goal: { value: 5 },
  };
}

async function manySessionsFigure(): Promise<Figure> {
  const [many, few] = await costs([homeWithSessions(MANY_SESSIONS), homeWithSessions(10)], { chats: 10 });
  return { name: "CPU per message, 10,000 sessions over 10", ours: many, floor: few, unit: "ms", goal: { ratio: 1.2 } };
}

async function longTranscriptFigure(): Promise<Figure> {
  const [long, short] = await costs([homeWithTranscript(LONG_LINES), homeWithTranscript(200)], { chats: 1 });
  return {
    name: "CPU per message, transcript of 10,000 lines over 200",
    ours: long,
    floor: short,
    unit: "ms",
    goal: { ratio: 1.2 },
  };
}

/** CPU time per message of two gateways, measured in turns. */
async function costs(homes: readonly [string, string], load: object): Promise<[number, number]> {
  const results: [number[], number[]] = [[], []];
  await withGateway(
    CHATTER,
    () => homes[0],
    (left, first) =>
      withGateway(
        CHATTER,
        () => homes[1],
        async (right, second) => {
          for (const client of [left, right]) await talk(client, { count: TURNS, ...load });
          for (let round = 0; round < ROUNDS; round++) {
            for (const [index, client, server] of [
              [0, left, first],
              [1, right, second],
            ] as const) {
              const before = cpuMs(server.pid);
              await talk(client, { count: TURNS, ...load });
              results[index].push((cpuMs(server.pid) - before) / TURNS);
            }
          }
        },
      ),
  );
  return [median(results[0]), median(results[1])];
}

async function listFigure(): Promise<Figure> {
  const [many, few] = await requestCosts([homeWithSessions(MANY_SESSIONS), homeWithSessions(1_000)], "sessions.list", {
    limit: 50,
  });
  return {
    name: "CPU per sessions.list of 50, 10,000 over 1,000",
    ours: many,
    floor: few,
    unit: "ms",
    goal: { ratio: 2 },
  };
}

async function historyFigure(): Promise<Figure> {
  const params = { sessionKey: "agent:main:chat-0", limit: 200 };
  const [many, few] = await requestCosts(
    [homeWithTranscript(LONG_LINES), homeWithTranscript(100)],
    "chat.history",
    params,
  );
  return {
    name: "CPU per chat.history of 200, 10,000 lines over 100",
    ours: many,
    floor: few,
    unit: "ms",
    goal: { ratio: 2 },
  };
}

async function requestCosts(
  homes: readonly [string, string],
  method: string,
  params: object,
): Promise<[number, number]> {
  const results: [number[], number[]] = [[], []];
  const requests = 300;
  await withGateway(
    CHATTER,
    () => homes[0],
    (left, first) =>
      withGateway(
        CHATTER,
        () => homes[1],
        async (right, second) => {
          const run = async (client: RawClient) => {
            for (let n = 0; n < requests; n++) await client.request(method, params);
          };
          for (const client of [left, right]) await run(client);
          for (let round = 0; round < ROUNDS; round++) {
            for (const [index, client, server] of [
              [0, left, first],
              [1, right, second],
            ] as const) {
              const before = cpuMs(server.pid);
              await run(client);
              results[index].push((cpuMs(server.pid) - before) / requests);
            }
          }
        },
      ),
  );
  return [median(results[0]), median(results[1])];
}

async function startFigure(): Promise<Figure> {
  const homes = [homeWithSessions(MANY_SESSIONS), freshHome(CHATTER)] as const;
  const times: [number[], number[]] = [[], []];
  // The first start takes the sessions over.
  for (const home of homes) await (await startGateway({}, home)).stop();
  for (let round = 0; round < 9; round++) {
    for (const index of [0, 1] as const) {
      const startedAt = performance.now();
      const server = await startGateway({}, homes[index]);
      const client = await RawClient.connect(server.url);
      times[index].push(performance.now() - startedAt);
      client.close();
      await server.stop();
    }
  }
  for (const home of homes) removeHome(home);
  return {
    name: "spawn to hello-ok, 10,000 sessions over none",
    ours: median(times[0]),
    floor: median(times[1]),
    unit: "ms",
    goal: { ratio: 1.1 },
  };
}

/** What stays in memory of messages that are done with. A run of its own, because it takes minutes. */
export async function memoryFigures(): Promise<Figure[]> {
  let [few, many, done] = [0, 0, 0];
  let [fewHeld, manyHeld] = [0, 0];
  await withGateway(CROWD, freshHome, async (client, { pid, home }) => {
    const say = async () => {
      await talk(client, { count: FEW_MESSAGES, chats: 64, atOnce: 256 });
      done += FEW_MESSAGES;
    };
    const heldMib = async () => (await ask<{ bytes: number }>(client, "chatter.held", {})).bytes / 1_048_576;
    await say();
    few = await settledMib(pid);
    fewHeld = await heldMib();
    const until = performance.now() + MEMORY_MS;
    while (done < MANY_MESSAGES && performance.now() < until) {
      await say();
      if (done % 10_000 === 0) process.stderr.write(`  ${done} messages: ${(rssKib(pid) / 1024).toFixed(0)} MiB\n`);
    }
    many = await settledMib(pid);
    manyHeld = await heldMib();
    const file = statSync(join(home as string, ".openclaw", "openclaw.sqlite"), { throwIfNoEntry: false });
    process.stderr.write(`  the store has ${((file?.size ?? 0) / 1e6).toFixed(0)} MB\n`);
  });
  const after = `after ${done.toLocaleString("en")} messages over 1,000`;
  return [
    { name: `memory in use, ${after}`, ours: manyHeld, floor: fewHeld, unit: "MiB", goal: { ratio: 1.2 } },
    { name: `resident memory, ${after}`, ours: many, floor: few, unit: "MiB", goal: { ratio: 1.2 } },
  ];
}

/** Resident memory when nothing happens any more; the collector takes its time. */
async function settledMib(pid: number): Promise<number> {
  const seen: number[] = [];
  for (let look = 0; look < 10; look++) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    seen.push(rssKib(pid) / 1024);
  }
  return Math.min(...seen);
}

async function talk(client: RawClient, load: object): Promise<number[]> {
  return (await ask<{ times: number[] }>(client, "chatter.talk", load)).times;
}

function ask<T>(client: RawClient, method: string, params: object): Promise<T> {
  // The answer of a plugin of ours.
  return client.request(method, params) as Promise<T>;
}

async function withGateway(
  config: object,
  home: (config: object) => string,
  work: (client: RawClient, server: Server) => Promise<void>,
): Promise<void> {
  const folder = home(config);
  const server = await startGateway({}, folder);
  const client = await RawClient.connect(server.url);
  try {
    await work(client, server);
  } finally {
    client.close();
    await server.stop();
    removeHome(folder);
  }
}

/** A home as another program left it, with so many sessions. */
function homeWithSessions(count: number): string {
  const now = Date.now();
  const entries = Array.from({ length: count }, (_, n) => [
    `agent:main:chat-${n}`,
    { sessionId: sessionId(n), updatedAt: now - n, chatType: "direct" },
  ]);
  return homeWith({ "sessions.json": JSON.stringify(Object.fromEntries(entries)) });
}

/** A home with one session whose transcript has so many lines. */
function homeWithTranscript(lines: number): string {
  const id = sessionId(0);
  const at = "2026-01-29T08:11:42.018Z";
  const header = {
    type: "session",
    version: 3,
    id,
    timestamp: at,
    cwd: "/",
    sessionKey: "agent:main:chat-0",
    agentId: "main",
  };
  const messages = Array.from({ length: lines - 1 }, (_, n) => {
    const role = n % 2 === 0 ? "user" : "assistant";
    const content = [{ type: "text", text: `line ${n} of a long talk about nothing in particular` }];
    const more = role === "user" ? {} : { api: "offline", provider: "offline", model: "responder", stopReason: "stop" };
    return {
      type: "message",
      role,
      id: (n + 1).toString(16).padStart(8, "0"),
      parentId: n === 0 ? null : n.toString(16).padStart(8, "0"),
      timestamp: at,
      message: { role, content, ...more, timestamp: 1_769_674_302_018 },
    };
  });
  return homeWith({
    "sessions.json": JSON.stringify({ "agent:main:chat-0": { sessionId: id, updatedAt: Date.now() } }),
    [`${id}.jsonl`]: `${[header, ...messages].map((line) => JSON.stringify(line)).join("\n")}\n`,
  });
}

function homeWith(files: Readonly<Record<string, string>>): string {
  const home = freshHome(CHATTER);
  const folder = join(home, ".openclaw", "agents", "main", "sessions");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  return home;
}

function sessionId(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}
