import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Texts = Type.Array(Text);
const NeedsShape = Type.Object({ bins: Texts, anyBins: Texts, env: Texts, config: Texts, os: Texts });

/** protocol.md §9.10. */
const SkillRowShape = Type.Object({
  name: Text,
  description: Text,
  source: Text,
  bundled: Type.Boolean(),
  filePath: Text,
  baseDir: Text,
  skillKey: Text,
  emoji: Type.Optional(Text),
  homepage: Type.Optional(Text),
  primaryEnv: Type.Optional(Text),
  always: Type.Boolean(),
  disabled: Type.Boolean(),
  blockedByAllowlist: Type.Boolean(),
  eligible: Type.Boolean(),
  requirements: NeedsShape,
  missing: NeedsShape,
  configChecks: Type.Array(
    Type.Object({ path: Text, value: Type.Optional(Type.Unknown()), satisfied: Type.Boolean() }),
  ),
  install: Type.Array(Type.Object({ id: Text, kind: Text, label: Text, bins: Texts })),
  problem: Type.Optional(Text),
});

export const SkillsStatusShape = Type.Object({
  workspaceDir: Text,
  managedSkillsDir: Text,
  skills: Type.Array(SkillRowShape),
});
/** Also the payload of a failure. */
export const SkillInstalledShape = Type.Object({
  ok: Type.Boolean(),
  message: Text,
  stdout: Text,
  stderr: Text,
  code: Type.Union([Type.Integer(), Type.Null()]),
});
export const SkillUpdatedShape = Type.Object({ ok: Type.Literal(true), skillKey: Text, config: Type.Unknown() });
