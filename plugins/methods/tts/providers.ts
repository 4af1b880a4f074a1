/** The three the established clients know (protocol-methods.json, `tts.setProvider`). */
export const PROVIDER_IDS = ["openai", "elevenlabs", "edge"] as const;
export type ProviderId = (typeof PROVIDER_IDS)[number];

export function isProviderId(value: unknown): value is ProviderId {
  return PROVIDER_IDS.some((id) => id === value);
}

/** `opus` for networks that show it as a voice message, `mp3` for everybody. */
export type AudioFormat = "mp3" | "opus";

/** `messages.tts.<provider>`. */
export interface ProviderConfig {
  readonly apiKey?: string;
  readonly baseUrl?: string;
  readonly model?: string;
  readonly modelId?: string;
  readonly voice?: string;
  readonly voiceId?: string;
}

export interface Speech {
  readonly text: string;
  readonly format: AudioFormat;
  readonly key: string;
  readonly config: ProviderConfig;
}

interface Provider {
  readonly name: string;
  readonly models: readonly string[];
  readonly voices?: readonly string[];
  /** Environment variables that hold the key. */
  readonly keys: readonly string[];
  /** Undefined: this gateway cannot speak through it. */
  readonly request: ((speech: Speech) => Request) | undefined;
}

export const PROVIDERS: Readonly<Record<ProviderId, Provider>> = {
  openai: {
    name: "OpenAI",
    models: ["gpt-4o-mini-tts", "tts-1", "tts-1-hd"],
    voices: ["alloy", "ash", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer"],
    keys: ["OPENAI_API_KEY"],
    request: ({ text, format, key, config }) =>
      new Request(`${config.baseUrl ?? "https://api.openai.com/v1"}/audio/speech`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({
          model: config.model ?? "gpt-4o-mini-tts",
          voice: config.voice ?? "alloy",
          input: text,
          response_format: format,
        }),
      }),
  },
  elevenlabs: {
    name: "ElevenLabs",
    models: ["eleven_multilingual_v2", "eleven_turbo_v2_5", "eleven_monolingual_v1"],
    keys: ["ELEVENLABS_API_KEY", "XI_API_KEY"],
    request: ({ text, format, key, config }) => {
      const voice = encodeURIComponent(config.voiceId ?? "pMsXgVXv3BLzUgSXRplE");
      const query = `output_format=${format === "opus" ? "opus_48000_64" : "mp3_44100_128"}`;
      return new Request(`${config.baseUrl ?? "https://api.elevenlabs.io"}/v1/text-to-speech/${voice}?${query}`, {
        method: "POST",
        headers: { "xi-api-key": key, "content-type": "application/json" },
        body: JSON.stringify({ text, model_id: config.modelId ?? "eleven_multilingual_v2" }),
      });
    },
  },
  edge: { name: "Edge TTS", models: [], keys: [], request: undefined },
};
