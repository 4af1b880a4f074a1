import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();

/** protocol.md §10. */
export const HeartbeatEventShape = Type.Object({
  ts: Type.Integer(),
  status: Text,
  to: Type.Optional(Text),
  preview: Type.Optional(Text),
  durationMs: Type.Optional(Type.Number()),
  hasMedia: Type.Optional(Type.Boolean()),
  reason: Type.Optional(Text),
  channel: Type.Optional(Text),
  accountId: Type.Optional(Text),
  silent: Type.Optional(Type.Boolean()),
  indicatorType: Type.Optional(Text),
});
export const LastHeartbeatShape = Type.Union([HeartbeatEventShape, Type.Null()]);
export const HeartbeatsSetShape = Type.Object({ ok: Type.Literal(true), enabled: Type.Boolean() });
/** False: there was nothing to tell. */
export const WokenShape = Type.Object({ ok: Type.Boolean() });
