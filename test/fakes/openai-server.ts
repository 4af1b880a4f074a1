import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the fake saw it. */
export interface SeenRequest {
  readonly headers: IncomingMessage["headers"];
  readonly body: {
    readonly model: string;
    readonly messages: readonly { role: string; content: unknown }[];
    readonly tools?: readonly object[];
    readonly [key: string]: unknown;
  };
  /** Resolves when the caller has closed the connection. */
  readonly closed: Promise<void>;
}

/** What the fake does with one request. */
export type Script = (reply: Reply, request: SeenRequest) => void | Promise<void>;

/** Writes a chat completion the way such servers stream it. */
export class Reply {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  fail(status: number, message: string, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { "content-type": "application/json", ...headers });
    this.#response.end(JSON.stringify({ error: { message, type: "fake", code: null } }));
  }

  text(part: string): void {
    this.#delta({ content: part });
  }

  /** One tool call, its arguments split over several chunks. */
  toolCall(id: string, name: string, argumentsJson: string): void {
    const middle = Math.floor(argumentsJson.length / 2);
    this.#delta({ tool_calls: [{ index: 0, id, type: "function", function: { name, arguments: "" } }] });
    this.#delta({ tool_calls: [{ index: 0, function: { arguments: argumentsJson.slice(0, middle) } }] });
    this.#delta({ tool_calls: [{ index: 0, function: { arguments: argumentsJson.slice(middle) } }] });
  }

  raw(chunk: string): void {
    this.#head();
    this.#response.write(chunk);
  }

  end(reason: "stop" | "tool_calls" | "length" = "stop"): void {
    this.#chunk({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    this.#chunk({
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 6, total_tokens: 16, prompt_tokens_details: { cached_tokens: 4 } },
    });
    this.#response.end("data: [DONE]\n\n");
  }

  /** Drop the connection in the middle. */
  cut(): void {
    this.#response.destroy();
  }

  #delta(delta: object): void {
    this.#chunk({ choices: [{ index: 0, delta, finish_reason: null }] });
  }

  #chunk(part: object): void {
    this.raw(
      `data: ${JSON.stringify({ id: "fake", object: "chat.completion.chunk", created: 1, model: "fake-1", ...part })}\n\n`,
    );
  }

  #head(): void {
    if (!this.#response.headersSent) this.#response.writeHead(200, { "content-type": "text/event-stream" });
  }
}

/** A model server on loopback that speaks OpenAI chat completions. Each request takes the next script. */
export interface FakeOpenAi extends AsyncDisposable {
  readonly baseUrl: string;
  readonly requests: readonly SeenRequest[];
  /** Scripts for the requests to come, in order; when they run out, `otherwise` answers. */
  readonly scripts: Script[];
  otherwise: Script;
}

export async function startFakeOpenAi(): Promise<FakeOpenAi> {
  const requests: SeenRequest[] = [];
  const scripts: Script[] = [];
  const fake: Omit<FakeOpenAi, "baseUrl" | typeof Symbol.asyncDispose> = { requests, scripts, otherwise: hello };
  const server = createServer((request, response) => {
    void (async () => {
      const closed = new Promise<void>((resolve) => response.once("close", resolve));
      const seen: SeenRequest = {
        headers: request.headers,
        body: JSON.parse(await text(request)) as SeenRequest["body"],
        closed,
      };
      requests.push(seen);
      await (scripts.shift() ?? fake.otherwise)(new Reply(response), seen);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(fake, {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

function hello(reply: Reply): void {
  for (const word of ["Hello", " from", " the", " fake", " model."]) reply.text(word);
  reply.end();
}

/** The configuration that makes a gateway use the fake. */
export function modelConfig({ baseUrl }: FakeOpenAi): { models: object; agents: { defaults: object } } {
  return {
    models: {
      providers: {
        fake: {
          baseUrl,
          apiKey: "fake-key-123456",
          api: "openai-completions",
          models: [{ id: "fake-1", name: "Fake One", contextWindow: 32_000, maxTokens: 2_048 }],
        },
      },
    },
    // No test waits for the pauses between attempts.
    agents: { defaults: { model: "fake/fake-1", retry: { minDelayMs: 1, maxDelayMs: 5 } } },
  };
}
