import { GatewayError } from "openclaw/plugin-sdk";
import type { Session, SessionsApi, Settings, ToolTurn } from "openclaw/plugin-sdk";
import { isSandboxed, sandboxSettings } from "openclaw/plugin-sdk/workspace";

/** Which sessions a turn may see and write to. */
export interface Reach {
  includes(session: Session): boolean;
  /** The session that a key, an id or a label means. Throws for one that is out of reach just as for one that is not. */
  find(selector: {
    readonly sessionKey?: string;
    readonly label?: string;
    readonly agentId?: string;
  }): Promise<Session>;
}

interface AgentToAgent {
  readonly enabled?: boolean;
  readonly allow?: readonly string[];
}

/**
 * Sessions of the same agent; those of others where `tools.agentToAgent` allows both. In a group where not only owners
 * had a say, and in a sandbox, just the session itself and what it has started: what people told the agent in private
 * stays there, and nobody outside is made to do what a sandbox forbids.
 */
export function reachOf(turn: ToolTurn, sessions: SessionsApi, settings: Settings): Reach {
  const { agentId, sessionKey, isOwner, envelope } = turn;
  const isPublic = !isOwner && envelope !== undefined && envelope.chatType !== "direct";
  const isConfined =
    isSandboxed(settings, turn) && sandboxSettings(settings, agentId).sessionToolsVisibility === "spawned";
  const { enabled, allow = [] } = settings.get<AgentToAgent>("tools.agentToAgent") ?? {};
  const isListed = (id: string) => allow.includes("*") || allow.includes(id);
  const mayCross = (other: string) => enabled === true && isListed(agentId) && isListed(other);

  const includes = ({ key, agentId: other, entry }: Session): boolean => {
    if (key === sessionKey || entry["spawnedBy"] === sessionKey) return true;
    return !isPublic && !isConfined && (other === agentId || mayCross(other));
  };

  return {
    includes,
    async find({ sessionKey: given, label, agentId: ofAgent = agentId }) {
      if ((given === undefined) === (label === undefined))
        throw new GatewayError("INVALID_REQUEST", "give either sessionKey or label");
      const found = given === undefined ? await labelled(label as string, ofAgent) : await named(given);
      if (found && includes(found)) return found;
      const isForeign = found !== undefined && found.agentId !== agentId && !isPublic && !isConfined;
      throw new GatewayError(
        "INVALID_REQUEST",
        isForeign
          ? `sessions of agent "${found.agentId}" are out of reach; set tools.agentToAgent.enabled and list both agents in its allow`
          : `No session found: ${given ?? label}`,
      );
    },
  };

  async function named(given: string): Promise<Session | undefined> {
    return (await sessions.findById(given)) ?? sessions.get(sessions.parseKey(given).canonical);
  }

  async function labelled(label: string, ofAgent: string): Promise<Session | undefined> {
    return (await sessions.list({ agentId: ofAgent })).find(({ entry }) => entry.label === label);
  }
}
