import { join } from "node:path";
import { Agents, errorText, textResult, Type } from "openclaw/plugin-sdk";
import type { PluginGateway, ReplyPayload, Static } from "openclaw/plugin-sdk";
import { renderMarkdown } from "openclaw/plugin-sdk/markdown";
import { speak } from "./speak.ts";
import type { Spoken, Voice } from "./speak.ts";

/** Shorter is not worth a recording. */
const SHORTEST = 10;
const SPEECH_MS = 40_000;

const Parameters = Type.Object({
  text: Type.String({ minLength: 1, maxLength: 4_096, description: "what is to be said" }),
  channel: Type.Optional(Type.String({ description: "network it is for; decides the format" })),
});

export interface VoiceReplyParts {
  readonly gateway: PluginGateway;
  readonly longest: number;
  readonly formatFor: (channel: string) => "mp3" | "opus";
  /** The chosen one first. */
  readonly voices: () => Promise<readonly Voice[]>;
  readonly canSpeak: () => boolean;
  readonly auto: () => Promise<string>;
}

/**
 * Answers on networks get a recording of themselves: all of them where speech is `always`, with `inbound` those to voice
 * messages. The text stays. When nobody can speak it goes out alone. And the tool `tts`, for the agent to do it by itself.
 */
export function registerVoiceReplies({ gateway, longest, formatFor, voices, canSpeak, auto }: VoiceReplyParts): void {
  // Files may be sent from the media store.
  const folder = join(gateway.paths.stateDir, "media", "speech");
  const record = async (text: string, channel: string, signal: AbortSignal): Promise<Spoken> =>
    speak(text, formatFor(channel), await voices(), { folder, signal });

  const agents = gateway.hooks.of(Agents);
  agents.replyPayloads.tap(async (payloads, { envelope }) => {
    const { replyTo, media = [] } = envelope;
    if (!replyTo || !canSpeak()) return payloads;
    const mode = await auto();
    if (mode !== "always" && !(mode === "inbound" && media.some(({ kind }) => kind === "audio"))) return payloads;
    const signal = AbortSignal.any([gateway.signal, AbortSignal.timeout(SPEECH_MS)]);
    const told: ReplyPayload[] = [];
    for (const payload of payloads) {
      const text = spokenText(payload, longest);
      const spoken = text === undefined ? undefined : await record(text, replyTo.channel, signal).catch(complain);
      told.push(
        spoken ? { ...payload, mediaUrl: spoken.audioPath, ...(spoken.voiceCompatible && { asVoice: true }) } : payload,
      );
    }
    return told;
  });
  const complain = (error: unknown): undefined => {
    if (!gateway.signal.aborted) gateway.log.warn(`an answer could not be spoken: ${errorText(error)}`);
  };

  agents.tool.for("tts").tap(
    {
      label: "Speech",
      description: "Turn a text into a recording. Put the lines that it gives into your answer to send it.",
      parameters: Parameters,
      isAvailable: canSpeak,
    },
    async ({ arguments: given, signal, envelope }) => {
      // The arguments were checked against the schema before the tool is called.
      const { text, channel = envelope?.replyTo?.channel ?? "" } = given as Static<typeof Parameters>;
      const { audioPath, provider, voiceCompatible } = await record(text, channel, signal);
      const lines = [...(voiceCompatible ? ["[[audio_as_voice]]"] : []), `MEDIA:${audioPath}`];
      return textResult(lines.join("\n"), { audioPath, provider });
    },
  );
}

/** What is read out of a payload: nothing of those that are no speech. */
function spokenText({ text, mediaUrl, mediaUrls, format }: ReplyPayload, longest: number): string | undefined {
  if (mediaUrl !== undefined || mediaUrls !== undefined || format === "plain" || text.startsWith("Reasoning:\n"))
    return undefined;
  const words = renderMarkdown(text, "plain").trim();
  return words.length < SHORTEST || words.length > longest ? undefined : words;
}
