import type { TranscriptContext } from "openclaw/plugin-sdk";
import { tokensOf } from "./estimate.ts";

/**
 * Where a conversation is cut: the index of the first message that is kept, so that about `keepTokens` are. Never
 * between a tool call and its result. Nothing when there is nothing before such a place.
 */
export function cutIndex(entries: TranscriptContext["entries"], keepTokens: number): number | undefined {
  let kept = 0;
  let index = entries.length;
  while (index > 0 && kept < keepTokens)
    kept += tokensOf((entries[--index] as TranscriptContext["entries"][number]).message);
  // The message that begins what is kept must stand by itself.
  while (index > 0 && entries[index]?.message.role === "toolResult") index--;
  return index > 0 && index < entries.length ? index : undefined;
}
