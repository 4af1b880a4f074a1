import { hasScope, thinkingLevel, wordOf } from "openclaw/plugin-sdk";
import type { CommandCall, Settings } from "openclaw/plugin-sdk";
import { thinkingDefault } from "../turn/thinking-default.ts";
import type { CommandParts } from "./parts.ts";

/** `/think [level]`: the session's level, or what it is now. */
export async function think(
  { args, session }: CommandCall,
  { sessions, models, gateway }: CommandParts,
): Promise<string> {
  const [candidate] = await models.candidates({ agentId: session.agentId, session });
  const levels = candidate?.thinkingLevels ?? ["off"];
  const fallback = thinkingDefault(gateway.settings, session.agentId) ?? candidate?.defaultThinking ?? "off";
  if (args === "") {
    return `Thinking level: ${session.entry.thinkingLevel ?? fallback}. ${candidate?.reference} takes ${levels.join(", ")}.`;
  }
  const level = thinkingLevel(args, levels.includes("xhigh"));
  await sessions.update(session.key, () => ({ thinkingLevel: level }));
  if (level !== "off" && !levels.includes(level)) {
    return `Thinking level set to ${level}; ${candidate?.reference} takes ${levels.join(", ")}, so the next lower one is used.`;
  }
  return `Thinking level set to ${level}.`;
}

const FIELDS = {
  verbose: { field: "verboseLevel", title: "Verbose level", fallback: "agents.defaults.verboseDefault" },
  reasoning: { field: "reasoningLevel", title: "Reasoning", fallback: undefined },
  elevated: { field: "elevatedLevel", title: "Elevated mode", fallback: "agents.defaults.elevatedDefault" },
} as const;

/** `/verbose`, `/reasoning` and `/elevated`. */
export async function level(
  name: keyof typeof FIELDS,
  call: CommandCall,
  { sessions, gateway }: CommandParts,
): Promise<string> {
  const { args, session } = call;
  const { field, title, fallback } = FIELDS[name];
  const standing = fallback === undefined ? undefined : gateway.settings.get<string>(fallback);
  const current = session.entry[field];
  if (args === "") return `${title}: ${typeof current === "string" ? current : (standing ?? "off")}.`;
  const word = wordOf(field, args);
  if (name === "elevated" && word !== "off") {
    const closed = await closedToSender(call, gateway.settings);
    if (closed.length > 0) return `${title} is not for you here: ${closed.join(", ")} does not allow it.`;
  }
  await sessions.update(session.key, () => ({ [field]: word }));
  return `${title} set to ${word}.`;
}

/**
 * Why whoever wrote this may not have commands run without being asked: the level would hold for those who may, too.
 * Administrators set it in `sessions.patch` just the same.
 */
async function closedToSender({ session, work: { envelope } }: CommandCall, settings: Settings): Promise<string[]> {
  if (hasScope(envelope, "operator.admin")) return [];
  const { closedGates } = await import("openclaw/plugin-sdk/exec");
  return closedGates(settings, { agentId: session.agentId, envelope });
}
