import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RawClient } from "./load.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { freshHome, removeHome, startGateway } from "./server.ts";

const JOBS = 1_000;
const IN_FLIGHT = 50;
const ROUNDS = 3;
const START_ROUNDS = 9;
const DAY_MS = 86_400_000;

/** Planning jobs until there are as many as there may be, and what a thousand of them cost a start. */
export async function cronFigures(): Promise<Figure[]> {
  const rates: number[] = [];
  const growth: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { perSecond, lastOverFirst } = await plan();
    rates.push(perSecond);
    growth.push(lastOverFirst);
  }
  const [none, full] = [freshHome(), freshHome()];
  writeJobs(full);
  // The first start of each home makes what later ones find.
  for (const home of [none, full]) await startMs(home);
  const without: number[] = [];
  const withJobs: number[] = [];
  for (let round = 0; round < START_ROUNDS; round++) {
    without.push(await startMs(none));
    withJobs.push(await startMs(full));
  }
  for (const home of [none, full]) removeHome(home);
  return [
    { name: `cron.add to ${JOBS} jobs`, ours: median(rates), unit: "/s", goal: { least: 500 } },
    { name: "cron.add, last tenth over first", ours: median(growth), unit: "x", goal: { value: 1.1 } },
    {
      name: `start with ${JOBS} jobs over none`,
      ours: median(withJobs),
      floor: median(without),
      unit: "ms",
      goal: { ratio: 1.05 },
    },
  ];
}

async function plan(): Promise<{ perSecond: number; lastOverFirst: number }> {
  const server = await startGateway();
  const client = await RawClient.connect(server.url);
  try {
    // The first one loads what all of them need.
    const first = (await client.request("cron.add", jobOf(0))) as { id: string };
    await client.request("cron.remove", { id: first.id });
    const took: number[] = [];
    const tenth = JOBS / 10;
    for (let begun = 0; begun < JOBS; begun += tenth) {
      const startedAt = performance.now();
      await addAll(client, begun, tenth);
      took.push(performance.now() - startedAt);
    }
    const whole = took.reduce((sum, ms) => sum + ms, 0);
    return { perSecond: (JOBS * 1_000) / whole, lastOverFirst: (took.at(-1) as number) / (took[0] as number) };
  } finally {
    client.close();
    await server.stop();
    if (server.home !== undefined) removeHome(server.home);
  }
}

async function addAll(client: RawClient, from: number, count: number): Promise<void> {
  let next = from;
  const work = async () => {
    while (next < from + count) await client.request("cron.add", jobOf(next++));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}

function jobOf(number: number): object {
  return {
    name: `job ${number}`,
    schedule: { kind: "cron", expr: `${number % 60} ${number % 24} * * *`, tz: "UTC" },
    payload: { kind: "agentTurn", message: `what is new in matter ${number}?` },
    delivery: { mode: "announce", channel: "telegram", to: String(number) },
  };
}

/** As a gateway has left them: with the time at which each comes next. */
function writeJobs(home: string): void {
  const now = Date.now();
  const jobs = Array.from({ length: JOBS }, (_, number) => ({
    id: `job-${number}`,
    enabled: true,
    createdAtMs: now,
    updatedAtMs: now,
    sessionTarget: "isolated",
    wakeMode: "now",
    ...jobOf(number),
    state: { nextRunAtMs: now + DAY_MS + number * 1_000 },
  }));
  const folder = join(home, ".openclaw", "cron");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "jobs.json"), JSON.stringify({ version: 1, jobs }, null, 2), { mode: 0o600 });
}

/** From spawn to the first answer about jobs that are not asked for: the login. */
async function startMs(home: string): Promise<number> {
  const startedAt = performance.now();
  const server = await startGateway({}, home);
  const client = await RawClient.connect(server.url);
  const ms = performance.now() - startedAt;
  client.close();
  await server.stop();
  return ms;
}
