/** What a model can ask for with a tag in its text (channels.md §1.11). */
export interface Tagged {
  readonly text: string;
  readonly replyTo?: "current" | { readonly id: string };
  readonly asVoice: boolean;
}

const REPLY = /\[\[\s*reply_to(?:_current|:\s*([^\]\n]{1,200}?))\s*\]\]/gi;
const VOICE = /\[\[\s*audio_as_voice\s*\]\]/gi;

/** Takes the tags out of a text. */
export function readTags(text: string): Tagged {
  if (!text.includes("[[")) return { text, asVoice: false };
  let replyTo: Tagged["replyTo"];
  const withoutReply = text.replaceAll(REPLY, (_, id: string | undefined) => {
    replyTo ??= id === undefined ? "current" : { id };
    return "";
  });
  const bare = withoutReply.replaceAll(VOICE, "");
  return { text: bare.trim(), asVoice: bare !== withoutReply, ...(replyTo !== undefined && { replyTo }) };
}
