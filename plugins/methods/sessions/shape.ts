import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Done = { ok: Type.Literal(true), key: Text };

/** Of one session in a list (protocol.md §9.4); what is not known of it is left out. */
const RowShape = Type.Object({
  key: Text,
  kind: Text,
  label: Type.Optional(Text),
  displayName: Type.Optional(Text),
  channel: Type.Optional(Text),
  chatType: Type.Optional(Text),
  updatedAt: Type.Union([Type.Number(), Type.Null()]),
  sessionId: Type.Optional(Text),
  systemSent: Type.Optional(Type.Boolean()),
  abortedLastRun: Type.Optional(Type.Boolean()),
  thinkingLevel: Type.Optional(Text),
  verboseLevel: Type.Optional(Text),
  reasoningLevel: Type.Optional(Text),
  elevatedLevel: Type.Optional(Text),
  sendPolicy: Type.Optional(Text),
  derivedTitle: Type.Optional(Text),
  lastMessagePreview: Type.Optional(Text),
});

export const SessionListShape = Type.Object({
  ts: Type.Integer(),
  path: Text,
  count: Type.Integer(),
  sessions: Type.Array(RowShape),
});
export const PreviewShape = Type.Object({
  ts: Type.Integer(),
  previews: Type.Array(
    Type.Object({ key: Text, status: Text, items: Type.Array(Type.Object({ role: Text, text: Text })) }),
  ),
});
export const ResolvedShape = Type.Object(Done);
export const PatchedShape = Type.Object({ ...Done, path: Text, entry: Type.Unknown() });
export const ResetShape = Type.Object({ ...Done, entry: Type.Unknown() });
export const DeletedShape = Type.Object({ ...Done, deleted: Type.Boolean(), archived: Type.Array(Text) });
/** `kept`: of a cut by lines; `reason`: why nothing was done. */
export const CompactedShape = Type.Object({
  ...Done,
  compacted: Type.Boolean(),
  kept: Type.Optional(Type.Integer()),
  archived: Type.Optional(Text),
  reason: Type.Optional(Text),
  tokensBefore: Type.Optional(Type.Integer()),
  tokensAfter: Type.Optional(Type.Integer()),
});
export const CleanedUpShape = Type.Object({
  ok: Type.Literal(true),
  mode: Text,
  removed: Type.Object({ sessions: Type.Integer(), archives: Type.Integer(), orphans: Type.Integer() }),
  bytes: Type.Integer(),
});
export const ChangedShape = Type.Object({ keys: Type.Array(Text), reason: Text });
