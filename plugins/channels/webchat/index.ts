import { Chat, definePlugin, errorText, GatewayError, Messaging, Sessions } from "openclaw/plugin-sdk";
import type { ChannelDef, ReplyPayload } from "openclaw/plugin-sdk";

/**
 * Messages come in through `chat.send`; this is the way out: a text becomes part of a session and is shown to whoever
 * looks at it. There is nothing to connect to, so it always works, and an entry is shown once however often it is sent.
 */
export default definePlugin((gateway) => {
  const chat = gateway.use(Chat);
  const sessions = gateway.use(Sessions);

  const channel: ChannelDef = {
    label: "WebChat",
    meta: { detailLabel: "WebChat", systemImage: "bubble.left.and.text.bubble.right" },
    needsConfig: false,
    repeatsSafely: true,
    capabilities: { chatTypes: ["direct"], media: true },
    limits: { text: 100_000 },
    targets: {
      hint: "a session key such as main or agent:main:main",
      parse: (raw) => {
        try {
          return { ok: true, to: sessions.parseKey(raw).canonical, kind: "user" };
        } catch (error) {
          return { ok: false, error: (error as Error).message };
        }
      },
    },
    start: ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
    async deliver({ id, address, payload }) {
      try {
        const session = await sessions.open(address.to);
        const { messageId } = await chat.inject(session.key, textOf(payload), "delivery-mirror", { sourceId: id });
        return { outcome: "sent", messageId, chatId: session.key };
      } catch (error) {
        const isWrong = error instanceof GatewayError && error.code === "INVALID_REQUEST";
        return { outcome: "not_sent", retryable: !isWrong, reason: errorText(error) };
      }
    },
  };
  gateway.hooks
    .of(Messaging)
    .channel.for("webchat")
    .tap({ label: "WebChat" }, () => channel);
});

/** A session holds text: media are named by where they are. */
function textOf({ text, mediaUrl, mediaUrls }: ReplyPayload): string {
  const urls = new Set([...(mediaUrl === undefined ? [] : [mediaUrl]), ...(mediaUrls ?? [])]);
  return [text, ...urls].filter((part) => part !== "").join("\n");
}
