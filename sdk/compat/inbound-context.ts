import { randomUUID } from "node:crypto";
import type { Envelope, ReplyAddress } from "../services/messaging.ts";

/** What a channel plugin fills in about a message on its way in. */
export interface MessageContextFields {
  /** With the envelope header. */
  Body?: string;
  BodyForAgent?: string;
  BodyForCommands?: string;
  RawBody?: string;
  CommandBody?: string;
  From?: string;
  To?: string;
  SessionKey?: string;
  AccountId?: string;
  ChatType?: string;
  ConversationLabel?: string;
  SenderId?: string;
  SenderName?: string;
  SenderUsername?: string;
  GroupSubject?: string;
  GroupChannel?: string;
  WasMentioned?: boolean;
  Provider?: string;
  Surface?: string;
  MessageSid?: string;
  Timestamp?: number;
  CommandAuthorized?: boolean;
  OriginatingChannel?: string;
  OriginatingTo?: string;
  MessageThreadId?: string | number;
  [field: string]: unknown;
}

/** Fills in what follows from the rest, in place. */
export function finalizeInboundContext(context: MessageContextFields): MessageContextFields {
  const { Body = "", RawBody, CommandBody, BodyForAgent, BodyForCommands, ConversationLabel } = context;
  context.Body = Body;
  context.BodyForAgent = BodyForAgent ?? Body;
  context.BodyForCommands = BodyForCommands ?? CommandBody ?? RawBody ?? Body;
  const label = ConversationLabel?.trim() || labelOf(context);
  if (label) context.ConversationLabel = label;
  context.CommandAuthorized = context.CommandAuthorized === true;
  return context;
}

function labelOf({ ChatType, GroupSubject, GroupChannel, SenderName, SenderUsername, From }: MessageContextFields) {
  const person = SenderName ?? SenderUsername;
  return (ChatType === "direct" ? person : (GroupChannel ?? GroupSubject)) ?? person ?? From;
}

/** The message as our intake takes it. The plugin has decided who may write and which session it is. */
export function envelopeOf(context: MessageContextFields, runId: string): Envelope {
  const filled = finalizeInboundContext({ ...context });
  const { channel, accountId, to, threadId } = addressOf(filled);
  const { BodyForAgent = "", BodyForCommands = "", SenderId, SenderName, SessionKey, Timestamp, WasMentioned } = filled;
  return {
    channel,
    accountId,
    messageId: filled.MessageSid ?? randomUUID(),
    // One text serves both readers: a command is looked for at its very start, where a header would hide it.
    text: BodyForCommands.trimStart().startsWith("/") ? BodyForCommands : BodyForAgent,
    sender: { id: SenderId ?? filled.From ?? to, ...(SenderName !== undefined && { name: SenderName }) },
    chatType: chatTypeOf(filled),
    chatId: to,
    runId,
    ...(threadId !== undefined && { threadId }),
    ...(SessionKey !== undefined && { sessionKey: SessionKey }),
    ...(Timestamp !== undefined && { timestamp: Timestamp }),
    ...(WasMentioned !== undefined && { mentioned: WasMentioned }),
    options: {
      commandAuthorized: filled.CommandAuthorized === true,
      ...(typeof filled["GroupSystemPrompt"] === "string" && { extraSystemPrompt: filled["GroupSystemPrompt"] }),
    },
  };
}

/** Where the answer goes. */
export function addressOf(context: MessageContextFields): ReplyAddress {
  const { OriginatingChannel, Surface, Provider, AccountId, OriginatingTo, To, From, MessageThreadId } = context;
  return {
    channel: OriginatingChannel ?? Surface ?? Provider ?? "unknown",
    accountId: AccountId ?? "default",
    to: OriginatingTo ?? To ?? From ?? "",
    ...(MessageThreadId !== undefined && { threadId: String(MessageThreadId) }),
  };
}

/** A thread is not a chat of its own with us, but a place in one. */
function chatTypeOf({ ChatType }: MessageContextFields): Envelope["chatType"] {
  if (ChatType === "group") return "group";
  return ChatType === "channel" || ChatType === "thread" ? "channel" : "direct";
}
