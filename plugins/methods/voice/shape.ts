import { Type } from "openclaw/plugin-sdk";

/** protocol.md §10: answers and events are the same. */
export const TalkModeShape = Type.Object({
  enabled: Type.Boolean(),
  phase: Type.Union([Type.String(), Type.Null()]),
  ts: Type.Integer(),
});
export const TriggersShape = Type.Object({ triggers: Type.Array(Type.String()) });
