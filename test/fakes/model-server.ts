import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the fake saw it. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: {
    readonly model: string;
    readonly messages: readonly { role: string; content: unknown }[];
    readonly tools?: readonly object[];
    readonly [key: string]: unknown;
  };
  /** Resolves when the connection is closed, by whichever side. */
  readonly closed: Promise<void>;
}

/** What the fake does with one request. */
export type Script<R> = (reply: R, request: SeenRequest) => void | Promise<void>;

/** A model server on loopback. Each request takes the next script. */
export interface FakeModel<R> extends AsyncDisposable {
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
  /** Scripts for the requests to come, in order; when they run out, `otherwise` answers. */
  readonly scripts: Script<R>[];
  otherwise: Script<R>;
}

/** What all fakes can say, each in the words of its own wire format. Input is 10 tokens, 4 of them cached; output 6. */
export interface ModelReply {
  text(part: string): void;
  /** Thoughts, with what the format has to sign them. */
  reasoning(part: string): void;
  /** One tool call, its arguments split over several events where the format can. */
  toolCall(id: string, name: string, argumentsJson: string): void;
  end(reason?: "stop" | "tool_calls" | "length"): void;
  fail(status: number, message: string, headers?: Record<string, string>): void;
  raw(chunk: string): void;
  /** Drop the connection in the middle. */
  cut(): void;
}

/** The part of a reply that is the same in every format: server-sent events over HTTP. */
export class EventStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get isOpen(): boolean {
    return this.#response.headersSent;
  }

  send(event: object, name?: string): void {
    this.raw(`${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(event)}\n\n`);
  }

  raw(chunk: string): void {
    if (!this.isOpen) this.#response.writeHead(200, { "content-type": "text/event-stream" });
    this.#response.write(chunk);
  }

  end(last = ""): void {
    this.#response.end(last);
  }

  refuse(status: number, body: object, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { "content-type": "application/json", ...headers });
    this.#response.end(JSON.stringify(body));
  }

  cut(): void {
    this.#response.destroy();
  }
}

export async function startFakeModel<R>(
  makeReply: (stream: EventStream) => R,
  otherwise: Script<R>,
): Promise<FakeModel<R>> {
  const requests: SeenRequest[] = [];
  const scripts: Script<R>[] = [];
  const fake = { requests, scripts, otherwise };
  const server = createServer((request, response) => {
    void (async () => {
      const closed = new Promise<void>((resolve) => response.once("close", resolve));
      const body = JSON.parse(await text(request)) as SeenRequest["body"];
      const seen: SeenRequest = { path: request.url ?? "", headers: request.headers, body, closed };
      requests.push(seen);
      await (scripts.shift() ?? fake.otherwise)(makeReply(new EventStream(response)), seen);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(fake, {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

/** Five words and an end: what the fakes say when nobody tells them what to. */
export function hello(reply: ModelReply): void {
  for (const word of ["Hello", " from", " the", " fake", " model."]) reply.text(word);
  reply.end();
}
