import type { EnvelopeFormat, EnvelopeText, InboundSender } from "./runtime-contract.ts";
import { zonedStamp } from "../zoned-stamp.ts";

interface EnvelopeSettings {
  readonly envelopeTimezone?: string;
  readonly envelopeTimestamp?: string;
  readonly envelopeElapsed?: string;
  readonly userTimezone?: string;
}

/** How the configuration wants the header of a message (agents.defaults.envelope*). */
export function resolveEnvelopeFormatOptions(config?: unknown): EnvelopeFormat {
  const { agents } = (config ?? {}) as { agents?: { defaults?: EnvelopeSettings } };
  const { envelopeTimezone, envelopeTimestamp, envelopeElapsed, userTimezone } = agents?.defaults ?? {};
  return {
    timezone: envelopeTimezone ?? "local",
    userTimezone,
    includeTimestamp: envelopeTimestamp !== "off",
    includeElapsed: envelopeElapsed !== "off",
  };
}

/** `[<channel> <sender> <+elapsed> <timestamp>] text`, so that the model knows who says what, where and when. */
export function formatAgentEnvelope({
  channel,
  from,
  timestamp,
  previousTimestamp,
  envelope = {},
  body,
}: EnvelopeText): string {
  const at = timestamp === undefined ? undefined : new Date(timestamp);
  const parts = [
    channel.trim() || "Channel",
    from?.trim(),
    at && envelope.includeElapsed !== false ? elapsed(previousTimestamp, at) : undefined,
    at && envelope.includeTimestamp !== false ? zonedStamp(at, zoneOf(envelope)) : undefined,
  ];
  return `[${parts.filter(Boolean).join(" ")}] ${body}`;
}

/** The same for a chat with several people: the speaker stands before the words. */
export function formatInboundEnvelope({
  chatType,
  senderLabel,
  sender,
  ...envelope
}: EnvelopeText & InboundSender): string {
  const speaker = senderLabel?.trim() || sender?.name || sender?.username || sender?.id;
  const isDirect = chatType === undefined || chatType === "direct";
  const body = isDirect || !speaker ? envelope.body : `${speaker}: ${envelope.body}`;
  return formatAgentEnvelope({ ...envelope, body });
}

function elapsed(since: number | Date | undefined, at: Date): string | undefined {
  if (since === undefined) return undefined;
  const seconds = Math.floor((at.getTime() - new Date(since).getTime()) / 1_000);
  if (seconds < 0) return undefined;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `+${seconds}s`;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `+${minutes}m` : hours < 24 ? `+${hours}h` : `+${Math.floor(hours / 24)}d`;
}

function zoneOf({ timezone = "local", userTimezone }: EnvelopeFormat): string | undefined {
  const name = timezone === "user" ? userTimezone : timezone;
  if (name === "local") return undefined;
  return name === "utc" ? "UTC" : name;
}
