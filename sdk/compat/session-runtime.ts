import { join } from "node:path";
import { Sessions } from "../services/sessions.ts";
import type { SessionEntry } from "../services/sessions.ts";
import type { Established } from "./established.ts";
import { addressOf } from "./inbound-context.ts";
import { providedLater } from "./provided.ts";
import type { SessionRuntime } from "./runtime-contract.ts";

const REMEMBERED = 1_000;

/** `api.runtime.channel.session`. The store is a service of ours; the path is only a name for it. */
export function createSessionRuntime(plugin: Established): SessionRuntime {
  const { gateway, logger } = plugin;
  const sessions = gateway.use(Sessions);
  /** The contract wants an answer at once, our store gives one later: remember what was seen. */
  const updatedAt = new Map<string, number>();
  const remember = (key: string, at: number) => {
    updatedAt.delete(key);
    updatedAt.set(key, at);
    for (const oldest of updatedAt.keys()) {
      if (updatedAt.size <= REMEMBERED) break;
      updatedAt.delete(oldest);
    }
  };

  return {
    resolveStorePath: (_store, { agentId } = {}) =>
      join(sessions.directory(agentId ?? sessions.defaultAgentId()), "sessions.json"),
    readSessionUpdatedAt({ sessionKey }) {
      if (!updatedAt.has(sessionKey)) {
        plugin.detach("session lookup", async () => {
          const session = await providedLater(() => sessions.get(sessionKey));
          if (session && !updatedAt.has(sessionKey)) remember(sessionKey, session.entry.updatedAt);
        });
      }
      return updatedAt.get(sessionKey);
    },
    async recordInboundSession({ sessionKey, ctx, updateLastRoute, onRecordError }) {
      try {
        const { channel, accountId, to } = { ...addressOf(ctx), ...updateLastRoute };
        const { entry } = await sessions.update(sessionKey, () => ({
          channel,
          ...labels(ctx),
          ...(updateLastRoute && { lastChannel: channel, lastTo: to, lastAccountId: accountId }),
        }));
        remember(sessionKey, entry.updatedAt);
      } catch (error) {
        if (onRecordError) onRecordError(error);
        else logger.warn("session was not recorded", { err: error });
      }
    },
  };
}

function labels({
  ChatType,
  ConversationLabel,
}: Parameters<SessionRuntime["recordInboundSession"]>[0]["ctx"]): Partial<SessionEntry> {
  const known = ["direct", "group", "channel", "thread"] as const;
  const chatType = known.find((type) => type === ChatType);
  return { ...(chatType && { chatType }), ...(ConversationLabel && { displayName: ConversationLabel }) };
}
