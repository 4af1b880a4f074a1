import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { createTestHost, eventually } from "openclaw/plugin-sdk/testing";
import type { TestHost } from "openclaw/plugin-sdk/testing";
import tts from "../../plugins/methods/tts/index.ts";
import { startLab } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { startToolBench } from "../tools/bench.ts";

interface Spoken {
  readonly audioPath: string;
  readonly provider: string;
  readonly outputFormat: string;
  readonly voiceCompatible: boolean;
}

/** A provider that says which request it got, or fails the way it is told to. */
async function startVoices(answer: (url: string) => { status: number; body: string }) {
  const asked: { url: string; headers: Record<string, unknown>; body: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += String(chunk)));
    request.on("end", () => {
      asked.push({
        url: request.url ?? "",
        headers: request.headers,
        body: JSON.parse(text) as Record<string, unknown>,
      });
      const { status, body } = answer(request.url ?? "");
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    base,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const speaking = (base: string) => ({
  messages: {
    tts: {
      openai: { apiKey: "key-o", baseUrl: `${base}/v1`, voice: "nova" },
      elevenlabs: { apiKey: "key-e", baseUrl: base, voiceId: "v 1" },
    },
  },
});
const convert = async (host: TestHost, params: object) => (await host.call("tts.convert", params)) as Spoken;

test("without a key nothing can speak, and that is what it says", async () => {
  await using host = await createTestHost(tts);

  assert.deepEqual(await host.call("tts.status"), {
    enabled: false,
    auto: "off",
    provider: "edge",
    fallbackProvider: null,
    fallbackProviders: [],
    prefsPath: join(host.stateDir, "settings", "tts.json"),
    hasOpenAIKey: false,
    hasElevenLabsKey: false,
    edgeEnabled: false,
  });
  const { providers, active } = (await host.call("tts.providers")) as {
    providers: { id: string; configured: boolean }[];
    active: string;
  };
  assert.equal(active, "edge");
  assert.deepEqual(
    providers.map(({ id, configured }) => [id, configured]),
    [
      ["openai", false],
      ["elevenlabs", false],
      ["edge", false],
    ],
  );
  await assert.rejects(convert(host, { text: "hello" }), {
    code: "UNAVAILABLE",
    message: "TTS conversion failed: No API key for elevenlabs",
  });
});

test("choices are kept in settings/tts.json", async () => {
  await using host = await createTestHost(tts);

  assert.deepEqual(await host.call("tts.enable"), { enabled: true });
  assert.deepEqual(await host.call("tts.setProvider", { provider: "openai" }), { provider: "openai" });
  const path = join(host.stateDir, "settings", "tts.json");
  assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), { tts: { auto: "always", provider: "openai" } });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const status = (await host.call("tts.status")) as Record<string, unknown>;
  assert.deepEqual([status["enabled"], status["auto"], status["provider"]], [true, "always", "openai"]);
  assert.deepEqual(await host.call("tts.disable"), { enabled: false });
  assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), { tts: { auto: "off", provider: "openai" } });
});

const REFUSED: readonly (readonly [string, object, string])[] = [
  ["tts.convert", {}, "tts.convert requires text"],
  ["tts.convert", { text: " " }, "tts.convert requires text"],
  ["tts.convert", { text: 5 }, "tts.convert requires text"],
  ["tts.convert", { text: "x".repeat(4_097) }, "text is longer than 4096 characters"],
  ["tts.setProvider", {}, "Invalid provider. Use openai, elevenlabs, or edge."],
  ["tts.setProvider", { provider: "festival" }, "Invalid provider. Use openai, elevenlabs, or edge."],
];
for (const [method, params, message] of REFUSED) {
  test(`${method} ${JSON.stringify(params).slice(0, 40)} is refused`, async () => {
    await using host = await createTestHost(tts);

    await assert.rejects(host.call(method, params), { code: "INVALID_REQUEST", message });
  });
}

test("the chosen provider speaks, into a file", async () => {
  await using voices = await startVoices(() => ({ status: 200, body: "sound" }));
  await using host = await createTestHost(tts, { settings: speaking(voices.base) });

  const spoken = await convert(host, { text: " hello " });

  assert.equal(readFileSync(spoken.audioPath, "utf8"), "sound");
  assert.deepEqual([spoken.provider, spoken.outputFormat, spoken.voiceCompatible], ["openai", "mp3", false]);
  const [{ url, headers, body }] = voices.asked as [(typeof voices.asked)[0]];
  assert.deepEqual([url, headers["authorization"]], ["/v1/audio/speech", "Bearer key-o"]);
  assert.deepEqual(body, { model: "gpt-4o-mini-tts", voice: "nova", input: "hello", response_format: "mp3" });
});

test("a voice network gets Opus, and the other provider is asked when the first cannot", async () => {
  await using voices = await startVoices((url) =>
    url.startsWith("/v1/audio") ? { status: 429, body: "slow down" } : { status: 200, body: "sound" },
  );
  await using host = await createTestHost(tts, { settings: speaking(voices.base) });

  const spoken = await convert(host, { text: "hello", channel: "telegram" });

  assert.deepEqual([spoken.provider, spoken.outputFormat, spoken.voiceCompatible], ["elevenlabs", "opus", true]);
  assert.equal(voices.asked[1]?.url, "/v1/text-to-speech/v%201?output_format=opus_48000_64");
  assert.equal(voices.asked[1]?.headers["xi-api-key"], "key-e");
});

for (const [what, answer, text] of [
  ["an error", { status: 500, body: "oops" }, /^TTS conversion failed: OpenAI answered 500: oops$/],
  ["nothing", { status: 200, body: "" }, /^TTS conversion failed: OpenAI sent no audio$/],
] as const) {
  test(`a provider that answers ${what} is named`, async () => {
    await using voices = await startVoices(() => answer);
    const { openai } = speaking(voices.base).messages.tts;
    await using host = await createTestHost(tts, {
      settings: { messages: { tts: { openai, provider: "elevenlabs" } } },
    });

    await assert.rejects(convert(host, { text: "hello" }), (error: Error) => text.test(error.message));
    assert.equal(voices.asked.length, 1, "the other one has no key");
  });
}

test("no more than fifty files are kept", async () => {
  await using voices = await startVoices(() => ({ status: 200, body: "sound" }));
  await using host = await createTestHost(tts, { settings: speaking(voices.base) });

  let last: Spoken | undefined;
  for (let n = 0; n < 53; n++) last = await convert(host, { text: "hello" });

  const { audioPath } = last as Spoken;
  const files = readdirSync(dirname(audioPath)).filter((name) => name.endsWith(".mp3"));
  assert.equal(files.length, 50);
  assert.equal(readFileSync(audioPath, "utf8"), "sound");
});

test("with speech on an answer is sent with a recording of itself, and without one when nobody can speak", async () => {
  let isBroken = false;
  await using voices = await startVoices(() =>
    isBroken ? { status: 500, body: "no" } : { status: 200, body: "sound" },
  );
  await using model = await startFakeOpenAi();
  const { messages } = speaking(voices.base);
  await using lab = await startLab(
    { dmPolicy: "open", allowFrom: ["*"], traits: { capabilities: { media: true } } },
    { ...modelConfig(model), messages },
  );
  const says = async (text: string) => {
    const before = (await lab.sent()).length;
    await lab.says({ text });
    return eventually(`an answer to ${text}`, async () => (await lab.sent())[before]);
  };
  const silent = await says("quietly");
  await lab.client.request("tts.enable", {});

  const spoken = await says("aloud");
  isBroken = true;
  const alone = await says("once more");

  assert.equal(silent.media, undefined);
  assert.equal(spoken.payload.text, "Hello from the fake model.");
  assert.equal(spoken.media?.[0]?.text, "sound");
  assert.equal(voices.asked[0]?.body["input"], "Hello from the fake model.");
  assert.deepEqual([alone.payload.text, alone.media], ["Hello from the fake model.", undefined]);
});

test("the agent speaks by itself with the tool tts, where there is a voice", async () => {
  await using voices = await startVoices(() => ({ status: 200, body: "sound" }));
  await using bench = await startToolBench(speaking(voices.base));

  const { text } = await bench.use("tts", { text: "Good morning.", channel: "telegram" });

  assert.match(text, /^\[\[audio_as_voice\]\]\nMEDIA:.*\.ogg$/);
  assert.ok(bench.offered().includes("tts"));
});
