import { APPROVAL_DECISIONS, closed, oneOf, Type } from "openclaw/plugin-sdk";

const MaybeText = Type.Union([Type.String(), Type.Null()]);

/** `ExecApproval` of the SDK on the wire. */
export const ApprovalShape = closed({
  id: Type.String(),
  request: Type.Object({
    command: Type.String(),
    cwd: MaybeText,
    host: MaybeText,
    security: MaybeText,
    ask: MaybeText,
    agentId: MaybeText,
    resolvedPath: MaybeText,
    sessionKey: MaybeText,
    nodeId: Type.Optional(Type.String()),
  }),
  createdAtMs: Type.Integer(),
  expiresAtMs: Type.Integer(),
});

/** `ResolvedApproval` of the SDK on the wire. */
export const ResolvedShape = closed({
  id: Type.String(),
  decision: oneOf(APPROVAL_DECISIONS),
  resolvedBy: Type.Optional(Type.String()),
  ts: Type.Integer(),
});
