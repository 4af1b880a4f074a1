import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();

export const TtsStatusShape = Type.Object({
  enabled: Type.Boolean(),
  auto: Text,
  provider: Text,
  fallbackProvider: Type.Union([Text, Type.Null()]),
  fallbackProviders: Type.Array(Text),
  prefsPath: Text,
  hasOpenAIKey: Type.Boolean(),
  hasElevenLabsKey: Type.Boolean(),
  edgeEnabled: Type.Boolean(),
});
export const TtsProvidersShape = Type.Object({
  providers: Type.Array(
    Type.Object({
      id: Text,
      name: Text,
      configured: Type.Boolean(),
      models: Type.Array(Text),
      voices: Type.Optional(Type.Array(Text)),
    }),
  ),
  active: Text,
});
export const TtsEnabledShape = Type.Object({ enabled: Type.Boolean() });
export const TtsChosenShape = Type.Object({ provider: Text });
export const TtsSpokenShape = Type.Object({
  audioPath: Text,
  provider: Text,
  outputFormat: Text,
  voiceCompatible: Type.Boolean(),
});
