import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { definePlugin, faultPoint, faultPointsPassed, Messaging, Type } from "openclaw/plugin-sdk";
import type { ChannelContext, ChannelDef, DeliveryOutcome, Envelope, OutboxEntry } from "openclaw/plugin-sdk";
import type { Incoming, ToChannel, ToPlatform } from "./lines.ts";

const CHANNELS = ["loop-key", "loop-look", "loop-none"] as const;

/** Three networks that differ in what they offer against a message that is sent twice: a key, a look back, nothing. */
export default definePlugin((gateway) => {
  for (const id of CHANNELS) {
    const channel = createChannel(id);
    gateway.hooks
      .of(Messaging)
      .channel.for(id)
      .tap({ label: id }, () => channel);
  }

  const messaging = gateway.use(Messaging);
  gateway.method({
    name: "loop.ends",
    scope: "operator.read",
    params: Type.Object({
      channel: Type.String(),
      messages: Type.Array(
        Type.Object({ messageId: Type.String(), chatId: Type.String(), text: Type.String() }, { maxItems: 5_000 }),
      ),
    }),
    /** What became of messages that were accepted before: a repeat has no effect but to tell. */
    handle: async ({ channel, messages }) => ({
      ends: await Promise.all(
        messages.map(async (message) => {
          const { work, duplicate } = await messaging.accept({
            ...envelopeOf(message),
            channel,
            accountId: "default",
            replyTo: { channel, accountId: "default", to: message.chatId },
          });
          const entries = await messaging.deliveries(work.id);
          return { known: duplicate, state: work.state, entries: entries.map(({ id, state }) => ({ id, state })) };
        }),
      ),
    }),
  });
  gateway.method({
    name: "loop.points",
    scope: "operator.read",
    params: Type.Object({}),
    handle: () => ({ passed: faultPointsPassed() }),
  });
});

function envelopeOf({ messageId, chatId, text }: Incoming): Omit<Envelope, "channel" | "accountId"> {
  return { messageId, chatId, text, chatType: "group", mentioned: true, sender: { id: "ann" } };
}

function createChannel(channel: (typeof CHANNELS)[number]): ChannelDef {
  const waiting = new Map<number, (messageId: string | undefined) => void>();
  let socket: Socket | undefined;
  let requests = 0;

  function say(line: ToPlatform): void {
    socket?.write(`${JSON.stringify(line)}\n`);
  }

  /** Rejects when the connection goes before the answer comes. */
  function ask(line: (request: number) => ToPlatform): Promise<string | undefined> {
    const request = ++requests;
    return new Promise((resolve, reject) => {
      if (!socket?.writable) return reject(new Error("not connected"));
      socket.once("close", () => reject(new Error("the connection went before the answer came")));
      waiting.set(request, resolve);
      say(line(request));
    });
  }

  async function start({ account, signal, accept }: ChannelContext): Promise<void> {
    socket = connect(account.config["port"] as number, "127.0.0.1");
    socket.setMaxListeners(0);
    signal.addEventListener("abort", () => socket?.destroy(), { once: true });
    // The first words, whatever is delivered while it still connects.
    say({ kind: "hello", channel });
    await once(socket, "connect");
    const lines = createInterface({ input: socket });
    socket.once("close", () => lines.close());
    for await (const text of lines) {
      const line = JSON.parse(text) as ToChannel;
      if (line.kind === "answer") {
        waiting.get(line.request)?.(line.messageId);
        waiting.delete(line.request);
        continue;
      }
      // Not waited for: a burst is taken in as it comes. What is refused comes again.
      void accept(envelopeOf(line.message)).then(
        () => say({ kind: "ack", messageId: line.message.messageId }),
        () => undefined,
      );
    }
    if (!signal.aborted) throw new Error("the platform closed the connection");
  }

  async function deliver({ id, address, payload }: OutboxEntry): Promise<DeliveryOutcome> {
    if (!socket?.writable) return { outcome: "not_sent", retryable: true, reason: "not connected" };
    faultPoint("channel.send");
    const shown = ask((request) => ({ kind: "send", request, id, chatId: address.to, text: payload.text }));
    const messageId = await shown.catch(() => undefined);
    faultPoint("channel.sent");
    if (messageId === undefined) return { outcome: "unknown", reason: "the answer was lost" };
    return { outcome: "sent", messageId };
  }

  /** Did people see it? What the network does not answer, nobody knows. */
  async function lookBack({ id }: OutboxEntry): Promise<DeliveryOutcome> {
    try {
      const messageId = await ask((request) => ({ kind: "look", request, id }));
      if (messageId !== undefined) return { outcome: "sent", messageId };
      return { outcome: "not_sent", retryable: true, reason: "the network does not show it" };
    } catch {
      return { outcome: "unknown", reason: "the network did not answer" };
    }
  }

  return {
    repeatsSafely: channel === "loop-key",
    ...(channel === "loop-look" && { lookBack }),
    start,
    deliver,
  };
}
