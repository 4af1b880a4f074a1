import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Ms = Type.Integer();

const ErrorShape = Type.Object({ code: Text, message: Text, retryable: Type.Optional(Type.Boolean()) });

/**
 * protocol.md §9.2: `agent` answers twice on one id. First `accepted` with `acceptedAt`; then `ok` or `error` with
 * `summary`, and with what was said.
 */
export const AgentAnswerShape = Type.Object({
  runId: Text,
  status: Text,
  acceptedAt: Type.Optional(Ms),
  summary: Type.Optional(Text),
  result: Type.Optional(
    Type.Object({
      payloads: Type.Array(
        Type.Object({
          text: Text,
          mediaUrl: Type.Union([Text, Type.Null()]),
          mediaUrls: Type.Optional(Type.Array(Text)),
        }),
      ),
      meta: Type.Unknown(),
      stats: Type.Optional(
        Type.Object({ durationMs: Type.Optional(Type.Number()), tokensIn: Type.Integer(), tokensOut: Type.Integer() }),
      ),
      delivery: Type.Optional(Type.Object({ status: Text, queueId: Type.Optional(Text), error: Type.Optional(Text) })),
    }),
  ),
  error: Type.Optional(ErrorShape),
});
/** `timeout`: it has not ended, or nobody knows it. */
export const AgentWaitShape = Type.Object({
  runId: Text,
  status: Text,
  startedAt: Type.Optional(Ms),
  endedAt: Type.Optional(Ms),
  error: Type.Optional(Text),
});
