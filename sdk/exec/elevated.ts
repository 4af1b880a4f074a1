import type { Settings } from "../gateway.ts";
import type { ToolTurn } from "../services/agents.ts";

interface ElevatedKeys {
  readonly enabled?: boolean;
  readonly allowFrom?: Readonly<Record<string, readonly (string | number)[]>>;
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
  const isNamed = (id: string) => list?.some((entry) => String(entry) === id) === true;
  return [envelope.sender.id, ...(envelope.alsoFrom ?? [])].every(isNamed);
}
