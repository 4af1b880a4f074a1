import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Texts = Type.Array(Text);

/** What is not known of a plugin is left out. */
export const PluginStateShape = Type.Object({
  id: Text,
  name: Text,
  description: Type.Optional(Text),
  version: Type.Optional(Text),
  group: Text,
  origin: Text,
  source: Text,
  essential: Type.Boolean(),
  enabled: Type.Boolean(),
  state: Text,
  reason: Type.Optional(Text),
  error: Type.Optional(Text),
  activation: Text,
  generation: Type.Integer(),
  loadMs: Type.Optional(Type.Number()),
  contributes: Type.Record(Text, Texts),
  diagnostics: Texts,
  unsupported: Texts,
  faults: Type.Integer(),
});
export const PluginListShape = Type.Object({ plugins: Type.Array(PluginStateShape) });
export const PluginReloadedShape = Type.Object({
  id: Text,
  ok: Type.Boolean(),
  state: Text,
  durationMs: Type.Number(),
  error: Type.Optional(Text),
});
