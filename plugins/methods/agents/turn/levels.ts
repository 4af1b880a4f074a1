import type { Directives } from "../command/directives.ts";
import { thinkingDefault } from "./thinking-default.ts";
import type { ModelCandidate, Session, Settings, Work } from "openclaw/plugin-sdk";

/** What the run was asked with, else what the session or the configuration says (agent.md §8). */
export interface Levels {
  readonly thinking: (candidate: ModelCandidate) => string;
  readonly verbose: string;
  /** `off`, `on` or `stream`. */
  readonly reasoning: string;
}

export function levelsOf(
  { envelope }: Work,
  { entry, agentId }: Session,
  settings: Settings,
  said: Directives,
): Levels {
  const asked = { ...envelope.options, ...said };
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const thinking = text(asked["thinking"]) ?? entry.thinkingLevel ?? thinkingDefault(settings, agentId);
  return {
    thinking: ({ defaultThinking }) => thinking ?? defaultThinking,
    verbose:
      text(asked["verbose"]) ?? entry.verboseLevel ?? settings.get<string>("agents.defaults.verboseDefault") ?? "off",
    reasoning: text(asked["reasoning"]) ?? text(entry["reasoningLevel"]) ?? "off",
  };
}
