import type { ToolTurn } from "openclaw/plugin-sdk";

/** Turns that sessions may begin in each other, one from the other, before a person has to say something. */
const MAX_SENDS = 5;
const MAX_SPAWNS = 20;

/** How many sessions one after the other have led to this turn, since a person, a job or a hook began. */
export function relaysOf({ envelope }: Pick<ToolTurn, "envelope">): number {
  const relays = envelope?.options?.["relays"];
  return typeof relays === "number" ? relays : 0;
}

/** Why this turn may not write to another session any more. Two that answer each other would never end. */
export function sendsEnded(turn: Pick<ToolTurn, "envelope">): string | undefined {
  if (relaysOf(turn) < MAX_SENDS) return undefined;
  return `sessions have written to each other ${MAX_SENDS} times in a row and nobody else has said anything; just answer`;
}

/** Why this turn may start no sub-agent any more. */
export function spawnsEnded(turn: Pick<ToolTurn, "envelope">): string | undefined {
  if (relaysOf(turn) < MAX_SPAWNS) return undefined;
  return `reports of sub-agents have led to new ones ${MAX_SPAWNS} times in a row; say what was found, and ask whether to go on`;
}
