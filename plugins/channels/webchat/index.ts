import { Chat, definePlugin, errorText, GatewayError, Messaging, Sessions } from "openclaw/plugin-sdk";
import type { ChannelDef } from "openclaw/plugin-sdk";

/** Messages come in through `chat.send`; this is the way out: a text becomes part of a session. */
export default definePlugin((gateway) => {
  const chat = gateway.use(Chat);
  const sessions = gateway.use(Sessions);

  const channel: ChannelDef = {
    label: "WebChat",
    needsConfig: false,
    start: ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
    async deliver({ address, payload }) {
      try {
        const session = await sessions.open(sessions.parseKey(address.to).canonical);
        const { messageId } = await chat.inject(session.key, payload.text, "delivery-mirror");
        return { outcome: "sent", messageId, chatId: session.key };
      } catch (error) {
        const wrong = error instanceof GatewayError && error.code === "INVALID_REQUEST";
        return { outcome: "not_sent", retryable: !wrong, reason: errorText(error) };
      }
    },
  };
  gateway.hooks
    .of(Messaging)
    .channel.for("webchat")
    .tap({ label: "WebChat" }, () => channel);
});
