import { once } from "node:events";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Incoming, ToChannel, ToPlatform } from "./loop/lines.ts";
import type { Random } from "./random.ts";

/** A message that people see, in the order they see them. */
export interface Shown {
  readonly channel: string;
  readonly chatId: string;
  readonly text: string;
  /** The sender's id of it. */
  readonly id: string;
}

interface Inbox {
  /** Not acknowledged yet, oldest first. */
  readonly unread: Map<string, Incoming>;
  socket: Socket | undefined;
}

/** How often the network misbehaves, as shares of all messages. */
export interface Mischief {
  readonly doubled: number;
  readonly lostAcks: number;
}

/**
 * The outside world of the loop-back channels: keeps messages until they are acknowledged, tells them again after
 * each connect, and remembers for good what it showed to whom. Outlives every gateway of a run.
 */
export class Platform implements AsyncDisposable {
  readonly shown: Shown[] = [];
  /** Ids of messages that the gateway acknowledged. */
  readonly acknowledged: Set<string> = new Set();
  /** How often a channel has said hello. */
  connects = 0;
  #acknowledged = Promise.withResolvers<string>();
  readonly #random: Random;
  readonly #mischief: Mischief;
  readonly #inboxes = new Map<string, Inbox>();
  readonly #server: Server;

  private constructor(random: Random, mischief: Mischief) {
    this.#random = random;
    this.#mischief = mischief;
    this.#server = createServer((socket) => void this.#serve(socket));
  }

  static async open(random: Random, mischief: Mischief = { doubled: 0, lostAcks: 0 }): Promise<Platform> {
    const platform = new Platform(random, mischief);
    platform.#server.listen(0, "127.0.0.1");
    await once(platform.#server, "listening");
    return platform;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** The next one. */
  acknowledgement(): Promise<string> {
    return this.#acknowledged.promise;
  }

  /** Somebody writes. */
  write(channel: string, message: Incoming): void {
    const inbox = this.#inbox(channel);
    inbox.unread.set(message.messageId, message);
    this.#tell(inbox, message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#inboxes.values()) socket?.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #inbox(channel: string): Inbox {
    const known = this.#inboxes.get(channel) ?? { unread: new Map<string, Incoming>(), socket: undefined };
    this.#inboxes.set(channel, known);
    return known;
  }

  #tell({ socket }: Inbox, message: Incoming): void {
    if (!socket?.writable) return;
    const times = this.#random.chance(this.#mischief.doubled) ? 2 : 1;
    for (let time = 0; time < times; time++) send(socket, { kind: "message", message });
  }

  async #serve(socket: Socket): Promise<void> {
    socket.on("error", () => undefined);
    let channel = "";
    const lines = createInterface({ input: socket });
    socket.once("close", () => lines.close());
    try {
      for await (const text of lines) {
        // A killed gateway leaves half a line behind, which nobody answers.
        const line = parsed(text);
        if (line === undefined) continue;
        if (line.kind === "hello") this.#connect((channel = line.channel), socket);
        else this.#obey(channel, line, socket);
      }
    } catch {
      // The connection was torn: what was not answered is not answered.
    }
  }

  #connect(channel: string, socket: Socket): void {
    const inbox = this.#inbox(channel);
    this.connects++;
    inbox.socket = socket;
    for (const message of inbox.unread.values()) this.#tell(inbox, message);
  }

  #obey(channel: string, line: Exclude<ToPlatform, { kind: "hello" }>, socket: Socket): void {
    if (line.kind === "ack") {
      // A lost acknowledgement: the platform tells it again after the next connect.
      if (this.#random.chance(this.#mischief.lostAcks)) return;
      this.acknowledged.add(line.messageId);
      this.#inbox(channel).unread.delete(line.messageId);
      this.#acknowledged.resolve(line.messageId);
      this.#acknowledged = Promise.withResolvers();
      return;
    }
    const { request, id } = line;
    const before = this.shown.find((one) => one.channel === channel && one.id === id);
    if (line.kind === "look") {
      send(socket, { kind: "answer", request, ...(before && { messageId: id }) });
      return;
    }
    // Only a network with keys knows that it has seen this one.
    if (!(channel === "loop-key" && before)) {
      this.shown.push({ channel, chatId: line.chatId, text: line.text, id });
    }
    send(socket, { kind: "answer", request, messageId: id });
  }
}

function send(socket: Socket, line: ToChannel): void {
  if (socket.writable) socket.write(`${JSON.stringify(line)}\n`);
}

function parsed(text: string): ToPlatform | undefined {
  try {
    return JSON.parse(text) as ToPlatform;
  } catch {
    return undefined;
  }
}
