import { messageEnvelope, textOf } from "./parse.ts";
import type { Inbound, Reading } from "./parse.ts";
import type { WireChange, WireMessage } from "./wire.ts";

/** The message that was changed or taken back, as it stands in its channel; nothing for what nobody wrote or changed. */
export function changedMessage(change: WireChange): WireMessage | undefined {
  const { subtype, channel, channel_type, message, previous_message: before } = change;
  if (subtype === "message_deleted") return before && ({ ...before, channel, channel_type } as WireMessage);
  // Looking a link up changes a message too, and says nothing new.
  if (subtype !== "message_changed" || !message?.edited || message.text === before?.text) return undefined;
  return { ...message, channel, channel_type } as WireMessage;
}

/** That a message was changed or taken back, as a fact for the agent that was told of it. */
export function changeEnvelope(change: WireChange, message: WireMessage, reading: Reading): Inbound {
  const { media: _media, quoted: _quoted, ...inbound } = messageEnvelope(message, reading);
  const isGone = change.subtype === "message_deleted";
  const who = inbound.sender.name ?? inbound.sender.id;
  const where = reading.here.name === undefined ? "" : ` in #${reading.here.name}`;
  const what = isGone ? "deleted" : `edited, it now says: ${textOf(message)}`;
  return {
    ...inbound,
    kind: "notice",
    revision: `${change.subtype ?? ""} ${message.edited?.ts ?? change.event_ts ?? ""}`,
    text: `Slack message ${inbound.messageId} of ${who}${where} was ${what}`,
  };
}
