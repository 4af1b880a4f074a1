import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

/** A model on loopback that answers each question with the mark in it, so that answers are told apart. */
export interface KitModel {
  readonly config: Readonly<Record<string, unknown>>;
  /** The newest message of each request, oldest request first. */
  readonly asked: readonly string[];
  /** Questions in which the mark is the last one: turns that answer it. */
  turnsOf(mark: string): number;
  /** What to answer; by default {@link answerTo}. */
  answer: (mark: string) => string;
  /** How long it thinks. */
  delayMs: number;
  close(): Promise<void>;
}

/** Marks of messages: `kit-1`, `kit-2`, … */
const MARK = /\bkit-\d+\b/g;

export function answerTo(mark: string): string {
  return `answer to ${mark}.`;
}

export async function startKitModel(): Promise<KitModel> {
  const asked: string[] = [];
  const marks: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { messages = [] } = JSON.parse(await text(request)) as { messages?: { role: string; content: unknown }[] };
      const last = messages.findLast(({ role }) => role === "user")?.content;
      const question = typeof last === "string" ? last : JSON.stringify(last ?? "");
      const mark = question.match(MARK)?.at(-1);
      asked.push(question);
      marks.push(mark);
      if (model.delayMs > 0) await delay(model.delayMs, undefined, { ref: false });
      stream(response, model.answer(mark ?? "nothing"));
    })().catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const model: KitModel = {
    config: {
      models: {
        providers: {
          kit: {
            baseUrl: `http://127.0.0.1:${port}/v1`,
            apiKey: "kit-model-key",
            api: "openai-completions",
            models: [{ id: "kit", name: "Kit", contextWindow: 32_000, maxTokens: 4_096 }],
          },
        },
      },
      agents: { defaults: { model: "kit/kit" } },
    },
    asked,
    turnsOf: (mark) => marks.filter((one) => one === mark).length,
    answer: answerTo,
    delayMs: 0,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return model;
}

function stream(response: ServerResponse, answer: string): void {
  const chunk = (part: object) =>
    response.write(
      `data: ${JSON.stringify({ id: "kit", object: "chat.completion.chunk", created: 1, model: "kit", ...part })}\n\n`,
    );
  response.writeHead(200, { "content-type": "text/event-stream" });
  chunk({ choices: [{ index: 0, delta: { content: answer }, finish_reason: null }] });
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  chunk({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } });
  response.end("data: [DONE]\n\n");
}
