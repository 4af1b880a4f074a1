import { hello, startFakeModel } from "./model-server.ts";
import type { EventStream, FakeModel, ModelReply, Script as ScriptOf } from "./model-server.ts";

export type { SeenRequest } from "./model-server.ts";
export type Script = ScriptOf<Reply>;

/** Writes a chat completion the way such servers stream it. */
export class Reply implements ModelReply {
  readonly #stream: EventStream;

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  fail(status: number, message: string, headers: Record<string, string> = {}): void {
    this.#stream.refuse(status, { error: { message, type: "fake", code: null } }, headers);
  }

  text(part: string): void {
    this.#delta({ content: part });
  }

  reasoning(part: string): void {
    this.#delta({ reasoning_content: part });
  }

  toolCall(id: string, name: string, argumentsJson: string): void {
    const middle = Math.floor(argumentsJson.length / 2);
    this.#delta({ tool_calls: [{ index: 0, id, type: "function", function: { name, arguments: "" } }] });
    this.#delta({ tool_calls: [{ index: 0, function: { arguments: argumentsJson.slice(0, middle) } }] });
    this.#delta({ tool_calls: [{ index: 0, function: { arguments: argumentsJson.slice(middle) } }] });
  }

  raw(chunk: string): void {
    this.#stream.raw(chunk);
  }

  end(reason: "stop" | "tool_calls" | "length" | "content_filter" = "stop", promptTokens = 10): void {
    this.#chunk({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    this.#chunk({
      choices: [],
      usage: {
        prompt_tokens: promptTokens,
        completion_tokens: 6,
        total_tokens: promptTokens + 6,
        prompt_tokens_details: { cached_tokens: 4 },
      },
    });
    this.#stream.end("data: [DONE]\n\n");
  }

  cut(): void {
    this.#stream.cut();
  }

  #delta(delta: object): void {
    this.#chunk({ choices: [{ index: 0, delta, finish_reason: null }] });
  }

  #chunk(part: object): void {
    this.#stream.send({ id: "fake", object: "chat.completion.chunk", created: 1, model: "fake-1", ...part });
  }
}

/** A model server on loopback that speaks OpenAI chat completions. */
export interface FakeOpenAi extends FakeModel<Reply> {
  readonly baseUrl: string;
}

export async function startFakeOpenAi(): Promise<FakeOpenAi> {
  const fake = await startFakeModel((stream) => new Reply(stream), hello);
  return Object.assign(fake, { baseUrl: `${fake.origin}/v1` });
}

/** The configuration that makes a gateway use the fake. */
export function modelConfig(
  { baseUrl }: FakeOpenAi,
  more: object = {},
): { models: object; agents: { defaults: object } } {
  return {
    models: {
      providers: {
        fake: {
          baseUrl,
          apiKey: "fake-key-123456",
          api: "openai-completions",
          models: [{ id: "fake-1", name: "Fake One", contextWindow: 32_000, maxTokens: 2_048, ...more }],
        },
      },
    },
    // No test waits for the pauses between attempts.
    agents: { defaults: { model: "fake/fake-1", retry: { minDelayMs: 1, maxDelayMs: 5 } } },
  };
}
