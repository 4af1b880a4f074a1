import { readReply } from "openclaw/plugin-sdk";
import type { AssistantMessage, ReplyPayload } from "openclaw/plugin-sdk";
import { textOf } from "./growing-answer.ts";

/** What is said outside of an answer: its reasoning where that is on, then its text with what its tags ask for. */
export function payloadsOf({ content }: AssistantMessage, showsReasoning: boolean): ReplyPayload[] {
  const { text, mediaUrls, quote, asVoice } = readReply(textOf(content));
  const [mediaUrl] = mediaUrls;
  const isSilent = text.trim() === "" && mediaUrl === undefined;
  const thought = showsReasoning && !isSilent ? reasoningOf(content) : "";
  const reply: ReplyPayload = {
    text,
    ...(mediaUrl !== undefined && { mediaUrl }),
    ...(mediaUrls.length > 1 && { mediaUrls }),
    ...(quote && { quote }),
    ...(asVoice && { asVoice }),
  };
  return [...(thought === "" ? [] : [{ text: `Reasoning:\n${thought}` }]), ...(isSilent ? [] : [reply])];
}

function reasoningOf(content: AssistantMessage["content"]): string {
  return content
    .flatMap((block) => (block.type === "thinking" ? [block.thinking] : []))
    .join("\n\n")
    .trim();
}
