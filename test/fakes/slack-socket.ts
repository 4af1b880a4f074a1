import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import type { FakeApp } from "./slack-objects.ts";

/** What becomes of a socket that comes: `refuse` ends the HTTP upgrade, `hang` never answers it, `silent` never greets. */
export type SocketMode = "ok" | "refuse" | "hang" | "silent" | "garbage";

export interface FakeFrame {
  readonly envelope_id: string;
  readonly type: "events_api" | "slash_commands" | "interactive";
  readonly payload: object;
}

interface Client {
  readonly app: FakeApp;
  readonly socket: WebSocket;
}

/** An envelope on its way to an app. */
interface Delivery {
  readonly frame: FakeFrame;
  readonly botUserId: string | undefined;
}

/** Slack's side of Socket Mode: greets, sends envelopes and notes which of them were acknowledged. */
export class FakeSocketMode {
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #clients = new Set<Client>();
  mode: SocketMode = "ok";
  /** Sockets that were opened so far. */
  opened = 0;
  /** What came from clients, in order. */
  readonly acks: { readonly envelope_id: string; readonly payload?: object; readonly at: number }[] = [];
  readonly sent: FakeFrame[] = [];
  /** What nobody has acknowledged: it comes once more with the next socket. */
  readonly #unheard: Delivery[] = [];

  constructor(server: Server, appOf: (request: IncomingMessage) => FakeApp | undefined) {
    server.on("upgrade", (request, socket, head) => {
      const app = appOf(request);
      this.opened++;
      if (this.mode === "hang") return;
      if (this.mode === "refuse" || !app) return socket.destroy();
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#serve(client, app));
    });
  }

  get open(): number {
    return [...this.#sockets.clients].filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  }

  /** To one app, or to all. Returns the envelope. */
  push(type: FakeFrame["type"], payload: object, botUserId?: string): FakeFrame {
    const frame: FakeFrame = { envelope_id: randomUUID(), type, payload };
    this.#unheard.push({ frame, botUserId });
    this.send(frame, botUserId);
    return frame;
  }

  /** The same envelope once more. */
  send(frame: FakeFrame, botUserId?: string): void {
    this.sent.push(frame);
    for (const client of this.#clients) this.#deliver({ frame, botUserId }, client, 0);
  }

  isAcked({ envelope_id: id }: FakeFrame): boolean {
    return this.acks.some(({ envelope_id }) => envelope_id === id);
  }

  /** A frame as it is, to every socket. */
  raw(text: string): void {
    for (const { socket } of this.#clients) socket.send(text);
  }

  /** What Slack sends some seconds before it closes a socket. */
  asksToRefresh(reason = "refresh_requested"): void {
    this.raw(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "fake" } }));
  }

  /** Cut every socket without a goodbye. */
  drop(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  close(): void {
    this.drop();
    this.#sockets.close();
  }

  #serve(socket: WebSocket, app: FakeApp): void {
    socket.on("error", () => undefined);
    if (this.mode === "garbage") return socket.send("<html>no socket mode here</html>");
    if (this.mode === "silent") return;
    const client: Client = { app, socket };
    this.#clients.add(client);
    socket.on("close", () => this.#clients.delete(client));
    socket.on("message", (data) => {
      const ack = JSON.parse(String(data)) as { envelope_id: string; payload?: object };
      this.acks.push({ ...ack, at: Date.now() });
      const index = this.#unheard.findIndex(({ frame }) => frame.envelope_id === ack.envelope_id);
      if (index >= 0) this.#unheard.splice(index, 1);
    });
    const greeting = { type: "hello", num_connections: 1, connection_info: { app_id: app.appId } };
    socket.send(JSON.stringify(greeting));
    for (const delivery of this.#unheard) this.#deliver(delivery, client, 1);
  }

  #deliver({ frame, botUserId }: Delivery, { app, socket }: Client, attempt: number): void {
    if (botUserId !== undefined && app.userId !== botUserId) return;
    const retry = { retry_attempt: attempt, retry_reason: attempt === 0 ? "" : "timeout" };
    socket.send(JSON.stringify({ ...frame, ...retry, accepts_response_payload: frame.type !== "events_api" }));
  }
}
