import { Type } from "openclaw/plugin-sdk";

/** protocol.md §11: what `data` holds goes by the stream. */
export const RunEventShape = Type.Object({
  runId: Type.String(),
  sessionKey: Type.Optional(Type.String()),
  seq: Type.Integer(),
  ts: Type.Integer(),
  stream: Type.String(),
  data: Type.Unknown(),
});
