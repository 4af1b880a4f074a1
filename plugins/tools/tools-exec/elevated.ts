import { GatewayError } from "openclaw/plugin-sdk";
import type { Session, Settings, ToolTurn } from "openclaw/plugin-sdk";
import type { ExecPolicy } from "openclaw/plugin-sdk/exec";
import type { ExecParameters } from "./parameters.ts";

interface ElevatedKeys {
  readonly enabled?: boolean;
  readonly allowFrom?: Readonly<Record<string, readonly (string | number)[]>>;
}

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
  if (level !== "full") return policy;
  return { ...policy, security: security ?? "full", ask: ask ?? "off" };
}

/** The gates that keep whoever wrote this from what is elevated, by the keys that open them. */
export function closedGates(settings: Settings, turn: Pick<ToolTurn, "agentId" | "envelope">): string[] {
  const general = settings.get<ElevatedKeys>("tools.elevated") ?? {};
  const agents = settings.get<{ id: string; tools?: { elevated?: ElevatedKeys } }[]>("agents.list") ?? [];
  const own = agents.find(({ id }) => id === turn.agentId)?.tools?.elevated ?? {};
  return [
    ...(general.enabled === false ? ["tools.elevated.enabled"] : []),
    ...(isFrom(turn, general) ? [] : [`tools.elevated.allowFrom.${turn.envelope?.channel ?? "<channel>"}`]),
    ...(own.enabled === false ? [`tools.elevated.enabled of agent ${turn.agentId}`] : []),
    ...(own.allowFrom && !isFrom(turn, own) ? [`tools.elevated.allowFrom of agent ${turn.agentId}`] : []),
  ];
}

/** Stable ids only: names can be changed by whoever bears them. */
function isFrom({ envelope }: Pick<ToolTurn, "envelope">, { allowFrom = {} }: ElevatedKeys): boolean {
  if (!envelope) return false;
  const list = Object.hasOwn(allowFrom, envelope.channel) ? allowFrom[envelope.channel] : undefined;
  return list?.some((entry) => String(entry) === envelope.sender.id) === true;
}
