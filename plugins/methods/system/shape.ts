import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Ms = Type.Integer();
const Names = Type.Array(Text);

/** protocol.md §9.1. */
const PresenceEntryShape = Type.Object({
  host: Type.Optional(Text),
  ip: Type.Optional(Text),
  version: Type.Optional(Text),
  platform: Type.Optional(Text),
  deviceFamily: Type.Optional(Text),
  modelIdentifier: Type.Optional(Text),
  mode: Type.Optional(Text),
  lastInputSeconds: Type.Optional(Type.Number()),
  reason: Type.Optional(Text),
  tags: Type.Optional(Names),
  text: Type.Optional(Text),
  ts: Ms,
  deviceId: Type.Optional(Text),
  roles: Type.Optional(Names),
  scopes: Type.Optional(Names),
  instanceId: Type.Optional(Text),
});
export const PresenceListShape = Type.Array(PresenceEntryShape);
export const PresenceEventShape = Type.Object({ presence: PresenceListShape });

/** What plugins add to a report beside this is theirs. */
export const HealthShape = Type.Object({ ok: Type.Boolean(), ts: Ms, durationMs: Type.Integer() });
export const StatusShape = Type.Object({ channelSummary: Names, queuedSystemEvents: Names });
export const OkShape = Type.Object({ ok: Type.Literal(true) });
export const LogTailShape = Type.Object({
  file: Text,
  cursor: Type.Integer(),
  size: Type.Integer(),
  lines: Names,
  truncated: Type.Optional(Type.Boolean()),
  reset: Type.Optional(Type.Boolean()),
});
