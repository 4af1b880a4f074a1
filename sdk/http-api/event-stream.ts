import type { ServerResponse } from "node:http";

/** Bytes that wait for a slow reader before it is cut off (http.md §1). */
const MAX_UNSENT_BYTES = 1_572_864;
const PING_MS = 15_000;

/** Server-sent events on one response: headers with the first event, a comment when it is silent, an end. */
export class EventStream {
  readonly #response: ServerResponse;
  #ping: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get isOpen(): boolean {
    return this.#response.headersSent;
  }

  /** The headers go out with what is written next. */
  #open(): void {
    if (this.isOpen || this.#response.destroyed) return;
    this.#response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    });
    this.#ping = setInterval(() => this.#write(": ping\n\n"), PING_MS).unref();
    this.#response.once("close", () => clearInterval(this.#ping));
  }

  send(data: object, event?: string): void {
    this.#open();
    this.#write(`${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  /** The end that established clients wait for. */
  done(): void {
    this.#open();
    clearInterval(this.#ping);
    if (this.#response.writableEnded || this.#response.destroyed) return;
    this.#response.end("data: [DONE]\n\n");
  }

  #write(text: string): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    // Who does not read what is sent costs memory until they do.
    if (response.writableLength > MAX_UNSENT_BYTES) return void response.destroy();
    response.write(text);
    this.#ping?.refresh();
  }
}
