import type { ModelCandidate, ToolTurn } from "openclaw/plugin-sdk";
import { Toolbox } from "../tools.ts";
import type { TurnParts } from "./turn-parts.ts";

/** The tools of a run, for the model that is asked: policies can depend on it, and so does the length of results. */
export function toolboxes(
  turn: ToolTurn,
  { gateway, agents, policy }: TurnParts,
): (candidate: ModelCandidate) => Toolbox {
  const made = new Map<string, Toolbox>();
  return ({ reference, provider, model }) => {
    const known = made.get(reference);
    if (known) return known;
    const about = { ...turn, provider, model: model.id };
    const tools = new Toolbox(about, { gateway, hooks: agents, policy }, model.contextWindow);
    made.set(reference, tools);
    return tools;
  };
}
