import { closed, IdempotencyKey, NonEmptyString, Type } from "openclaw/plugin-sdk";

/** What `agent` takes (protocol.md §9.2). The release build has its check compiled: see `.scripts/precompile.mjs`. */
export const AgentParams = closed({
  message: NonEmptyString,
  agentId: Type.Optional(NonEmptyString),
  to: Type.Optional(Type.String()),
  replyTo: Type.Optional(Type.String()),
  sessionId: Type.Optional(Type.String()),
  sessionKey: Type.Optional(Type.String()),
  thinking: Type.Optional(Type.String()),
  deliver: Type.Optional(Type.Boolean()),
  attachments: Type.Optional(Type.Array(Type.Unknown())),
  channel: Type.Optional(Type.String()),
  replyChannel: Type.Optional(Type.String()),
  accountId: Type.Optional(Type.String()),
  replyAccountId: Type.Optional(Type.String()),
  threadId: Type.Optional(Type.String()),
  groupId: Type.Optional(Type.String()),
  groupChannel: Type.Optional(Type.String()),
  groupSpace: Type.Optional(Type.String()),
  timeout: Type.Optional(Type.Integer({ minimum: 0 })),
  lane: Type.Optional(Type.String()),
  extraSystemPrompt: Type.Optional(Type.String()),
  idempotencyKey: IdempotencyKey,
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  spawnedBy: Type.Optional(Type.String()),
});
