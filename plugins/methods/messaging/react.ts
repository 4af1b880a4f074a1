import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type { ReplyAddress } from "openclaw/plugin-sdk";
import type { Channels } from "./channels.ts";

/** Put an emoji on a message. It is asked for by somebody who wants to know whether it worked, unlike a courtesy. */
export async function react(
  address: ReplyAddress,
  messageId: string,
  emoji: string,
  channels: Channels,
): Promise<void> {
  const { channel, accountId } = address;
  const definition = channels.has(channel) ? await channels.get(channel) : undefined;
  if (!definition?.react) throw new GatewayError("INVALID_REQUEST", `${definition?.label ?? channel} has no reactions`);
  try {
    await definition.react(address, messageId, emoji, channels.account(channel, accountId));
  } catch (cause) {
    throw new GatewayError("UNAVAILABLE", `the reaction was refused: ${errorText(cause)}`, { cause });
  }
}
