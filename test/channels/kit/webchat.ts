import type { GatewayClient } from "openclaw/plugin-sdk";
import { defineChannelKit } from "openclaw/plugin-sdk/testing";

const BY_ITSELF = "the gateway's own socket is the network";
const NOBODY = "whoever has logged in to the gateway is let in";

interface History {
  readonly messages: readonly { readonly role: string; readonly content: readonly { readonly text?: string }[] }[];
}

/** How the kit plays WebChat: a client of the gateway, in a session per person. */
export default defineChannelKit({
  channel: "webchat",
  textLimit: 100_000,
  lacks: {
    strangers: NOBODY,
    groups: "a session has one person",
    media: "a file is named by where it is; uploads belong to chat.send",
    connection: BY_ITSELF,
    credentials: BY_ITSELF,
    identity: BY_ITSELF,
    "rate-limit": BY_ITSELF,
    answers: BY_ITSELF,
    accounts: BY_ITSELF,
    events: "what comes in is a method of the gateway, with a schema",
    redelivery: "who writes is told whether it was taken in",
    backlog: BY_ITSELF,
  },
  except: { C9: "each chat.send is a run of its own, which its client follows by the id it gave" },
  start() {
    let client: GatewayClient | undefined;
    let token = "";
    let count = 0;
    const said = new Map<string, string[]>();

    /** A session's history is what people see, also after a restart: events are not replayed. */
    async function read(sessionKey: string, from: GatewayClient): Promise<void> {
      const { messages } = await from.request<History>("chat.history", { sessionKey });
      const answers = messages.filter(({ role }) => role === "assistant");
      said.set(
        sessionKey,
        answers.map(({ content }) => content.map(({ text = "" }) => text).join("")),
      );
    }

    return {
      get secrets() {
        return [token];
      },
      person: (number) => `agent:main:kit-${number}`,
      async attach(gateway) {
        token = gateway.token;
        const own = await gateway.client();
        client = own;
        own.on("event", ({ event, payload }) => {
          const { sessionKey, state } = payload as { readonly sessionKey: string; readonly state: string };
          if (event === "chat" && state !== "delta") void read(sessionKey, own).catch(() => undefined);
        });
        for (const sessionKey of said.keys()) await read(sessionKey, own);
      },
      async says({ from, text, again }) {
        const sessionKey = `agent:main:kit-${from}`;
        const idempotencyKey = again ?? `kit-chat-${++count}`;
        if (!said.has(sessionKey)) said.set(sessionKey, []);
        await client?.request("chat.send", { sessionKey, message: text, idempotencyKey });
        return idempotencyKey;
      },
      sent: () => [...said].flatMap(([to, texts]) => texts.map((text) => ({ to, text }))),
      logins: () => 0,
      close: () => undefined,
    };
  },
});
