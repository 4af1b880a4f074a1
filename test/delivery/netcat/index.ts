import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { definePlugin, Messaging } from "openclaw/plugin-sdk";
import type { ChannelContext, ChannelDef, DeliveryOutcome, OutboxEntry } from "openclaw/plugin-sdk";

/** The first line of a connection is the user's name, every other line is a message. */
export default definePlugin((gateway) => {
  const netcat = createNetcat();
  gateway.hooks
    .of(Messaging)
    .channel.for("netcat")
    .tap({ label: "Netcat" }, () => netcat);
});

function createNetcat(): ChannelDef {
  const users = new Map<string, Socket>();

  async function start({ account, signal, accept }: ChannelContext): Promise<void> {
    const server = createServer((socket) => void serve(socket, accept).catch(() => socket.destroy()));
    server.listen(account.config["port"] as number, "127.0.0.1");
    await once(server, "listening");
    if (!signal.aborted) await once(signal, "abort");
    for (const socket of users.values()) socket.destroy();
    server.close();
  }

  async function serve(socket: Socket, accept: ChannelContext["accept"]): Promise<void> {
    let name: string | undefined;
    let count = 0;
    socket.write("Who are you?\n");
    for await (const line of createInterface({ input: socket })) {
      const text = line.trim();
      if (text === "") continue;
      if (name === undefined) {
        name = text;
        users.set(name, socket);
        continue;
      }
      const messageId = `${Date.now()}-${++count}`;
      await accept({ messageId, text, sender: { id: name, name }, chatType: "direct", chatId: name });
    }
    if (name !== undefined && users.get(name) === socket) users.delete(name);
  }

  async function deliver({ id, address, payload }: OutboxEntry): Promise<DeliveryOutcome> {
    const socket = users.get(address.to);
    if (!socket?.writable) return { outcome: "not_sent", retryable: true, reason: `${address.to} is not connected` };
    socket.write(`${payload.text}\n`);
    return { outcome: "sent", messageId: id, chatId: address.to };
  }

  return { textLimit: 4_000, start, deliver };
}
