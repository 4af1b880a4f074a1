import { closed, IdempotencyKey, NonEmptyString, Type } from "openclaw/plugin-sdk";

/** What `chat.send` takes (protocol.md §9.3). The release build has its check compiled: see `.scripts/precompile.mjs`. */
export const SendParams = closed({
  sessionKey: NonEmptyString,
  message: Type.String(),
  thinking: Type.Optional(Type.String()),
  deliver: Type.Optional(Type.Boolean()),
  attachments: Type.Optional(Type.Array(Type.Unknown())),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })),
  idempotencyKey: IdempotencyKey,
});
