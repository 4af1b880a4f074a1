import { randomUUID } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { definePlugin, Messaging, Type } from "openclaw/plugin-sdk";
import type { Envelope, PluginGateway } from "openclaw/plugin-sdk";

const Load = Type.Object({
  /** How many messages. */
  count: Type.Integer({ minimum: 1 }),
  /** Sessions are `chat-0` … one below this; messages go round them. */
  chats: Type.Integer({ minimum: 1 }),
  /** The number of the first chat. */
  first: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Messages that wait for their answer at the same time. */
  atOnce: Type.Optional(Type.Integer({ minimum: 1 })),
});

export default definePlugin((gateway: PluginGateway) => {
  const messaging = gateway.use(Messaging);
  gateway.hooks
    .of(Messaging)
    .channel.for("chatter")
    .tap({ label: "Chatter" }, () => ({
      needsConfig: false,
      start: ({ signal }) =>
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
      deliver: async ({ id }) => ({ outcome: "sent", messageId: id }),
    }));

  /** All at once through the door. Resolves with the milliseconds until the last one was accepted; waits for no answer. */
  gateway.method({
    name: "chatter.burst",
    scope: "operator.write",
    params: Load,
    async handle({ count, chats, first = 0 }) {
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: count }, (_, n) => messaging.accept(message(first + (n % chats)))));
      return { ms: performance.now() - startedAt };
    },
  });

  /** What is really held, in bytes: what could be collected is. */
  gateway.method({
    name: "chatter.held",
    scope: "operator.read",
    params: Type.Object({}),
    handle() {
      setFlagsFromString("--expose-gc");
      (runInNewContext("gc") as () => void)();
      const { heapUsed, external } = process.memoryUsage();
      return { bytes: heapUsed + external };
    },
  });

  /** Resolves with the milliseconds from the door to the commit of each answer. */
  gateway.method({
    name: "chatter.talk",
    scope: "operator.write",
    params: Load,
    async handle({ count, chats, first = 0, atOnce = 1 }) {
      const times: number[] = [];
      let next = 0;
      const talk = async () => {
        while (next < count) {
          const chat = first + (next++ % chats);
          const startedAt = performance.now();
          const { work } = await messaging.accept(message(chat));
          await messaging.ended(work.id);
          times.push(performance.now() - startedAt);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, talk));
      return { times };
    },
  });
});

function message(chat: number): Envelope {
  return {
    channel: "chatter",
    accountId: "default",
    messageId: randomUUID(),
    text: `something to answer in chat ${chat}`,
    sender: { id: "ann" },
    chatType: "direct",
    chatId: `chat-${chat}`,
    sessionKey: `agent:main:chat-${chat}`,
    replyTo: { channel: "chatter", accountId: "default", to: `chat-${chat}` },
  };
}
