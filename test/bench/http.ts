import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { cpuMs, freshHome, removeHome, rssKib, startGateway, TOKEN } from "./server.ts";
import type { Server } from "./server.ts";

const TURNS = 150;
const WARM_UP = 30;
const AT_ONCE = 64;
const ROUNDS = 5;
const HELLO = "Hello from the fake model.";
const BODY = { model: "openclaw", messages: [{ role: "user", content: "hello" }] };

/** `/v1/chat/completions` against a model that answers at once, beside asking that model directly. */
export async function httpFigures(): Promise<Figure[]> {
  await using model = await startFakeOpenAi();
  const http = { endpoints: { chatCompletions: { enabled: true } } };
  const home = freshHome({ ...modelConfig(model), gateway: { mode: "local", auth: { token: TOKEN }, http } });
  const server = await startGateway({}, home);
  try {
    const url = `${server.url.replace(/^ws/, "http").replace(/\/$/, "")}/v1/chat/completions`;
    for (let turn = 0; turn < WARM_UP; turn++) await timed(url, turn % 2 === 0);
    const [plain, first, direct, directFirst]: [number[], number[], number[], number[]] = [[], [], [], []];
    let cpu = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      const asked = await timed(`${model.baseUrl}/chat/completions`, true);
      direct.push(asked.whole);
      directFirst.push(asked.first);
      const before = cpuMs(server.pid);
      plain.push((await timed(url, false)).whole);
      cpu += cpuMs(server.pid) - before;
      first.push((await timed(url, true)).first);
    }
    return [
      {
        name: "chat completion beyond the model's own time, p50",
        ours: median(plain) - median(direct),
        unit: "ms",
        goal: { value: 10 },
      },
      { name: "CPU per chat completion", ours: cpu / TURNS, unit: "ms", goal: { value: 12 } },
      {
        name: "first token of a stream beyond the model's own, p50",
        ours: median(first) - median(directFirst),
        unit: "ms",
        goal: { value: 5 },
      },
      ...(await manyStreams(url, server)),
    ];
  } finally {
    await server.stop();
    removeHome(home);
  }
}

/** All at once, several times: is every one whole, how many a second, and what do they leave in memory? */
async function manyStreams(url: string, server: Server): Promise<Figure[]> {
  let lost = 0;
  const rates: number[] = [];
  const before = rssKib(server.pid);
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const texts = await Promise.all(Array.from({ length: AT_ONCE }, () => timed(url, true).then(({ text }) => text)));
    rates.push((AT_ONCE * 1_000) / (performance.now() - startedAt));
    lost += texts.filter((text) => text !== HELLO).length;
  }
  return [
    { name: `streams of ${ROUNDS} x ${AT_ONCE} that were not whole`, ours: lost, unit: "", goal: { value: 0 } },
    { name: `streams/s, ${AT_ONCE} at once`, ours: median(rates), unit: "/s", goal: { least: 40 } },
    {
      name: `memory after ${ROUNDS} x ${AT_ONCE} streams`,
      ours: (rssKib(server.pid) - before) / 1_024,
      unit: "MiB",
      goal: { value: 150 },
    },
  ];
}

/** One request: when its first text was there, when all of it, and what it was. */
async function timed(url: string, stream: boolean): Promise<{ first: number; whole: number; text: string }> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ ...BODY, stream }),
  });
  if (response.status !== 200) return { first: 0, whole: 0, text: `${response.status} ${await response.text()}` };
  if (!stream) {
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    const whole = performance.now() - startedAt;
    return { first: whole, whole, text: choices[0]?.message.content ?? "" };
  }
  let first = 0;
  let raw = "";
  for await (const part of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    raw += part;
    if (first === 0 && raw.includes("Hello")) first = performance.now() - startedAt;
  }
  return { first, whole: performance.now() - startedAt, text: textOf(raw) };
}

function textOf(raw: string): string {
  const events = raw.split("\n\n").filter((event) => event.startsWith("data: {"));
  const chunks = events.map((event) => JSON.parse(event.slice(6)) as { choices?: { delta?: { content?: string } }[] });
  return chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? "").join("");
}
