import { Messaging } from "../services/messaging.ts";
import type { Established } from "./established.ts";

const SENT_MS = 30_000;

/** Functions of `api.runtime.channel.<id>` that send a text, by channel. */
const NAMES: Readonly<Record<string, string>> = {
  telegram: "sendMessageTelegram",
  discord: "sendMessageDiscord",
  slack: "sendMessageSlack",
  signal: "sendMessageSignal",
  imessage: "sendMessageIMessage",
  whatsapp: "sendMessageWhatsApp",
};

interface PushOptions {
  readonly accountId?: string;
  readonly mediaUrl?: string;
  readonly messageThreadId?: string | number;
}

export type Push = (
  to: string | number,
  text: string,
  options?: PushOptions,
) => Promise<{ readonly messageId: string; readonly chatId: string }>;

/** The ordinary way out of each channel: queued durably; resolves when sent, rejects when that is not known. */
export function createPushes({ gateway }: Established): Record<string, Record<string, Push>> {
  const pushTo =
    (channel: string): Push =>
    async (given, text, { accountId = "default", mediaUrl, messageThreadId } = {}) => {
      const to = String(given);
      const messaging = gateway.use(Messaging);
      const thread = messageThreadId === undefined ? {} : { threadId: String(messageThreadId) };
      const payload = { text, ...(mediaUrl !== undefined && { mediaUrl }) };
      const { id } = await messaging.deliver({ channel, accountId, to, ...thread }, payload);
      const { state, receipt, reason } = await messaging.delivered(id, SENT_MS);
      if (state === "sent") return { messageId: receipt?.messageId ?? id, chatId: receipt?.chatId ?? to };
      throw new Error(`message to ${channel} ${to} is ${state}: ${reason ?? `not sent within ${SENT_MS / 1_000} s`}`);
    };
  return Object.fromEntries(Object.entries(NAMES).map(([channel, name]) => [channel, { [name]: pushTo(channel) }]));
}
