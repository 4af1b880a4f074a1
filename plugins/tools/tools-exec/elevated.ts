import { GatewayError } from "openclaw/plugin-sdk";
import type { Session, Settings, ToolTurn } from "openclaw/plugin-sdk";
import { closedGates } from "openclaw/plugin-sdk/exec";
import type { ExecPolicy } from "openclaw/plugin-sdk/exec";
import { isSandboxed } from "openclaw/plugin-sdk/workspace";
import type { ExecParameters } from "./parameters.ts";

/**
 * The policy of a call that asks to be elevated (agent.md §13.4). With the session's level `full` nobody is asked; any
 * other level keeps the rules. Throws, naming the gate, for who may not.
 */
export function elevation(
  settings: Settings,
  turn: ToolTurn,
  session: Session | undefined,
  { elevated, security, ask }: ExecParameters,
  policy: ExecPolicy,
): ExecPolicy {
  if (elevated !== true) return policy;
  const closed = closedGates(settings, turn);
  if (closed.length > 0)
    throw new GatewayError("INVALID_REQUEST", `elevated is not available here: ${closed.join(", ")} does not allow it`);
  const level = session?.entry["elevatedLevel"] ?? settings.get<string>("agents.defaults.elevatedDefault");
  if (level === "off" && isSandboxed(settings, turn))
    throw new GatewayError(
      "INVALID_REQUEST",
      "elevated is switched off for this session; an owner can say /elevated on",
    );
  if (level !== "full") return policy;
  return { ...policy, security: security ?? "full", ask: ask ?? "off" };
}
