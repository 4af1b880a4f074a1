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
