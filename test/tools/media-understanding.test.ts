import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { startLab } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";

/** The beginnings of real files, by which their kind is told. */
const BYTES = {
  audio: Buffer.from(`OggS\0\x02${"\0".repeat(22)}OpusHead voice of somebody`, "latin1"),
  video: Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isommp42", "latin1"),
};
const KEY = "sk-voice-0123456789";

interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Providers of speech to text on loopback. */
async function startEars(answer: (url: string) => { readonly status: number; readonly body: string }) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { url = "", headers } = request;
    asked.push({ url, headers, body: await text(request) });
    const { status, body } = answer(url);
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    asked,
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What the agent was told of a message with these attachments. */
async function told(
  config: { readonly media?: object; readonly providers?: object },
  kinds: readonly ("audio" | "video")[] = ["audio"],
): Promise<string> {
  await using model = await startFakeOpenAi();
  const { models, ...rest } = modelConfig(model) as { models: { providers: object }; agents: object };
  const files = Object.fromEntries(
    kinds.map((kind, index) => [
      `v${index}`,
      { base64: BYTES[kind].toString("base64"), fileName: `v${index}.${kind === "audio" ? "ogg" : "mp4"}` },
    ]),
  );
  const lab = { dmPolicy: "open", allowFrom: ["*"], traits: { files } };
  await using started = await startLab(lab, {
    ...rest,
    models: { ...models, providers: { ...models.providers, ...config.providers } },
    ...(config.media && { tools: { media: config.media } }),
  });
  const media = kinds.map((kind, index) => ({ kind, ref: `v${index}`, status: "pending" }));
  await started.says({ text: "", id: "m", media });
  await started.ended("m", "done");
  return JSON.stringify(model.requests[0]?.body.messages.at(-1));
}

test("a voice message reaches the agent as words, by the provider that is configured", async () => {
  await using ears = await startEars(() => ({ status: 200, body: '{"text":"Buy milk, please."}' }));
  const providers = { openai: { baseUrl: `${ears.base}/v1`, apiKey: KEY } };

  const message = await told({ providers, media: { audio: { models: [{ provider: "openai" }], language: "en" } } });

  assert.match(message, /\[what is said in it\] Buy milk, please\./);
  const [{ url, headers, body }] = ears.asked as [Asked];
  assert.deepEqual([url, headers["authorization"]], ["/v1/audio/transcriptions", `Bearer ${KEY}`]);
  for (const part of ["gpt-4o-mini-transcribe", "voice of somebody", 'filename="v0.ogg"', "en"])
    assert.ok(body.includes(part), part);
});

test("the next way is tried when one fails, and a program is one of them", async () => {
  await using ears = await startEars(() => ({ status: 401, body: `{"error":"bad key ${KEY}"}` }));
  const program = `process.stdout.write("heard " + require("node:fs").readFileSync(process.argv[1], "utf8").slice(0, 4))`;
  const message = await told({
    providers: { groq: { baseUrl: ears.base, apiKey: KEY } },
    media: {
      models: [
        { provider: "groq", capabilities: ["audio"] },
        { type: "cli", command: "/nowhere/ears" },
        { type: "cli", command: process.execPath, args: ["-e", program, "{{MediaPath}}"] },
      ],
    },
  });

  assert.match(message, /\[what is said in it\] heard OggS/);
  assert.equal(ears.asked.length, 1);
});

test("a failure never holds the answer, and nothing leaves the machine that is not meant to", async () => {
  await using ears = await startEars(() => ({ status: 500, body: "no" }));
  const providers = { openai: { baseUrl: ears.base, apiKey: KEY }, groq: { baseUrl: ears.base, apiKey: KEY } };

  // No model of the agent is of these providers, and nobody has said that they may hear it.
  const silent = await told({ providers });
  assert.equal(ears.asked.length, 0);
  const off = await told({ providers, media: { audio: { enabled: false, models: [{ provider: "openai" }] } } });
  const scoped = await told({
    providers,
    media: {
      audio: { models: [{ provider: "openai" }], scope: { rules: [{ action: "deny", match: { channel: "lab" } }] } },
    },
  });
  assert.equal(ears.asked.length, 0);
  const failed = await told({ providers, media: { audio: { enabled: true } } });

  assert.equal(ears.asked.length, 2);
  for (const message of [silent, off, scoped, failed]) {
    assert.match(message, /attached v0\.ogg/);
    assert.doesNotMatch(message, /what is said/);
  }
});

test("the first of several is understood unless all are wanted, and a video by who takes videos", async () => {
  await using ears = await startEars((url) =>
    url.includes("generateContent")
      ? { status: 200, body: '{"candidates":[{"content":{"parts":[{"text":"A cat jumps."}]}}]}' }
      : { status: 200, body: '{"results":{"channels":[{"alternatives":[{"transcript":"Hello."}]}]}}' },
  );
  const providers = { google: { baseUrl: `${ears.base}/v1beta`, apiKey: KEY } };
  const way = { provider: "deepgram", baseUrl: ears.base };
  process.env["DEEPGRAM_API_KEY"] = KEY;
  try {
    const one = await told({ providers, media: { audio: { models: [way] } } }, ["audio", "audio", "video"]);
    const all = await told(
      {
        providers,
        media: { audio: { models: [way], attachments: { mode: "all" } }, video: { models: [{ provider: "google" }] } },
      },
      ["audio", "audio", "video"],
    );

    assert.equal(one.match(/what is said in it\] Hello/g)?.length, 1);
    assert.equal(all.match(/what is said in it\] Hello/g)?.length, 2);
    assert.match(all, /\[what is in it\] A cat jumps\./);
    const video = ears.asked.find(({ url }) => url.includes("generateContent"));
    assert.equal(video?.headers["x-goog-api-key"], KEY);
  } finally {
    delete process.env["DEEPGRAM_API_KEY"];
  }
});
