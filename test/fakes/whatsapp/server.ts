import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { Curve, hmacSign, proto, WA_ADV_ACCOUNT_SIG_PREFIX } from "@whiskeysockets/baileys";
import type { BinaryNode } from "@whiskeysockets/baileys";
import { WebSocketServer } from "ws";
import { Client } from "./client.ts";
import type { ClientHost } from "./client.ts";
import { MediaShelf } from "./media.ts";
import { node, numberOf, Peer } from "./peer.ts";

export type Mode = "ok" | "auth-fail" | "rate-limit" | "server-error" | "garbage" | "drop" | "hang" | "slow";

/** A message that the account sent, as the phone of its receiver reads it. */
export interface Sent {
  readonly id: string;
  readonly to: string;
  /** The text, or the caption of a file. */
  readonly text: string;
  readonly message: proto.IMessage;
}

/** Something the account sent to the network. */
export interface Call {
  readonly kind: "message" | "presence" | "receipt" | "logout" | "iq";
  readonly node: BinaryNode;
}

export interface InboundMessage {
  /** Who writes: a number with or without `+`, or a whole address. */
  readonly from: string;
  /** The group it is written in. */
  readonly group?: string;
  readonly text?: string;
  /** Anything but a plain text. */
  readonly message?: proto.IMessage;
  readonly id?: string;
  readonly name?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
  /** It waited while nobody was connected. */
  readonly offline?: boolean;
  /** The account's owner wrote it, on the phone. */
  readonly fromMe?: boolean;
  readonly attrs?: BinaryNode["attrs"];
}

export interface Account {
  readonly jid: string;
  readonly lid: string;
}

export interface StartOptions {
  readonly port?: number;
  readonly account?: Account;
  readonly tls?: { readonly cert: string; readonly key: string };
}

export const ACCOUNT: Account = { jid: "15550009999:3@s.whatsapp.net", lid: "7715550009999:3@lid" };

/** WhatsApp on this machine: the handshake, linking by QR code and by a typed code, and sessions of linked devices. */
export class FakeWhatsApp implements ClientHost {
  readonly calls: Call[] = [];
  readonly sent: Sent[] = [];
  /** Ids of the messages that are at the network, read by their receivers or not yet. */
  readonly arrived = new Set<string>();
  readonly account: Account;
  readonly groups = new Map<string, { readonly subject: string; readonly members: readonly string[] }>();
  /** Connections that were opened, whatever became of them. */
  connections = 0;
  /** Logged-in sessions that were opened. */
  logins = 0;
  /** Answers to the next message instead of an acknowledgement without an error. */
  nextAckError: string | undefined;
  /** The next message arrives, and the connection is cut before anybody says so. */
  losesNextAck = false;
  /** Files that were uploaded, and those that lie ready. */
  readonly media: MediaShelf;
  readonly #isTls: boolean;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #peers = new Map<string, Peer>();
  readonly #clients = new Set<Client>();
  /** Messages that no session has said to have. */
  readonly #unacknowledged = new Map<string, BinaryNode>();
  #mode: Mode = "ok";
  #waiters: (() => void)[] = [];
  #count = 0;

  private constructor(http: Server, account: Account, media: MediaShelf, isTls: boolean) {
    this.#http = http;
    this.account = account;
    this.media = media;
    this.#isTls = isTls;
    this.#sockets = new WebSocketServer({
      server: http,
      path: "/ws/chat",
      verifyClient: (_, answer) => this.#upgrade(answer),
    });
    this.#sockets.on("error", () => undefined);
    this.#sockets.on("connection", (socket) => {
      this.connections++;
      if (this.#mode === "drop") return socket.terminate();
      if (this.#mode === "hang") return;
      const client = new Client(socket, this);
      this.#clients.add(client);
      socket.on("close", () => this.#clients.delete(client));
      this.changed();
    });
  }

  /** With `tls` files can be exchanged, too: the library asks for them over https only. */
  static async start({ port = 0, account = ACCOUNT, tls }: StartOptions = {}): Promise<FakeWhatsApp> {
    const media = new MediaShelf();
    const serve = media.serve.bind(media);
    const http = tls ? createTlsServer({ ...tls }, serve) : createServer(serve);
    http.listen(port, "127.0.0.1");
    await once(http, "listening");
    return new FakeWhatsApp(http, account, media, tls !== undefined);
  }

  get port(): number {
    return (this.#http.address() as { readonly port: number }).port;
  }

  get url(): string {
    return `http${this.#isTls ? "s" : ""}://127.0.0.1:${this.port}`;
  }

  get wsUrl(): string {
    return `ws${this.#isTls ? "s" : ""}://127.0.0.1:${this.port}/ws/chat`;
  }

  /** A session is logged in. */
  get isOnline(): boolean {
    return [...this.#clients].some(({ isLoggedIn }) => isLoggedIn);
  }

  get currentMode(): Mode {
    return this.#mode;
  }

  /** How it behaves from now on. `rate-limit` is for the next message only. */
  mode(name: Mode): void {
    if (name === "rate-limit") this.nextAckError = "429";
    this.#mode = name === "rate-limit" ? "ok" : name;
  }

  /** The phone scans the code: `text` is what the QR says. */
  async scan(text: string): Promise<void> {
    const [, , , advSecret] = (text.split("#")[1] ?? "").split(",");
    const client = await this.#waiting();
    await client.pair(this.pairSuccess(client, Buffer.from(advSecret ?? "", "base64")));
  }

  /** The phone's owner types the code. */
  async type(code: string): Promise<void> {
    const client = await this.#waiting();
    const secret = await client.typed(code.replace("-", ""));
    await client.pair(this.pairSuccess(client, secret));
  }

  /** The phone's consent, signed as the client checks it. */
  pairSuccess(client: Client, advSecret: Buffer): BinaryNode {
    const phone = Curve.generateKeyPair();
    const details = proto.ADVDeviceIdentity.encode({
      rawId: 7,
      timestamp: Math.floor(Date.now() / 1_000),
      keyIndex: 1,
    }).finish();
    const signed = Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, details, client.identity]);
    const identity = proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: phone.public,
      accountSignature: Curve.sign(phone.private, signed),
    }).finish();
    const sealed = proto.ADVSignedDeviceIdentityHMAC.encode({
      details: identity,
      hmac: hmacSign(identity, advSecret),
    }).finish();
    return node("iq", { id: this.nextId(), type: "set", from: "s.whatsapp.net" }, [
      node("pair-success", {}, [
        node("device-identity", {}, sealed),
        node("device", { jid: this.account.jid, lid: this.account.lid }),
        node("platform", { name: "android" }),
      ]),
    ]);
  }

  /** Somebody writes to the account, once it is connected. Resolves with the message's id. */
  async push(inbound: InboundMessage): Promise<string> {
    const [id, message] = this.#kept(inbound);
    const client = await this.session();
    await client.send(message);
    return id;
  }

  /** Somebody writes while nobody is connected: it comes with the next login. Returns the message's id. */
  leave(inbound: InboundMessage): string {
    return this.#kept(inbound)[0];
  }

  /** A session has begun: what nobody has acknowledged comes once more. */
  async entered(client: Client): Promise<void> {
    for (const { attrs, ...message } of this.#unacknowledged.values())
      await client.send({ ...message, attrs: { ...attrs, offline: "1" } });
  }

  acknowledged(id: string): void {
    this.#unacknowledged.delete(id);
  }

  #kept(inbound: InboundMessage): [string, BinaryNode] {
    const id = inbound.id ?? `IN${this.nextId()}`;
    const from = inbound.from.includes("@") ? inbound.from : `${inbound.from.replace("+", "")}@s.whatsapp.net`;
    const message = inbound.message ?? { conversation: inbound.text ?? "" };
    const own = this.account.jid.replace(/:\d+/, "");
    const attrs = {
      id,
      t: String(Math.floor((inbound.at ?? Date.now()) / 1_000)),
      notify: inbound.name ?? "Somebody",
      type: "text",
      ...(inbound.group === undefined
        ? { from: inbound.fromMe ? own : from }
        : { from: inbound.group, participant: inbound.fromMe ? own : from }),
      ...(inbound.fromMe && inbound.group === undefined && { recipient: from }),
      ...(inbound.offline && { offline: "1" }),
      ...inbound.attrs,
    };
    const bytes = proto.Message.encode(message).finish();
    const made = node("message", attrs, [node("plaintext", {}, bytes)]);
    this.#unacknowledged.set(id, made);
    return [id, made];
  }

  /** The network ends every session with an error, such as 401, 440 or 515. */
  async streamError(code: string, reason = "unknown"): Promise<void> {
    for (const client of this.#clients) await client.streamError(code, reason);
  }

  /** Every session gets bytes that nobody can read. */
  babble(): void {
    for (const client of this.#clients) client.babble();
  }

  /** Cut every connection without a word. */
  cut(): void {
    for (const client of this.#clients) client.terminate();
  }

  /** The session that is logged in, when there is one. */
  session(): Promise<Client> {
    return this.waitFor(() => [...this.#clients].find(({ isLoggedIn }) => isLoggedIn));
  }

  /** What the network has seen of one kind. */
  seen(kind: Call["kind"]): BinaryNode[] {
    return this.calls.filter((call) => call.kind === kind).map((call) => call.node);
  }

  /** Resolves with what `look` finds, looked for after everything that happens. */
  async waitFor<T>(look: () => T | undefined | false, ms = 10_000): Promise<T> {
    const deadline = performance.now() + ms;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (performance.now() > deadline) throw new Error(`WhatsApp did not see it within ${ms} ms`);
      await Promise.race([new Promise<void>((resolve) => this.#waiters.push(resolve)), delay(100)]);
    }
  }

  /** The message that says this, once it is there. */
  said(pattern: RegExp, to?: string): Promise<Sent> {
    return this.waitFor(() => this.sent.find((one) => pattern.test(one.text) && (to === undefined || one.to === to)));
  }

  async close(): Promise<void> {
    this.cut();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, "close");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  nextId(): string {
    return String(++this.#count).padStart(6, "0");
  }

  peer(jid: string): Peer {
    const number = numberOf(jid);
    const peer = this.#peers.get(number) ?? new Peer(number);
    this.#peers.set(number, peer);
    return peer;
  }

  async took(message: BinaryNode): Promise<void> {
    const to = message.attrs["to"] as string;
    const id = message.attrs["id"] as string;
    this.arrived.add(id);
    const readers = this.groups.get(to)?.members ?? [to];
    for (const reader of readers) {
      const read = await this.peer(reader).read(message, this.account.jid);
      if (!read) continue;
      this.sent.push({ id, to, text: textIn(read), message: read });
      break;
    }
    this.called("message", message);
  }

  called(kind: Call["kind"], what: BinaryNode): void {
    this.calls.push({ kind, node: what });
    this.changed();
  }

  changed(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #upgrade(answer: (isTaken: boolean, code?: number, text?: string, headers?: Record<string, string>) => void): void {
    if (this.#mode === "server-error") return answer(false, 500, "down");
    if (this.#mode === "garbage")
      return answer(false, 200, "<html>not WhatsApp</html>", { "content-type": "text/html" });
    answer(true);
  }

  /** The connection that shows a code. */
  #waiting(): Promise<Client> {
    return this.waitFor(() => [...this.#clients].find(({ isPairing }) => isPairing));
  }
}

function textIn(message: proto.IMessage): string {
  const { conversation, extendedTextMessage, imageMessage, videoMessage, documentMessage } = message;
  return (
    conversation ??
    extendedTextMessage?.text ??
    imageMessage?.caption ??
    videoMessage?.caption ??
    documentMessage?.caption ??
    ""
  );
}
