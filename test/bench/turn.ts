import { setTimeout as delay } from "node:timers/promises";
import { GatewayClient } from "openclaw/plugin-sdk";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { cpuMs, freshHome, removeHome, startGateway, TOKEN } from "./server.ts";

const TURNS = 150;
const WARM_UP = 30;
const SESSIONS = 10;
const STARTS = 5;
const SETTLED_MS = 2_000;
const AT_ONCE = 32;
const TOKENS = 200;

/** A turn over the socket against a model that answers at once, beside asking that model directly. */
export async function turnFigures(): Promise<Figure[]> {
  await using model = await startFakeOpenAi();
  const config = modelConfig(model);
  const home = freshHome(config);
  try {
    const first = await firstTurns(home);
    const server = await startGateway({}, home);
    const client = await connect(server.url);
    try {
      for (let turn = 0; turn < WARM_UP; turn++) await timedTurn(client, turn);
      const [turns, accepted, direct]: [number[], number[], number[]] = [[], [], []];
      let cpu = 0;
      for (let turn = 0; turn < TURNS; turn++) {
        direct.push(await timed(() => askDirectly(model)));
        const before = cpuMs(server.pid);
        const { whole, untilAccepted } = await timedTurn(client, turn);
        cpu += cpuMs(server.pid) - before;
        turns.push(whole);
        accepted.push(untilAccepted);
      }
      const one = await turnsPerSecond(client, 1);
      const many = await turnsPerSecond(client, AT_ONCE);
      const passed = await passThrough(model, client);
      const warm = median(turns);
      return [
        { name: "turn beyond the model's own time, p50", ours: warm - median(direct), unit: "ms", goal: { value: 10 } },
        { name: "CPU per turn", ours: cpu / TURNS, unit: "ms", goal: { value: 12 } },
        { name: "agent to accepted, p50", ours: median(accepted), unit: "ms", goal: { value: 2 } },
        {
          name: "first turn, 2 s after a start, beside a warm one",
          ours: first,
          floor: warm,
          unit: "ms",
          goal: { ratio: 3 },
        },
        { name: `turns/s at ${AT_ONCE} over turns/s at 1`, ours: many / one, unit: "x", goal: { least: 1.2 } },
        { name: "a token's way through, p50", ours: passed, unit: "ms", goal: { value: 2 } },
      ];
    } finally {
      await client.close();
      await server.stop();
    }
  } finally {
    removeHome(home);
  }
}

async function firstTurns(home: string): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const server = await startGateway({}, home);
    const client = await connect(server.url);
    // Nobody writes in the very moment of the start.
    await delay(SETTLED_MS);
    times.push((await timedTurn(client, start)).whole);
    await client.close();
    await server.stop();
  }
  return median(times);
}

let turns = 0;

async function timedTurn(client: GatewayClient, turn: number): Promise<{ whole: number; untilAccepted: number }> {
  let untilAccepted = 0;
  const startedAt = performance.now();
  const whole = await timed(() =>
    client.request("agent", paramsOf(`bench-${turn % SESSIONS}`), {
      onAccepted: () => (untilAccepted = performance.now() - startedAt),
    }),
  );
  return { whole, untilAccepted };
}

async function turnsPerSecond(client: GatewayClient, atOnce: number): Promise<number> {
  let left = TURNS;
  const ms = await timed(() =>
    Promise.all(
      Array.from({ length: atOnce }, async (_, worker) => {
        while (left-- > 0)
          await client.request("agent", paramsOf(`load-${atOnce}-${worker}`), { onAccepted: () => undefined });
      }),
    ),
  );
  return (TURNS * 1_000) / ms;
}

/** From the moment the model writes a token until the client has it. Both are in this process. */
async function passThrough(model: FakeOpenAi, client: GatewayClient): Promise<number> {
  const times: number[] = [];
  client.on("event", ({ event, payload }) => {
    const { stream, data } = (payload ?? {}) as { stream?: string; data?: { delta?: string } };
    const at = Number(/@([\d.]+)/.exec(data?.delta ?? "")?.[1]);
    if (event === "agent" && stream === "assistant" && at > 0) times.push(performance.now() - at);
  });
  model.scripts.push(async (reply) => {
    for (let token = 0; token < TOKENS; token++) {
      reply.text(`@${performance.now()} `);
      await delay(5);
    }
    reply.end();
  });
  await client.request("agent", paramsOf("tokens"), { onAccepted: () => undefined, timeoutMs: 60_000 });
  return median(times);
}

function paramsOf(session: string): object {
  return { message: "hello", sessionKey: `agent:main:${session}`, idempotencyKey: `turn-${process.pid}-${++turns}` };
}

async function askDirectly({ baseUrl }: FakeOpenAi): Promise<void> {
  const body = JSON.stringify({ model: "fake-1", stream: true, messages: [{ role: "user", content: "hello" }] });
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  await response.text();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function connect(url: string): Promise<GatewayClient> {
  const client = new GatewayClient({
    url,
    token: TOKEN,
    client: { id: "test", version: "1", platform: "bench", mode: "test" },
  });
  await client.connect();
  return client;
}
