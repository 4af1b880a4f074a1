import { oneOf, Type } from "openclaw/plugin-sdk";
import type { Static } from "openclaw/plugin-sdk";

export const MessageParameters = Type.Object({
  action: oneOf(["send", "poll", "react", "edit", "delete"]),
  channel: Type.Optional(Type.String({ description: "network; default is that of this conversation" })),
  accountId: Type.Optional(Type.String()),
  target: Type.Optional(Type.String({ description: "whom to; default is this conversation" })),
  targets: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 20 })),
  message: Type.Optional(Type.String({ maxLength: 100_000, description: "Markdown" })),
  media: Type.Optional(Type.String({ description: "a file of the workspace or a https address" })),
  replyTo: Type.Optional(Type.String({ description: "id of the message to quote" })),
  messageId: Type.Optional(
    Type.String({
      description:
        "react: which message; default is the one answered. edit, delete: which of yours; default is your last one there",
    }),
  ),
  emoji: Type.Optional(Type.String({ maxLength: 100, description: "react: empty takes the reaction away" })),
  silent: Type.Optional(Type.Boolean()),
  asVoice: Type.Optional(Type.Boolean()),
  gifPlayback: Type.Optional(Type.Boolean()),
  buttons: Type.Optional(
    Type.Array(
      Type.Array(
        Type.Object({ text: Type.String(), value: Type.Optional(Type.String()), url: Type.Optional(Type.String()) }),
      ),
      { maxItems: 20 },
    ),
  ),
  pollQuestion: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  pollOptions: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 2, maxItems: 12 })),
  pollMulti: Type.Optional(Type.Boolean()),
  pollDurationHours: Type.Optional(Type.Integer({ minimum: 1 })),
  dryRun: Type.Optional(Type.Boolean({ description: "only say where it would go" })),
});
export type MessageParameters = Static<typeof MessageParameters>;
