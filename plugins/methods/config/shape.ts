import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Texts = Type.Array(Text);

const IssueShape = Type.Object({
  path: Text,
  message: Text,
  file: Type.Optional(Text),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  hint: Type.Optional(Text),
});
const Issues = Type.Array(IssueShape);

export const PlanShape = Type.Object({ hot: Texts, plugins: Texts, restart: Texts, none: Texts });

/** protocol.md §9.5; secrets are replaced everywhere in it. */
export const SnapshotShape = Type.Object({
  path: Text,
  exists: Type.Boolean(),
  raw: Type.Union([Text, Type.Null()]),
  parsed: Type.Unknown(),
  config: Type.Unknown(),
  valid: Type.Boolean(),
  hash: Text,
  issues: Issues,
  warnings: Issues,
  includes: Texts,
  legacyIssues: Issues,
});

const Written = { ok: Type.Literal(true), path: Text, config: Type.Unknown(), hash: Text, plan: PlanShape };

export const WrittenShape = Type.Object(Written);
/** Of a write that is followed by a restart. */
export const RestartingShape = Type.Object({
  ...Written,
  restart: Type.Object({
    ok: Type.Literal(true),
    pid: Type.Integer(),
    signal: Text,
    delayMs: Type.Integer(),
    reason: Text,
    mode: Text,
  }),
  sentinel: Type.Object({
    path: Text,
    payload: Type.Object({
      kind: Text,
      status: Text,
      ts: Type.Integer(),
      sessionKey: Type.Optional(Text),
      message: Type.Union([Text, Type.Null()]),
      doctorHint: Text,
      stats: Type.Unknown(),
    }),
  }),
});
export const ValidatedShape = Type.Object({ valid: Type.Boolean(), issues: Issues });
export const SchemaShape = Type.Object({
  schema: Type.Object({}),
  uiHints: Type.Object({}),
  version: Text,
  generatedAt: Text,
});
