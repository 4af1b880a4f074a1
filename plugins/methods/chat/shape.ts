import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();

/** A message of a transcript as clients are shown it (protocol.md §9.3). */
const MessageShape = Type.Object({
  role: Text,
  content: Type.Optional(Type.Unknown()),
  timestamp: Type.Optional(Type.Number()),
});

export const HistoryShape = Type.Object({
  sessionKey: Text,
  sessionId: Type.Optional(Text),
  messages: Type.Array(MessageShape),
  thinkingLevel: Type.Optional(Text),
  verboseLevel: Type.Optional(Text),
});
/** What a message began; for a stop word, what it stopped. */
export const SentShape = Type.Object({
  runId: Type.Optional(Text),
  status: Type.Optional(Text),
  summary: Type.Optional(Text),
  ok: Type.Optional(Type.Boolean()),
  aborted: Type.Optional(Type.Boolean()),
  runIds: Type.Optional(Type.Array(Text)),
});
export const AbortedShape = Type.Object({
  ok: Type.Literal(true),
  aborted: Type.Boolean(),
  runIds: Type.Array(Text),
});
export const InjectedShape = Type.Object({ ok: Type.Literal(true), messageId: Text });

/** protocol.md §11. */
export const ChatEventShape = Type.Object({
  runId: Text,
  sessionKey: Text,
  seq: Type.Integer(),
  state: Type.Union([Type.Literal("delta"), Type.Literal("final"), Type.Literal("aborted"), Type.Literal("error")]),
  message: Type.Optional(Type.Unknown()),
  errorMessage: Type.Optional(Text),
  usage: Type.Optional(Type.Unknown()),
  stopReason: Type.Optional(Text),
});
