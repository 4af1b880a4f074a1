import type { Envelope, OutboxEntry, Session, ToolContext, Work } from "openclaw/plugin-sdk";

/** A message on its way in, as the intake records it. */
export function sampleWork(envelope: Partial<Envelope> = {}, work: Partial<Work> = {}): Work {
  return {
    id: "work-1",
    runId: "run-1",
    sessionKey: "agent:main:main",
    envelope: {
      channel: "telegram",
      accountId: "default",
      messageId: "m1",
      text: "hello",
      sender: { id: "42", name: "Ada" },
      chatType: "direct",
      chatId: "4242",
      timestamp: 1_000,
      replyTo: { channel: "telegram", accountId: "default", to: "4242" },
      ...envelope,
    },
    state: "running",
    acceptedAt: 1_000,
    updatedAt: 1_000,
    attempt: 1,
    effects: false,
    ...work,
  };
}

export const SESSION: Session = {
  key: "agent:main:main",
  agentId: "main",
  entry: { sessionId: "s1", updatedAt: 900, lastChannel: "telegram" },
};

export function sampleEntry(entry: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    id: "out-1",
    address: { channel: "telegram", accountId: "default", to: "4242" },
    payload: { text: "hi" },
    state: "sent",
    attempt: 1,
    createdAt: 1_000,
    nextAttemptAt: 1_000,
    ...entry,
  };
}

export function toolCall(
  name: string,
  args: Record<string, unknown>,
  update: (partial: unknown) => void = () => {},
): ToolContext {
  return {
    toolCallId: "call-1",
    name,
    arguments: args,
    agentId: "main",
    sessionKey: "agent:main:main",
    runId: "run-1",
    isOwner: true,
    signal: new AbortController().signal,
    update,
  };
}
