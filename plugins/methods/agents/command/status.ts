import type { CommandCall } from "openclaw/plugin-sdk";
import { thinkingDefault } from "../turn/thinking-default.ts";
import type { CommandParts } from "./parts.ts";

/** `/status`: what answers here, how full its window is, and how it is set. */
export async function status({ session }: CommandCall, { models, gateway }: CommandParts): Promise<string> {
  const { entry, key, agentId } = session;
  const { settings, version } = gateway;
  const candidates = await models.candidates({ agentId, session }).catch(() => []);
  const [current] = candidates;
  const level = (field: string, setting: string, fallback = "off") =>
    String(entry[field] ?? settings.get<string>(setting) ?? fallback);
  const used = entry.totalTokens ?? 0;
  const window = current?.model.contextWindow ?? entry.contextTokens ?? 0;
  const share = window > 0 ? ` (${Math.round((used / window) * 100)} %)` : "";
  const lines = [
    `OpenClaw ${version}`,
    `Agent: ${agentId}, session: ${key}`,
    `Model: ${current?.reference ?? `${models.primary(agentId)}, which cannot be asked`}${current?.profileId ? ` with ${current.profileId}` : ""}`,
    `Context: ${used} of ${window} tokens${share}, compacted ${Number(entry["compactionCount"] ?? 0)} times`,
    `Last turn: ${entry.inputTokens ?? 0} tokens in, ${entry.outputTokens ?? 0} out`,
    [
      `Thinking: ${String(entry.thinkingLevel ?? thinkingDefault(settings, agentId) ?? current?.defaultThinking ?? "off")}`,
      `verbose: ${level("verboseLevel", "agents.defaults.verboseDefault")}`,
      `reasoning: ${String(entry["reasoningLevel"] ?? "off")}`,
      `elevated: ${level("elevatedLevel", "agents.defaults.elevatedDefault")}`,
    ].join(", "),
  ];
  return lines.join("\n");
}
