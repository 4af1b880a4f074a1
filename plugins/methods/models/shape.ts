import { Type } from "openclaw/plugin-sdk";

export const ModelListShape = Type.Object({
  models: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      provider: Type.String(),
      contextWindow: Type.Optional(Type.Number()),
      reasoning: Type.Boolean(),
      input: Type.Array(Type.String()),
    }),
  ),
});

export const ModelProbeShape = Type.Object({
  probes: Type.Array(
    Type.Object({
      model: Type.String(),
      profileId: Type.Optional(Type.String()),
      ok: Type.Boolean(),
      ms: Type.Number(),
      reason: Type.Optional(Type.String()),
      error: Type.Optional(Type.String()),
    }),
  ),
});
