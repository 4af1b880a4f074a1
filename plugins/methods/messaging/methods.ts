import { closed, GatewayError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { OutboxEntry, PluginGateway, StoreApi } from "openclaw/plugin-sdk";
import type { Channels } from "./channels.ts";
import { summary } from "./health.ts";
import type { Outbox } from "./outbox.ts";

/** How long `send` waits for the channel before it answers that the message is queued. */
const SEND_WAIT_MS = 10_000;

export function registerMethods(gateway: PluginGateway, channels: Channels, outbox: Outbox, store: StoreApi): void {
  gateway.method({
    name: "send",
    scope: "operator.write",
    idempotent: true,
    params: closed({
      to: NonEmptyString,
      message: NonEmptyString,
      mediaUrl: Type.Optional(Type.String()),
      mediaUrls: Type.Optional(Type.Array(Type.String())),
      gifPlayback: Type.Optional(Type.Boolean()),
      channel: Type.Optional(Type.String()),
      accountId: Type.Optional(Type.String()),
      sessionKey: Type.Optional(Type.String()),
      idempotencyKey: NonEmptyString,
    }),
    async handle({ to, message, mediaUrl, mediaUrls, channel = "whatsapp", accountId = "default", idempotencyKey }) {
      if (!channels.has(channel)) throw new GatewayError("INVALID_REQUEST", `unsupported channel: ${channel}`);
      const id = `send:${idempotencyKey}`;
      if (!(await outbox.get(id))) {
        const payload = { text: message, ...(mediaUrl !== undefined && { mediaUrl }), ...(mediaUrls && { mediaUrls }) };
        const entries = await outbox.prepare({ channel, accountId, to }, [payload], undefined, id);
        await store.commit(entries.map((entry) => outbox.insert(entry)));
        outbox.send(entries);
        return answer(idempotencyKey, await outbox.delivered((entries.at(-1) as OutboxEntry).id, SEND_WAIT_MS));
      }
      return answer(idempotencyKey, await outbox.delivered(id, SEND_WAIT_MS));
    },
  });

  gateway.method({
    name: "channels.status",
    scope: "operator.read",
    params: closed({ probe: Type.Optional(Type.Boolean()), timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })) }),
    handle() {
      const listed = channels.list().filter(({ accounts }) => accounts.length > 0);
      const by = <T>(value: (channel: (typeof listed)[number]) => T) =>
        Object.fromEntries(listed.map((channel) => [channel.id, value(channel)]));
      return {
        ts: Date.now(),
        channelOrder: listed.map(({ id }) => id),
        channelLabels: by(({ label }) => label),
        channelDetailLabels: by(({ label }) => label),
        channelSystemImages: {},
        channelMeta: listed.map(({ id, label }) => ({ id, label, detailLabel: label })),
        channels: by((channel) => summary(channel)),
        channelAccounts: by(({ accounts }) => accounts),
        channelDefaultAccountId: by(({ accounts }) => accounts[0]?.accountId ?? "default"),
      };
    },
  });
}

/** protocol.md §9.6: what became of a delivery, as far as anybody can know. */
function answer(runId: string, { id, state, address, receipt, reason }: OutboxEntry): object {
  const { channel } = address;
  if (state === "sent")
    return {
      runId,
      messageId: receipt?.messageId,
      channel,
      ...(receipt?.chatId !== undefined && { chatId: receipt.chatId }),
    };
  if (state === "dead")
    throw new GatewayError("UNAVAILABLE", `Error: ${reason ?? "delivery failed"}`, { details: { queueId: id } });
  return { runId, status: state === "unknown" ? "unknown" : "queued", queueId: id, channel };
}
