import type { Server } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { guildObject, snowflake, userObject } from "./discord-objects.ts";
import type { FakeBot, FakeGuild } from "./discord-objects.ts";

/** What the fake does with a socket that comes. `refuse` ends the HTTP upgrade; a number is a close code after `IDENTIFY`. */
export type GatewayMode = "ok" | "refuse" | "hang" | "garbage" | number;

interface Session {
  readonly id: string;
  readonly bot: FakeBot;
  readonly events: { readonly s: number; readonly text: string }[];
  seq: number;
  socket: WebSocket | undefined;
}

/** The gateway of Discord, version 10, JSON without compression: hello, heartbeats, identify, resume and dispatch. */
export class FakeGateway {
  readonly #sockets: WebSocketServer;
  readonly #sessions = new Map<string, Session>();
  readonly #bots: readonly FakeBot[];
  readonly #guilds: () => readonly FakeGuild[];
  /** Where clients are told to connect to. */
  readonly #url: () => string;
  mode: GatewayMode = "ok";
  /** A session can no longer be resumed: the client has to identify anew. */
  forgets = false;
  /** What came from clients, by opcode: 1 heartbeats, 2 identifies, 6 resumes. */
  readonly received: { readonly op: number; readonly d: unknown; readonly at: number }[] = [];
  /** Sockets that were opened so far. */
  opened = 0;

  constructor(server: Server, bots: readonly FakeBot[], guilds: () => readonly FakeGuild[], url: () => string) {
    this.#bots = bots;
    this.#guilds = guilds;
    this.#url = url;
    this.#sockets = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, socket, head) => {
      this.opened++;
      if (this.mode === "refuse") return socket.destroy();
      if (this.mode === "hang") return;
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#serve(client));
    });
  }

  count(op: number): number {
    return this.received.filter((one) => one.op === op).length;
  }

  /** An event for every bot that has a session, kept for resumes while it is away; or for one bot. */
  dispatch(t: string, d: object, botId?: string): void {
    for (const session of this.#sessions.values()) {
      if (botId === undefined || session.bot.id === botId) this.#send(session, t, d);
    }
  }

  /** A frame as it is, to every socket. */
  raw(text: string): void {
    for (const client of this.#sockets.clients) client.send(text);
  }

  /** Cut every socket without a goodbye. */
  drop(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  close(): void {
    this.drop();
    this.#sockets.close();
  }

  get open(): number {
    return [...this.#sockets.clients].filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  }

  #serve(client: WebSocket): void {
    client.on("error", () => undefined);
    if (this.mode === "garbage") return client.send("<html>no gateway here</html>");
    client.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 41_250 } }));
    client.on("message", (data) => {
      const { op, d } = JSON.parse(String(data)) as { op: number; d: Record<string, unknown> };
      this.received.push({ op, d, at: Date.now() });
      if (op === 1) client.send(JSON.stringify({ op: 11 }));
      if (op === 2) this.#identify(client, d);
      if (op === 6) this.#resume(client, d);
    });
  }

  #identify(client: WebSocket, { token }: Record<string, unknown>): void {
    if (typeof this.mode === "number") return client.close(this.mode);
    const bot = this.#bots.find((one) => one.token === token);
    if (!bot) return client.close(4004);
    for (const [id, one] of this.#sessions) if (one.bot.id === bot.id) this.#sessions.delete(id);
    const session: Session = { id: snowflake(), bot, events: [], seq: 0, socket: client };
    this.#sessions.set(session.id, session);
    client.on("close", () => {
      if (session.socket === client) session.socket = undefined;
    });
    const guilds = this.#guilds();
    this.#send(session, "READY", {
      v: 10,
      user: userObject({ ...bot, bot: true }),
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: this.#url(),
      application: { id: bot.applicationId, flags: bot.flags ?? 1 << 18 },
    });
    for (const guild of guilds) this.#send(session, "GUILD_CREATE", guildObject(guild, bot));
  }

  #resume(client: WebSocket, { token, session_id, seq }: Record<string, unknown>): void {
    const session = this.#sessions.get(String(session_id));
    if (this.forgets || !session || session.bot.token !== token) {
      client.send(JSON.stringify({ op: 9, d: false }));
      return;
    }
    session.socket = client;
    client.on("close", () => {
      if (session.socket === client) session.socket = undefined;
    });
    for (const event of session.events) if (event.s > Number(seq)) client.send(event.text);
    this.#send(session, "RESUMED", {});
  }

  #send(session: Session, t: string, d: object): void {
    const s = ++session.seq;
    const text = JSON.stringify({ op: 0, s, t, d });
    session.events.push({ s, text });
    session.socket?.send(text);
  }
}
