import type { DeliveryOutcome, OutboxEntry, ReplyPayload } from "../services/messaging.ts";
import type { ChannelOutbound, EstablishedChannel, OutboundText } from "./channel-contract.ts";
import type { Established } from "./established.ts";

const TEXT_LIMIT = 4_000;

/** Sends one entry through the channel's `outbound`: target, chunks, then one send each. The last id counts. */
export async function deliverOutbound(
  channel: EstablishedChannel,
  { id, address, payload }: OutboxEntry,
  accountId: string,
  plugin: Established,
): Promise<DeliveryOutcome> {
  const { outbound } = channel;
  if (!outbound?.sendText) return never(`channel ${channel.id} has no outbound.sendText`);
  const cfg = plugin.config();
  const target = targetOf(channel, address.to, accountId, cfg);
  if (!target.ok) return never(target.error instanceof Error ? target.error.message : String(target.error));
  const about = { cfg, to: target.to, accountId, ...(address.threadId && { threadId: address.threadId }), deps: {} };

  const sends = sendsOf(outbound, payload, about);
  let last: unknown;
  for (const [index, send] of sends.entries()) {
    try {
      last = await send();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // What is out is out: another attempt would send it twice.
      if (index > 0) return { outcome: "unknown", reason: `part ${index + 1} of ${sends.length}: ${reason}` };
      return { outcome: "not_sent", retryable: true, reason };
    }
  }
  const { messageId, chatId } = (last ?? {}) as { messageId?: unknown; chatId?: unknown };
  return {
    outcome: "sent",
    messageId: messageId === undefined ? id : String(messageId),
    ...(chatId !== undefined && { chatId: String(chatId) }),
  };
}

function never(reason: string): DeliveryOutcome {
  return { outcome: "not_sent", retryable: false, reason };
}

function targetOf({ config, outbound }: EstablishedChannel, to: string, accountId: string, cfg: unknown) {
  const allowFrom = config.resolveAllowFrom?.({ cfg, accountId });
  return outbound?.resolveTarget?.({ cfg, to, allowFrom, accountId, mode: "explicit" }) ?? { ok: true as const, to };
}

/** The sends of one payload, in order: media with the text as caption, else the text in chunks. */
function sendsOf(
  outbound: ChannelOutbound,
  { text, mediaUrl, mediaUrls }: ReplyPayload,
  about: Omit<OutboundText, "text">,
): (() => unknown)[] {
  const media = mediaUrls ?? (mediaUrl === undefined ? [] : [mediaUrl]);
  if (media.length > 0 && outbound.sendMedia) {
    return media.map(
      (url, index) => () => outbound.sendMedia?.({ ...about, text: index === 0 ? text : "", mediaUrl: url }),
    );
  }
  const whole = [text, ...media].filter((part) => part !== "").join("\n");
  const limit = outbound.textChunkLimit ?? TEXT_LIMIT;
  const chunks = outbound.chunker ? outbound.chunker(whole, limit) : cut(whole, limit);
  return chunks.map((chunk) => () => outbound.sendText?.({ ...about, text: chunk }));
}

/** At a line end where there is one, else where the limit falls. */
function cut(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const line = rest.lastIndexOf("\n", limit);
    const end = line > limit / 2 ? line : limit;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^\n/, "");
  }
  return rest === "" ? parts : [...parts, rest];
}
