import { join } from "node:path";
import { definePlugin, GatewayError, Type } from "openclaw/plugin-sdk";
import { registerTts } from "./command.ts";
import { PreferencesFile } from "./preferences.ts";
import { isProviderId, PROVIDER_IDS, PROVIDERS } from "./providers.ts";
import type { ProviderConfig, ProviderId } from "./providers.ts";
import { speak } from "./speak.ts";
import type { Voice } from "./speak.ts";
import { registerVoiceReplies } from "./voice-reply.ts";
import { TtsChosenShape, TtsEnabledShape, TtsProvidersShape, TtsSpokenShape, TtsStatusShape } from "./shape.ts";

const MAX_TEXT = 4_096;
/** Networks that show Opus as a voice message. */
const VOICE_CHANNELS = new Set(["telegram", "whatsapp", "signal"]);

type TtsConfig = { readonly auto?: string; readonly provider?: string } & Partial<Record<ProviderId, ProviderConfig>>;

function formatFor(channel: string): "mp3" | "opus" {
  return VOICE_CHANNELS.has(channel.toLowerCase()) ? "opus" : "mp3";
}

export default definePlugin((gateway) => {
  const preferences = new PreferencesFile(join(gateway.paths.stateDir, "settings", "tts.json"), gateway.log);
  const config = () => gateway.settings.get<TtsConfig>("messages.tts") ?? {};

  const voice = (provider: ProviderId): Voice => {
    const own = config()[provider] ?? {};
    const key = own.apiKey ?? PROVIDERS[provider].keys.map((name) => process.env[name]).find((value) => value);
    return { provider, key, config: own };
  };
  const isConfigured = (provider: ProviderId) =>
    PROVIDERS[provider].request !== undefined && voice(provider).key !== undefined;
  const chosen = async (): Promise<ProviderId> => {
    const wanted = (await preferences.read()).provider ?? config().provider;
    return isProviderId(wanted) ? wanted : (PROVIDER_IDS.find(isConfigured) ?? "edge");
  };
  /** The chosen one first, the others after it; what the last of them lacks is what a user is told. */
  const order = (first: ProviderId) => [
    first,
    ...(["edge", "openai", "elevenlabs"] as const).filter((id) => id !== first),
  ];

  registerVoiceReplies({
    gateway,
    longest: MAX_TEXT,
    formatFor,
    voices: async () => order(await chosen()).map(voice),
    canSpeak: () => PROVIDER_IDS.some(isConfigured),
    auto: async () => (await preferences.read()).auto ?? config().auto ?? "off",
  });
  registerTts(gateway, {
    preferences,
    isConfigured,
    state: async () => ({
      auto: (await preferences.read()).auto ?? config().auto ?? "off",
      provider: await chosen(),
    }),
  });
  gateway.method({
    name: "tts.status",
    scope: "operator.read",
    params: Type.Object({}),
    result: TtsStatusShape,
    async handle() {
      const auto = (await preferences.read()).auto ?? config().auto ?? "off";
      const provider = await chosen();
      const fallbackProviders = order(provider).slice(1).filter(isConfigured);
      return {
        enabled: auto !== "off",
        auto,
        provider,
        fallbackProvider: fallbackProviders[0] ?? null,
        fallbackProviders,
        prefsPath: preferences.path,
        hasOpenAIKey: isConfigured("openai"),
        hasElevenLabsKey: isConfigured("elevenlabs"),
        edgeEnabled: isConfigured("edge"),
      };
    },
  });
  gateway.method({
    name: "tts.providers",
    scope: "operator.read",
    params: Type.Object({}),
    result: TtsProvidersShape,
    handle: async () => ({
      providers: PROVIDER_IDS.map((id) => {
        const { name, models, voices } = PROVIDERS[id];
        return { id, name, configured: isConfigured(id), models, ...(voices && { voices }) };
      }),
      active: await chosen(),
    }),
  });
  for (const [name, auto] of [
    ["tts.enable", "always"],
    ["tts.disable", "off"],
  ] as const) {
    gateway.method({
      name,
      scope: "operator.write",
      params: Type.Object({}),
      result: TtsEnabledShape,
      async handle() {
        await preferences.change({ auto });
        return { enabled: auto !== "off" };
      },
    });
  }
  gateway.method({
    name: "tts.setProvider",
    scope: "operator.write",
    params: Type.Object({ provider: Type.Optional(Type.Unknown()) }),
    result: TtsChosenShape,
    async handle({ provider }) {
      if (!isProviderId(provider))
        throw new GatewayError("INVALID_REQUEST", "Invalid provider. Use openai, elevenlabs, or edge.");
      await preferences.change({ provider });
      return { provider };
    },
  });
  gateway.method({
    name: "tts.convert",
    scope: "operator.write",
    params: Type.Object({ text: Type.Optional(Type.Unknown()), channel: Type.Optional(Type.String()) }),
    timeoutMs: 100_000,
    result: TtsSpokenShape,
    async handle({ text: given, channel = "" }, { signal }) {
      const text = typeof given === "string" ? given.trim() : "";
      if (text === "") throw new GatewayError("INVALID_REQUEST", "tts.convert requires text");
      if (text.length > MAX_TEXT)
        throw new GatewayError("INVALID_REQUEST", `text is longer than ${MAX_TEXT} characters`);
      const format = formatFor(channel);
      const voices = order(await chosen()).map(voice);
      return speak(text, format, voices, { folder: gateway.paths.state(), signal }).catch((cause: unknown) => {
        throw new GatewayError("UNAVAILABLE", `TTS conversion failed: ${(cause as Error).message}`, { cause });
      });
    },
  });
});
