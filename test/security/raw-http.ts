import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** The start of an HTTP answer, and what came after it. */
export interface RawAnswer {
  /** 0 when the connection closed without an answer. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** One HTTP exchange byte by byte, for what no client would send. */
export class RawHttp implements AsyncDisposable {
  readonly socket: Socket;
  #text = "";

  constructor(port: number, host = "127.0.0.1") {
    // What is written goes out at once: tests count on its order.
    this.socket = connect({ port, host, noDelay: true });
    this.socket.setEncoding("latin1");
    this.socket.on("data", (chunk: string) => (this.#text += chunk));
    this.socket.on("error", () => undefined);
  }

  /** Send lines as a request head; an empty line ends it. */
  head(...lines: readonly string[]): void {
    this.socket.write([...lines, "", ""].join("\r\n"));
  }

  write(text: string): void {
    this.socket.write(text);
  }

  /** The answer's head, as soon as it is complete. */
  async answer(): Promise<RawAnswer> {
    while (!this.#text.includes("\r\n\r\n")) {
      if (this.socket.closed) return { status: 0, head: "", body: "" };
      await Promise.race([once(this.socket, "data"), once(this.socket, "close")]);
    }
    return this.#parsed();
  }

  /** Resolves when the other side has asked for the body. */
  async continued(): Promise<void> {
    const { status } = await this.answer();
    if (status !== 100) throw new Error(`answered ${status} without asking for the body`);
    this.#text = this.#text.slice(this.#text.indexOf("\r\n\r\n") + 4);
  }

  /** The whole answer, once the other side has closed. */
  async closed(): Promise<RawAnswer> {
    if (!this.socket.closed) await once(this.socket, "close");
    return this.#parsed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    if (!this.socket.closed) await once(this.socket, "close");
  }

  #parsed(): RawAnswer {
    const end = this.#text.indexOf("\r\n\r\n");
    const head = end < 0 ? this.#text : this.#text.slice(0, end);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
    return { status, head: head.toLowerCase(), body: end < 0 ? "" : this.#text.slice(end + 4) };
  }
}

/** The lines of a WebSocket upgrade, with a `Host` header for each of `hosts`. */
export function upgradeLines(hosts: readonly string[], path = "/", extra: readonly string[] = []): string[] {
  return [
    `GET ${path} HTTP/1.1`,
    ...hosts.map((host) => `Host: ${host}`),
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ...extra,
  ];
}

/** Status of one request whose head is these lines. */
export async function statusOf(port: number, lines: readonly string[], host?: string): Promise<number> {
  await using exchange = new RawHttp(port, host);
  exchange.head(...lines);
  return (await exchange.answer()).status;
}
