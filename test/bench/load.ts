import { once } from "node:events";
import { WebSocket } from "ws";
import { TOKEN } from "./server.ts";

/** What a client says that has nothing but the token. */
export const CONNECT: object = {
  minProtocol: 3,
  maxProtocol: 3,
  client: { id: "cli", version: "1", platform: "bench", mode: "cli" },
  auth: { token: TOKEN },
};

/** A client that does as little as possible, so that the server is what is measured. */
export class RawClient {
  readonly socket: WebSocket;
  readonly #waiting = new Map<string, (payload: unknown) => void>();
  #next = 0;
  #challenged: ((nonce: string) => void) | undefined;
  events = 0;
  onEvent: ((name: string) => void) | undefined;

  private constructor(url: string) {
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.socket.on("message", (data: Buffer) => this.#receive(String(data)));
  }

  /** `prove` makes the parameters from the challenge; without it the token is sent at once. */
  static async connect(url: string, prove?: (nonce: string) => object): Promise<RawClient> {
    const client = new RawClient(url);
    const nonce = prove && new Promise<string>((resolve) => (client.#challenged = resolve));
    await once(client.socket, "open");
    await client.request("connect", prove && nonce ? prove(await nonce) : CONNECT);
    return client;
  }

  request(method: string, params: unknown = {}): Promise<unknown> {
    const id = String(++this.#next);
    this.socket.send(JSON.stringify({ type: "req", id, method, params }));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  close(): void {
    this.socket.terminate();
  }

  #receive(text: string): void {
    if (text.startsWith('{"type":"event"')) {
      this.events++;
      this.onEvent?.(/"event":"([^"]+)"/.exec(text)?.[1] ?? "");
      const challenge = this.#challenged && /"nonce":"([^"]+)"/.exec(text)?.[1];
      if (challenge === undefined) return;
      this.#challenged?.(challenge);
      this.#challenged = undefined;
      return;
    }
    const frame = JSON.parse(text) as { id: string; ok: boolean; payload: unknown; error?: unknown };
    if (!frame.ok) throw new Error(`request failed: ${text.slice(0, 300)}`);
    this.#waiting.get(frame.id)?.(frame.payload);
    this.#waiting.delete(frame.id);
  }
}

/** Keep `inFlight` requests open on each client until `total` are answered. */
export async function drive(
  clients: readonly RawClient[],
  inFlight: number,
  total: number,
  method: string,
  params: unknown,
): Promise<void> {
  let left = total;
  const worker = async (client: RawClient) => {
    while (left-- > 0) await client.request(method, params);
  };
  await Promise.all(clients.flatMap((client) => Array.from({ length: inFlight }, () => worker(client))));
}

export function connectAll(url: string, count: number): Promise<RawClient[]> {
  return sequence(count, () => RawClient.connect(url));
}

export async function sequence<T>(count: number, step: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index++) results.push(await step(index));
  return results;
}
